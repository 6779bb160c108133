"""``simba.devices.v1.ConfigProfileService``."""

from typing import Any

from server.devices.config_profiles import ConfigProfiles
from server.devices.convert_gateway import profile_of, wire_profile
from server.platform.changing import patched
from server.platform.ids import parse_id
from server.platform.paging import Pages
from simba.devices.v1 import config_profile_service_pb2 as pb
from simba.devices.v1 import config_profile_service_pb2_grpc as rpc

_UPDATABLE = {"display_name", "settings"}


class ConfigProfileServicer(rpc.ConfigProfileServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, profiles: ConfigProfiles, pages: Pages) -> None:
        self._profiles = profiles
        self._pages = pages

    async def CreateConfigProfile(
        self, request: pb.CreateConfigProfileRequest, context: Any
    ) -> pb.CreateConfigProfileResponse:
        """Makes one."""
        made = await self._profiles.create(profile_of(request.config_profile))
        return pb.CreateConfigProfileResponse(config_profile=wire_profile(made))

    async def GetConfigProfile(
        self, request: pb.GetConfigProfileRequest, context: Any
    ) -> pb.GetConfigProfileResponse:
        """One."""
        found = await self._profiles.get(parse_id("config_profile_id", request.config_profile_id))
        return pb.GetConfigProfileResponse(config_profile=wire_profile(found))

    async def ListConfigProfiles(
        self, request: pb.ListConfigProfilesRequest, context: Any
    ) -> pb.ListConfigProfilesResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._profiles.page(archived=request.show_archived, after=page.after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.config_profile_id,))
        return pb.ListConfigProfilesResponse(
            config_profiles=map(wire_profile, rows), next_page_token=following
        )

    async def UpdateConfigProfile(
        self, request: pb.UpdateConfigProfileRequest, context: Any
    ) -> pb.UpdateConfigProfileResponse:
        """Changes one."""
        patch, mask = request.config_profile, request.update_mask
        change = patched(
            "config_profile", patch, mask, _UPDATABLE, to_wire=wire_profile, from_wire=profile_of
        )
        profile_id = parse_id("config_profile.config_profile_id", patch.config_profile_id)
        changed = await self._profiles.update(profile_id, patch.etag, change)
        return pb.UpdateConfigProfileResponse(config_profile=wire_profile(changed))

    async def ArchiveConfigProfile(
        self, request: pb.ArchiveConfigProfileRequest, context: Any
    ) -> pb.ArchiveConfigProfileResponse:
        """Archives one."""
        profile_id = parse_id("config_profile_id", request.config_profile_id)
        archived = await self._profiles.archive(profile_id, request.etag)
        return pb.ArchiveConfigProfileResponse(config_profile=wire_profile(archived))
