"""Calls of `simba.devices.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._streams import AsyncStream, Stream
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import field_mask, new_request_id, present

from .. import methods
from ..google import api as google_api
from ..simba.common import v1 as common_v1
from ..simba.devices import v1 as devices_v1


class ConcentratorService:
    """Concentrators."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_concentrator(
        self,
        concentrator: devices_v1.Concentrator,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Makes a concentrator.

        Args:
            concentrator: The concentrator to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_CREATE_CONCENTRATOR,
                    devices_v1.CreateConcentratorRequest(concentrator=concentrator, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def get_concentrator(
        self,
        concentrator_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """One concentrator.

        Args:
            concentrator_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_GET_CONCENTRATOR,
                    devices_v1.GetConcentratorRequest(concentrator_id=concentrator_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def list_concentrators(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        serial_number: str = "",
        state: devices_v1.DeviceState = devices_v1.DeviceState(0),
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        place_id: str = "",
        grid_node_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Concentrator]:
        """The tenant's concentrators, oldest first; with last_seen_before those silent the longest
        first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
            serial_number: Only that with this serial number.
            state: Only those in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            last_seen_before: Only those last heard before this, or never.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            place_id: Only those at this place or below it.
            grid_node_id: Only those that cover this part of the network or one below it.
        """
        return Pages(
            self._transport,
            methods.CONCENTRATOR_SERVICE_LIST_CONCENTRATORS,
            devices_v1.ListConcentratorsRequest(
                page_size=page_size,
                page_token=page_token,
                show_archived=show_archived,
                serial_number=serial_number,
                state=state,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                place_id=place_id,
                grid_node_id=grid_node_id,
            ),
            lambda page: page.concentrators,
            rpc_timeout,
            rpc_metadata,
        )

    def update_concentrator(
        self,
        concentrator: devices_v1.Concentrator,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Changes a concentrator.

        Args:
            concentrator: The new values; `concentrator_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_UPDATE_CONCENTRATOR,
                    devices_v1.UpdateConcentratorRequest(
                        concentrator=concentrator, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def archive_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Archives a concentrator: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_ARCHIVE_CONCENTRATOR,
                    devices_v1.ArchiveConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def undelete_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Brings an archived concentrator back.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_UNDELETE_CONCENTRATOR,
                    devices_v1.UndeleteConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def suspend_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Suspends a concentrator: what it sends is kept, and it is told nothing.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_SUSPEND_CONCENTRATOR,
                    devices_v1.SuspendConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def resume_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Ends the suspension of a concentrator.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_RESUME_CONCENTRATOR,
                    devices_v1.ResumeConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def return_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Takes a concentrator out of use and back to the store.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_RETURN_CONCENTRATOR,
                    devices_v1.ReturnConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def retry_concentrator_provisioning(
        self,
        concentrator_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Begins the provisioning of a concentrator anew after it failed.

        Args:
            concentrator_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_RETRY_CONCENTRATOR_PROVISIONING,
                    devices_v1.RetryConcentratorProvisioningRequest(
                        concentrator_id=concentrator_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def get_concentrator_config_drift(
        self,
        concentrator_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetConcentratorConfigDriftResponse:
        """Where a concentrator's settings are not as desired.

        Args:
            concentrator_id: Which one.
        """
        return self._transport.unary(
            methods.CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CONFIG_DRIFT,
            devices_v1.GetConcentratorConfigDriftRequest(concentrator_id=concentrator_id),
            rpc_timeout,
            rpc_metadata,
        )

    def apply_concentrator_config_profile(
        self,
        config_profile_id: str,
        *,
        concentrator_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.Concentrator]:
        """Makes a profile's settings the desired ones of some concentrators; each keeps what the
        profile does not name.

        Args:
            config_profile_id: Which profile.
            concentrator_ids: To which concentrators.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.CONCENTRATOR_SERVICE_APPLY_CONCENTRATOR_CONFIG_PROFILE,
                devices_v1.ApplyConcentratorConfigProfileRequest(
                    config_profile_id=config_profile_id,
                    concentrator_ids=list(concentrator_ids),
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).concentrators

    def get_concentrator_clock_status(
        self,
        concentrator_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ClockStatus:
        """How far the clock of a concentrator is off.

        Args:
            concentrator_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CLOCK_STATUS,
                    devices_v1.GetConcentratorClockStatusRequest(concentrator_id=concentrator_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).clock_status,
            "clock_status",
        )


class AsyncConcentratorService:
    """Concentrators."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_concentrator(
        self,
        concentrator: devices_v1.Concentrator,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Makes a concentrator.

        Args:
            concentrator: The concentrator to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_CREATE_CONCENTRATOR,
                    devices_v1.CreateConcentratorRequest(concentrator=concentrator, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def get_concentrator(
        self,
        concentrator_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """One concentrator.

        Args:
            concentrator_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_GET_CONCENTRATOR,
                    devices_v1.GetConcentratorRequest(concentrator_id=concentrator_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    def list_concentrators(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        serial_number: str = "",
        state: devices_v1.DeviceState = devices_v1.DeviceState(0),
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        place_id: str = "",
        grid_node_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Concentrator]:
        """The tenant's concentrators, oldest first; with last_seen_before those silent the longest
        first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
            serial_number: Only that with this serial number.
            state: Only those in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            last_seen_before: Only those last heard before this, or never.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            place_id: Only those at this place or below it.
            grid_node_id: Only those that cover this part of the network or one below it.
        """
        return AsyncPages(
            self._transport,
            methods.CONCENTRATOR_SERVICE_LIST_CONCENTRATORS,
            devices_v1.ListConcentratorsRequest(
                page_size=page_size,
                page_token=page_token,
                show_archived=show_archived,
                serial_number=serial_number,
                state=state,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                place_id=place_id,
                grid_node_id=grid_node_id,
            ),
            lambda page: page.concentrators,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_concentrator(
        self,
        concentrator: devices_v1.Concentrator,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Changes a concentrator.

        Args:
            concentrator: The new values; `concentrator_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_UPDATE_CONCENTRATOR,
                    devices_v1.UpdateConcentratorRequest(
                        concentrator=concentrator, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def archive_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Archives a concentrator: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_ARCHIVE_CONCENTRATOR,
                    devices_v1.ArchiveConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def undelete_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Brings an archived concentrator back.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_UNDELETE_CONCENTRATOR,
                    devices_v1.UndeleteConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def suspend_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Suspends a concentrator: what it sends is kept, and it is told nothing.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_SUSPEND_CONCENTRATOR,
                    devices_v1.SuspendConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def resume_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Ends the suspension of a concentrator.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_RESUME_CONCENTRATOR,
                    devices_v1.ResumeConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def return_concentrator(
        self,
        concentrator_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Takes a concentrator out of use and back to the store.

        Args:
            concentrator_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_RETURN_CONCENTRATOR,
                    devices_v1.ReturnConcentratorRequest(
                        concentrator_id=concentrator_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def retry_concentrator_provisioning(
        self,
        concentrator_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Concentrator:
        """Begins the provisioning of a concentrator anew after it failed.

        Args:
            concentrator_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_RETRY_CONCENTRATOR_PROVISIONING,
                    devices_v1.RetryConcentratorProvisioningRequest(
                        concentrator_id=concentrator_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).concentrator,
            "concentrator",
        )

    async def get_concentrator_config_drift(
        self,
        concentrator_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetConcentratorConfigDriftResponse:
        """Where a concentrator's settings are not as desired.

        Args:
            concentrator_id: Which one.
        """
        return await self._transport.unary(
            methods.CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CONFIG_DRIFT,
            devices_v1.GetConcentratorConfigDriftRequest(concentrator_id=concentrator_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def apply_concentrator_config_profile(
        self,
        config_profile_id: str,
        *,
        concentrator_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.Concentrator]:
        """Makes a profile's settings the desired ones of some concentrators; each keeps what the
        profile does not name.

        Args:
            config_profile_id: Which profile.
            concentrator_ids: To which concentrators.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.CONCENTRATOR_SERVICE_APPLY_CONCENTRATOR_CONFIG_PROFILE,
                devices_v1.ApplyConcentratorConfigProfileRequest(
                    config_profile_id=config_profile_id,
                    concentrator_ids=list(concentrator_ids),
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).concentrators

    async def get_concentrator_clock_status(
        self,
        concentrator_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ClockStatus:
        """How far the clock of a concentrator is off.

        Args:
            concentrator_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.CONCENTRATOR_SERVICE_GET_CONCENTRATOR_CLOCK_STATUS,
                    devices_v1.GetConcentratorClockStatusRequest(concentrator_id=concentrator_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).clock_status,
            "clock_status",
        )


class ConfigProfileService:
    """Configurations that many devices share. Apply one by `ApplyConfigProfile` of the devices'
    own service.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_config_profile(
        self,
        config_profile: devices_v1.ConfigProfile,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """Makes a configuration profile.

        Args:
            config_profile: The configuration profile to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_CREATE_CONFIG_PROFILE,
                    devices_v1.CreateConfigProfileRequest(
                        config_profile=config_profile, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )

    def get_config_profile(
        self,
        config_profile_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """One configuration profile.

        Args:
            config_profile_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_GET_CONFIG_PROFILE,
                    devices_v1.GetConfigProfileRequest(config_profile_id=config_profile_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )

    def list_config_profiles(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.ConfigProfile]:
        """The tenant's configuration profiles, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.CONFIG_PROFILE_SERVICE_LIST_CONFIG_PROFILES,
            devices_v1.ListConfigProfilesRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.config_profiles,
            rpc_timeout,
            rpc_metadata,
        )

    def update_config_profile(
        self,
        config_profile: devices_v1.ConfigProfile,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """Changes a configuration profile.

        Args:
            config_profile: The new values; `config_profile_id` says which one, `etag` (if
                given) what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_UPDATE_CONFIG_PROFILE,
                    devices_v1.UpdateConfigProfileRequest(
                        config_profile=config_profile,
                        update_mask=field_mask(update_mask),
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )

    def archive_config_profile(
        self,
        config_profile_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """Archives a configuration profile: it keeps its id and its history and takes no more
        changes. Never deleted.

        Args:
            config_profile_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_ARCHIVE_CONFIG_PROFILE,
                    devices_v1.ArchiveConfigProfileRequest(
                        config_profile_id=config_profile_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )


class AsyncConfigProfileService:
    """Configurations that many devices share. Apply one by `ApplyConfigProfile` of the devices'
    own service.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_config_profile(
        self,
        config_profile: devices_v1.ConfigProfile,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """Makes a configuration profile.

        Args:
            config_profile: The configuration profile to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_CREATE_CONFIG_PROFILE,
                    devices_v1.CreateConfigProfileRequest(
                        config_profile=config_profile, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )

    async def get_config_profile(
        self,
        config_profile_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """One configuration profile.

        Args:
            config_profile_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_GET_CONFIG_PROFILE,
                    devices_v1.GetConfigProfileRequest(config_profile_id=config_profile_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )

    def list_config_profiles(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.ConfigProfile]:
        """The tenant's configuration profiles, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.CONFIG_PROFILE_SERVICE_LIST_CONFIG_PROFILES,
            devices_v1.ListConfigProfilesRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.config_profiles,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_config_profile(
        self,
        config_profile: devices_v1.ConfigProfile,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """Changes a configuration profile.

        Args:
            config_profile: The new values; `config_profile_id` says which one, `etag` (if
                given) what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_UPDATE_CONFIG_PROFILE,
                    devices_v1.UpdateConfigProfileRequest(
                        config_profile=config_profile,
                        update_mask=field_mask(update_mask),
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )

    async def archive_config_profile(
        self,
        config_profile_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ConfigProfile:
        """Archives a configuration profile: it keeps its id and its history and takes no more
        changes. Never deleted.

        Args:
            config_profile_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.CONFIG_PROFILE_SERVICE_ARCHIVE_CONFIG_PROFILE,
                    devices_v1.ArchiveConfigProfileRequest(
                        config_profile_id=config_profile_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).config_profile,
            "config_profile",
        )


class DeviceBindingService:
    """What an adapter must know of a device to read its frames and to speak to it. For adapters."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_device_binding(
        self,
        dev_eui: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceBinding:
        """The binding of a device by its address in the field.

        Args:
            dev_eui: LoRaWAN DevEUI, 16 lower-case hex digits.
        """
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING,
                    devices_v1.GetDeviceBindingRequest(dev_eui=dev_eui),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_binding,
            "device_binding",
        )

    def batch_get_device_bindings(
        self,
        *,
        dev_euis: Sequence[str] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchGetDeviceBindingsResponse:
        """The bindings of many devices at once, and their models once each. Addresses that nobody
        has are left out.

        Args:
            dev_euis: LoRaWAN DevEUIs, 16 lower-case hex digits each.
        """
        return self._transport.unary(
            methods.DEVICE_BINDING_SERVICE_BATCH_GET_DEVICE_BINDINGS,
            devices_v1.BatchGetDeviceBindingsRequest(dev_euis=list(dev_euis)),
            rpc_timeout,
            rpc_metadata,
        )

    def report_device_status(
        self,
        *,
        statuses: Sequence[devices_v1.DeviceStatus] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Tells what the adapter has heard of devices: last contact, battery, radio. Later news
        wins.

        Args:
            statuses: One for each device; unknown devices are passed over.
        """
        return (
            self._transport.unary(
                methods.DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS,
                devices_v1.ReportDeviceStatusRequest(statuses=list(statuses)),
                rpc_timeout,
                rpc_metadata,
            )
        ).known


class AsyncDeviceBindingService:
    """What an adapter must know of a device to read its frames and to speak to it. For adapters."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_device_binding(
        self,
        dev_eui: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceBinding:
        """The binding of a device by its address in the field.

        Args:
            dev_eui: LoRaWAN DevEUI, 16 lower-case hex digits.
        """
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_BINDING_SERVICE_GET_DEVICE_BINDING,
                    devices_v1.GetDeviceBindingRequest(dev_eui=dev_eui),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_binding,
            "device_binding",
        )

    async def batch_get_device_bindings(
        self,
        *,
        dev_euis: Sequence[str] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchGetDeviceBindingsResponse:
        """The bindings of many devices at once, and their models once each. Addresses that nobody
        has are left out.

        Args:
            dev_euis: LoRaWAN DevEUIs, 16 lower-case hex digits each.
        """
        return await self._transport.unary(
            methods.DEVICE_BINDING_SERVICE_BATCH_GET_DEVICE_BINDINGS,
            devices_v1.BatchGetDeviceBindingsRequest(dev_euis=list(dev_euis)),
            rpc_timeout,
            rpc_metadata,
        )

    async def report_device_status(
        self,
        *,
        statuses: Sequence[devices_v1.DeviceStatus] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Tells what the adapter has heard of devices: last contact, battery, radio. Later news
        wins.

        Args:
            statuses: One for each device; unknown devices are passed over.
        """
        return (
            await self._transport.unary(
                methods.DEVICE_BINDING_SERVICE_REPORT_DEVICE_STATUS,
                devices_v1.ReportDeviceStatusRequest(statuses=list(statuses)),
                rpc_timeout,
                rpc_metadata,
            )
        ).known


class DeviceModelService:
    """Types of devices: what they measure, how their frames are read, what they can be told.

    1. Create a model with its codec and channel templates, or import one of the library.

    2. Try the codec with `TestCodec` on frames of a real device.

    3. Create meters of the model; each gets a channel for every template.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Makes a device model.

        Args:
            device_model: The device model to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL,
                    devices_v1.CreateDeviceModelRequest(device_model=device_model, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def get_device_model(
        self,
        device_model_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """One device model.

        Args:
            device_model_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL,
                    devices_v1.GetDeviceModelRequest(device_model_id=device_model_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def list_device_models(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        show_archived: bool = False,
        manufacturer: str = "",
        adapter: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.DeviceModel]:
        """The tenant's device models, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            commodity: Only those of this commodity.
            show_archived: Whether archived ones are listed too.
            manufacturer: Only those of this maker.
            adapter: Only those of this adapter.
        """
        return Pages(
            self._transport,
            methods.DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS,
            devices_v1.ListDeviceModelsRequest(
                page_size=page_size,
                page_token=page_token,
                commodity=commodity,
                show_archived=show_archived,
                manufacturer=manufacturer,
                adapter=adapter,
            ),
            lambda page: page.device_models,
            rpc_timeout,
            rpc_metadata,
        )

    def update_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Changes a device model.

        Args:
            device_model: The new values; `device_model_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL,
                    devices_v1.UpdateDeviceModelRequest(
                        device_model=device_model, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def archive_device_model(
        self,
        device_model_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Archives a device model: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            device_model_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL,
                    devices_v1.ArchiveDeviceModelRequest(
                        device_model_id=device_model_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def undelete_device_model(
        self,
        device_model_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Brings an archived device model back.

        Args:
            device_model_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_UNDELETE_DEVICE_MODEL,
                    devices_v1.UndeleteDeviceModelRequest(
                        device_model_id=device_model_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def list_codec_versions(
        self,
        device_model_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.CodecVersion]:
        """The scripts that a model has had, newest first.

        Args:
            device_model_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.DEVICE_MODEL_SERVICE_LIST_CODEC_VERSIONS,
            devices_v1.ListCodecVersionsRequest(
                device_model_id=device_model_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.codec_versions,
            rpc_timeout,
            rpc_metadata,
        )

    def import_device_models(
        self,
        device_models: Sequence[devices_v1.DeviceModel],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.ImportedDeviceModel]:
        """Makes or changes models by manufacturer and model name, as files of a library bring
        them; a repeat changes nothing.

        Args:
            device_models: The models; ids and etags in them do not count. Each stands for
                itself: one that breaks a rule is refused alone.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.DEVICE_MODEL_SERVICE_IMPORT_DEVICE_MODELS,
                devices_v1.ImportDeviceModelsRequest(
                    device_models=list(device_models), validate_only=validate_only, request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).items

    def test_codec(
        self,
        *,
        device_model_id: str | None = None,
        device_model: devices_v1.DeviceModel | None = None,
        f_port: int = 0,
        payload: bytes = b"",
        receive_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.TestCodecResponse:
        """Runs a codec on one frame and shows what it gives and which readings it would become.
        Nothing is stored.

        Args:
            device_model_id: The codec and templates of a stored model.
            device_model: A model that is not stored yet.
            f_port: LoRaWAN FPort.
            payload: The frame's payload.
            receive_time: When the frame is taken to be received; absent means now.
        """
        return self._transport.unary(
            methods.DEVICE_MODEL_SERVICE_TEST_CODEC,
            devices_v1.TestCodecRequest(
                device_model_id=device_model_id,
                device_model=device_model,
                f_port=f_port,
                payload=payload,
                receive_time=receive_time,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncDeviceModelService:
    """Types of devices: what they measure, how their frames are read, what they can be told.

    1. Create a model with its codec and channel templates, or import one of the library.

    2. Try the codec with `TestCodec` on frames of a real device.

    3. Create meters of the model; each gets a channel for every template.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Makes a device model.

        Args:
            device_model: The device model to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_CREATE_DEVICE_MODEL,
                    devices_v1.CreateDeviceModelRequest(device_model=device_model, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    async def get_device_model(
        self,
        device_model_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """One device model.

        Args:
            device_model_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_GET_DEVICE_MODEL,
                    devices_v1.GetDeviceModelRequest(device_model_id=device_model_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def list_device_models(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        show_archived: bool = False,
        manufacturer: str = "",
        adapter: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.DeviceModel]:
        """The tenant's device models, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            commodity: Only those of this commodity.
            show_archived: Whether archived ones are listed too.
            manufacturer: Only those of this maker.
            adapter: Only those of this adapter.
        """
        return AsyncPages(
            self._transport,
            methods.DEVICE_MODEL_SERVICE_LIST_DEVICE_MODELS,
            devices_v1.ListDeviceModelsRequest(
                page_size=page_size,
                page_token=page_token,
                commodity=commodity,
                show_archived=show_archived,
                manufacturer=manufacturer,
                adapter=adapter,
            ),
            lambda page: page.device_models,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_device_model(
        self,
        device_model: devices_v1.DeviceModel,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Changes a device model.

        Args:
            device_model: The new values; `device_model_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_UPDATE_DEVICE_MODEL,
                    devices_v1.UpdateDeviceModelRequest(
                        device_model=device_model, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    async def archive_device_model(
        self,
        device_model_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Archives a device model: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            device_model_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_ARCHIVE_DEVICE_MODEL,
                    devices_v1.ArchiveDeviceModelRequest(
                        device_model_id=device_model_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    async def undelete_device_model(
        self,
        device_model_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceModel:
        """Brings an archived device model back.

        Args:
            device_model_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEVICE_MODEL_SERVICE_UNDELETE_DEVICE_MODEL,
                    devices_v1.UndeleteDeviceModelRequest(
                        device_model_id=device_model_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_model,
            "device_model",
        )

    def list_codec_versions(
        self,
        device_model_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.CodecVersion]:
        """The scripts that a model has had, newest first.

        Args:
            device_model_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.DEVICE_MODEL_SERVICE_LIST_CODEC_VERSIONS,
            devices_v1.ListCodecVersionsRequest(
                device_model_id=device_model_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.codec_versions,
            rpc_timeout,
            rpc_metadata,
        )

    async def import_device_models(
        self,
        device_models: Sequence[devices_v1.DeviceModel],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.ImportedDeviceModel]:
        """Makes or changes models by manufacturer and model name, as files of a library bring
        them; a repeat changes nothing.

        Args:
            device_models: The models; ids and etags in them do not count. Each stands for
                itself: one that breaks a rule is refused alone.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.DEVICE_MODEL_SERVICE_IMPORT_DEVICE_MODELS,
                devices_v1.ImportDeviceModelsRequest(
                    device_models=list(device_models), validate_only=validate_only, request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).items

    async def test_codec(
        self,
        *,
        device_model_id: str | None = None,
        device_model: devices_v1.DeviceModel | None = None,
        f_port: int = 0,
        payload: bytes = b"",
        receive_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.TestCodecResponse:
        """Runs a codec on one frame and shows what it gives and which readings it would become.
        Nothing is stored.

        Args:
            device_model_id: The codec and templates of a stored model.
            device_model: A model that is not stored yet.
            f_port: LoRaWAN FPort.
            payload: The frame's payload.
            receive_time: When the frame is taken to be received; absent means now.
        """
        return await self._transport.unary(
            methods.DEVICE_MODEL_SERVICE_TEST_CODEC,
            devices_v1.TestCodecRequest(
                device_model_id=device_model_id,
                device_model=device_model,
                f_port=f_port,
                payload=payload,
                receive_time=receive_time,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class GatewayService:
    """Radio gateways."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Makes a gateway.

        Args:
            gateway: The gateway to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_CREATE_GATEWAY,
                    devices_v1.CreateGatewayRequest(gateway=gateway, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def get_gateway(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """One gateway.

        Args:
            gateway_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_GET_GATEWAY,
                    devices_v1.GetGatewayRequest(gateway_id=gateway_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def list_gateways(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        gateway_eui: str = "",
        state: devices_v1.DeviceState = devices_v1.DeviceState(0),
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        place_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Gateway]:
        """The tenant's gateways, oldest first; with last_seen_before those silent the longest
        first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
            gateway_eui: Only that with this EUI.
            state: Only those in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            last_seen_before: Only those last heard before this, or never.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            place_id: Only those at this place or below it.
        """
        return Pages(
            self._transport,
            methods.GATEWAY_SERVICE_LIST_GATEWAYS,
            devices_v1.ListGatewaysRequest(
                page_size=page_size,
                page_token=page_token,
                show_archived=show_archived,
                gateway_eui=gateway_eui,
                state=state,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                place_id=place_id,
            ),
            lambda page: page.gateways,
            rpc_timeout,
            rpc_metadata,
        )

    def update_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Changes a gateway.

        Args:
            gateway: The new values; `gateway_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_UPDATE_GATEWAY,
                    devices_v1.UpdateGatewayRequest(
                        gateway=gateway, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def archive_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Archives a gateway: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_ARCHIVE_GATEWAY,
                    devices_v1.ArchiveGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def undelete_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Brings an archived gateway back.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_UNDELETE_GATEWAY,
                    devices_v1.UndeleteGatewayRequest(
                        gateway_id=gateway_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def suspend_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Suspends a gateway: what it sends is kept, and it is told nothing.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_SUSPEND_GATEWAY,
                    devices_v1.SuspendGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def resume_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Ends the suspension of a gateway.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_RESUME_GATEWAY,
                    devices_v1.ResumeGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def return_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Takes a gateway out of use and back to the store.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_RETURN_GATEWAY,
                    devices_v1.ReturnGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def retry_gateway_provisioning(
        self,
        gateway_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Begins the provisioning of a gateway anew after it failed.

        Args:
            gateway_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_RETRY_GATEWAY_PROVISIONING,
                    devices_v1.RetryGatewayProvisioningRequest(gateway_id=gateway_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def get_gateway_config_drift(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetGatewayConfigDriftResponse:
        """Where a gateway's settings are not as desired.

        Args:
            gateway_id: Which one.
        """
        return self._transport.unary(
            methods.GATEWAY_SERVICE_GET_GATEWAY_CONFIG_DRIFT,
            devices_v1.GetGatewayConfigDriftRequest(gateway_id=gateway_id),
            rpc_timeout,
            rpc_metadata,
        )

    def apply_gateway_config_profile(
        self,
        config_profile_id: str,
        *,
        gateway_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.Gateway]:
        """Makes a profile's settings the desired ones of some gateways; each keeps what the
        profile does not name.

        Args:
            config_profile_id: Which profile.
            gateway_ids: To which gateways.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.GATEWAY_SERVICE_APPLY_GATEWAY_CONFIG_PROFILE,
                devices_v1.ApplyGatewayConfigProfileRequest(
                    config_profile_id=config_profile_id, gateway_ids=list(gateway_ids), request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).gateways

    def get_gateway_clock_status(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ClockStatus:
        """How far the clock of a gateway is off.

        Args:
            gateway_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.GATEWAY_SERVICE_GET_GATEWAY_CLOCK_STATUS,
                    devices_v1.GetGatewayClockStatusRequest(gateway_id=gateway_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).clock_status,
            "clock_status",
        )


class AsyncGatewayService:
    """Radio gateways."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Makes a gateway.

        Args:
            gateway: The gateway to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_CREATE_GATEWAY,
                    devices_v1.CreateGatewayRequest(gateway=gateway, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def get_gateway(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """One gateway.

        Args:
            gateway_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_GET_GATEWAY,
                    devices_v1.GetGatewayRequest(gateway_id=gateway_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    def list_gateways(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        gateway_eui: str = "",
        state: devices_v1.DeviceState = devices_v1.DeviceState(0),
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        place_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Gateway]:
        """The tenant's gateways, oldest first; with last_seen_before those silent the longest
        first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
            gateway_eui: Only that with this EUI.
            state: Only those in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            last_seen_before: Only those last heard before this, or never.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            place_id: Only those at this place or below it.
        """
        return AsyncPages(
            self._transport,
            methods.GATEWAY_SERVICE_LIST_GATEWAYS,
            devices_v1.ListGatewaysRequest(
                page_size=page_size,
                page_token=page_token,
                show_archived=show_archived,
                gateway_eui=gateway_eui,
                state=state,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                place_id=place_id,
            ),
            lambda page: page.gateways,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_gateway(
        self,
        gateway: devices_v1.Gateway,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Changes a gateway.

        Args:
            gateway: The new values; `gateway_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_UPDATE_GATEWAY,
                    devices_v1.UpdateGatewayRequest(
                        gateway=gateway, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def archive_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Archives a gateway: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_ARCHIVE_GATEWAY,
                    devices_v1.ArchiveGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def undelete_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Brings an archived gateway back.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_UNDELETE_GATEWAY,
                    devices_v1.UndeleteGatewayRequest(
                        gateway_id=gateway_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def suspend_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Suspends a gateway: what it sends is kept, and it is told nothing.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_SUSPEND_GATEWAY,
                    devices_v1.SuspendGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def resume_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Ends the suspension of a gateway.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_RESUME_GATEWAY,
                    devices_v1.ResumeGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def return_gateway(
        self,
        gateway_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Takes a gateway out of use and back to the store.

        Args:
            gateway_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_RETURN_GATEWAY,
                    devices_v1.ReturnGatewayRequest(gateway_id=gateway_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def retry_gateway_provisioning(
        self,
        gateway_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Gateway:
        """Begins the provisioning of a gateway anew after it failed.

        Args:
            gateway_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_RETRY_GATEWAY_PROVISIONING,
                    devices_v1.RetryGatewayProvisioningRequest(gateway_id=gateway_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).gateway,
            "gateway",
        )

    async def get_gateway_config_drift(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetGatewayConfigDriftResponse:
        """Where a gateway's settings are not as desired.

        Args:
            gateway_id: Which one.
        """
        return await self._transport.unary(
            methods.GATEWAY_SERVICE_GET_GATEWAY_CONFIG_DRIFT,
            devices_v1.GetGatewayConfigDriftRequest(gateway_id=gateway_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def apply_gateway_config_profile(
        self,
        config_profile_id: str,
        *,
        gateway_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.Gateway]:
        """Makes a profile's settings the desired ones of some gateways; each keeps what the
        profile does not name.

        Args:
            config_profile_id: Which profile.
            gateway_ids: To which gateways.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.GATEWAY_SERVICE_APPLY_GATEWAY_CONFIG_PROFILE,
                devices_v1.ApplyGatewayConfigProfileRequest(
                    config_profile_id=config_profile_id, gateway_ids=list(gateway_ids), request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).gateways

    async def get_gateway_clock_status(
        self,
        gateway_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ClockStatus:
        """How far the clock of a gateway is off.

        Args:
            gateway_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.GATEWAY_SERVICE_GET_GATEWAY_CLOCK_STATUS,
                    devices_v1.GetGatewayClockStatusRequest(gateway_id=gateway_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).clock_status,
            "clock_status",
        )


class HierarchyService:
    """The trees of places and of the network."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_node(
        self,
        node: devices_v1.Node,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Makes a node.

        Args:
            node: The node to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_CREATE_NODE,
                    devices_v1.CreateNodeRequest(node=node, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def get_node(
        self,
        node_id: str,
        *,
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """One node.

        Args:
            node_id: Which one.
            as_of: The tree as it was then; absent: as it is.
        """
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_GET_NODE,
                    devices_v1.GetNodeRequest(node_id=node_id, as_of=as_of),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def list_nodes(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        hierarchy: devices_v1.Hierarchy = devices_v1.Hierarchy(0),
        parent_id: str = "",
        kind: str = "",
        code: str = "",
        show_archived: bool = False,
        under_id: str = "",
        as_of: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        roots_only: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Node]:
        """The tenant's nodes, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            hierarchy: Only nodes of this tree.
            parent_id: Only nodes right below this one.
            kind: Only nodes of this kind.
            code: Only the node with this code.
            show_archived: Whether archived ones are listed too.
            under_id: Only this node and those below it, at whatever depth.
            as_of: The trees as they were then; absent: as they are.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            roots_only: Only nodes without a parent.
        """
        return Pages(
            self._transport,
            methods.HIERARCHY_SERVICE_LIST_NODES,
            devices_v1.ListNodesRequest(
                page_size=page_size,
                page_token=page_token,
                hierarchy=hierarchy,
                parent_id=parent_id,
                kind=kind,
                code=code,
                show_archived=show_archived,
                under_id=under_id,
                as_of=as_of,
                external_id=external_id,
                tag=tag,
                roots_only=roots_only,
            ),
            lambda page: page.nodes,
            rpc_timeout,
            rpc_metadata,
        )

    def update_node(
        self,
        node: devices_v1.Node,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Changes a node.

        Args:
            node: The new values; `node_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_UPDATE_NODE,
                    devices_v1.UpdateNodeRequest(
                        node=node, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def archive_node(
        self,
        node_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Archives a node: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            node_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_ARCHIVE_NODE,
                    devices_v1.ArchiveNodeRequest(node_id=node_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def undelete_node(
        self,
        node_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Brings an archived node back.

        Args:
            node_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_UNDELETE_NODE,
                    devices_v1.UndeleteNodeRequest(node_id=node_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def batch_create_nodes(
        self,
        nodes: Sequence[devices_v1.Node],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchCreateNodesResponse:
        """Makes up to 1,000 nodes at once. Each stands for itself: bad ones do not cost the good
        ones.

        Args:
            nodes: The nodes to make; a parent may stand before its children in the same call,
                by an id of the caller's.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return self._transport.unary(
            methods.HIERARCHY_SERVICE_BATCH_CREATE_NODES,
            devices_v1.BatchCreateNodesRequest(
                nodes=list(nodes), validate_only=validate_only, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def move_node(
        self,
        node_id: str,
        effective_from: datetime.datetime,
        *,
        parent_id: str = "",
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Puts a node, with all that hangs below it, under another one from an instant on. Nodes
        never form a circle, at no time.

        Args:
            node_id: Which one.
            parent_id: The node above from then on; empty: a root.
            effective_from: From when on.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.HIERARCHY_SERVICE_MOVE_NODE,
                    devices_v1.MoveNodeRequest(
                        node_id=node_id,
                        parent_id=parent_id,
                        effective_from=effective_from,
                        etag=etag,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def list_node_parents(
        self,
        node_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.NodeParent]:
        """Under which nodes a node has been, newest first.

        Args:
            node_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.HIERARCHY_SERVICE_LIST_NODE_PARENTS,
            devices_v1.ListNodeParentsRequest(node_id=node_id, page_size=page_size, page_token=page_token),
            lambda page: page.node_parents,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncHierarchyService:
    """The trees of places and of the network."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_node(
        self,
        node: devices_v1.Node,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Makes a node.

        Args:
            node: The node to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_CREATE_NODE,
                    devices_v1.CreateNodeRequest(node=node, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    async def get_node(
        self,
        node_id: str,
        *,
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """One node.

        Args:
            node_id: Which one.
            as_of: The tree as it was then; absent: as it is.
        """
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_GET_NODE,
                    devices_v1.GetNodeRequest(node_id=node_id, as_of=as_of),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def list_nodes(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        hierarchy: devices_v1.Hierarchy = devices_v1.Hierarchy(0),
        parent_id: str = "",
        kind: str = "",
        code: str = "",
        show_archived: bool = False,
        under_id: str = "",
        as_of: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        roots_only: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Node]:
        """The tenant's nodes, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            hierarchy: Only nodes of this tree.
            parent_id: Only nodes right below this one.
            kind: Only nodes of this kind.
            code: Only the node with this code.
            show_archived: Whether archived ones are listed too.
            under_id: Only this node and those below it, at whatever depth.
            as_of: The trees as they were then; absent: as they are.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            roots_only: Only nodes without a parent.
        """
        return AsyncPages(
            self._transport,
            methods.HIERARCHY_SERVICE_LIST_NODES,
            devices_v1.ListNodesRequest(
                page_size=page_size,
                page_token=page_token,
                hierarchy=hierarchy,
                parent_id=parent_id,
                kind=kind,
                code=code,
                show_archived=show_archived,
                under_id=under_id,
                as_of=as_of,
                external_id=external_id,
                tag=tag,
                roots_only=roots_only,
            ),
            lambda page: page.nodes,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_node(
        self,
        node: devices_v1.Node,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Changes a node.

        Args:
            node: The new values; `node_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_UPDATE_NODE,
                    devices_v1.UpdateNodeRequest(
                        node=node, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    async def archive_node(
        self,
        node_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Archives a node: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            node_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_ARCHIVE_NODE,
                    devices_v1.ArchiveNodeRequest(node_id=node_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    async def undelete_node(
        self,
        node_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Brings an archived node back.

        Args:
            node_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_UNDELETE_NODE,
                    devices_v1.UndeleteNodeRequest(node_id=node_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    async def batch_create_nodes(
        self,
        nodes: Sequence[devices_v1.Node],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchCreateNodesResponse:
        """Makes up to 1,000 nodes at once. Each stands for itself: bad ones do not cost the good
        ones.

        Args:
            nodes: The nodes to make; a parent may stand before its children in the same call,
                by an id of the caller's.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.HIERARCHY_SERVICE_BATCH_CREATE_NODES,
            devices_v1.BatchCreateNodesRequest(
                nodes=list(nodes), validate_only=validate_only, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def move_node(
        self,
        node_id: str,
        effective_from: datetime.datetime,
        *,
        parent_id: str = "",
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Node:
        """Puts a node, with all that hangs below it, under another one from an instant on. Nodes
        never form a circle, at no time.

        Args:
            node_id: Which one.
            parent_id: The node above from then on; empty: a root.
            effective_from: From when on.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.HIERARCHY_SERVICE_MOVE_NODE,
                    devices_v1.MoveNodeRequest(
                        node_id=node_id,
                        parent_id=parent_id,
                        effective_from=effective_from,
                        etag=etag,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).node,
            "node",
        )

    def list_node_parents(
        self,
        node_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.NodeParent]:
        """Under which nodes a node has been, newest first.

        Args:
            node_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.HIERARCHY_SERVICE_LIST_NODE_PARENTS,
            devices_v1.ListNodeParentsRequest(node_id=node_id, page_size=page_size, page_token=page_token),
            lambda page: page.node_parents,
            rpc_timeout,
            rpc_metadata,
        )


class InventoryService:
    """The inventory as files: both trees, usage points, meters, gateways and all the rest, in and
    out.

    A row names what it speaks of by a name of its own (external id, code, serial number), never
    by our ids alone, so that a file written here can be read there, and a file read twice
    changes nothing the second time.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_inventory_import(
        self,
        inventory_import: devices_v1.InventoryImport,
        *,
        content: bytes = b"",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryImport:
        """Imports a file of up to 16 MiB that comes with the request.

        Args:
            inventory_import: What it is.
            content: The content.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.INVENTORY_SERVICE_CREATE_INVENTORY_IMPORT,
                    devices_v1.CreateInventoryImportRequest(
                        inventory_import=inventory_import, content=content, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_import,
            "inventory_import",
        )

    def upload_inventory_import(
        self,
        requests: Iterator[devices_v1.UploadInventoryImportRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UploadInventoryImportResponse:
        """Imports a file of any size: the first message says what it is, the others bring its
        content in order.
        """
        return self._transport.stream_unary(
            methods.INVENTORY_SERVICE_UPLOAD_INVENTORY_IMPORT, requests, rpc_timeout, rpc_metadata
        )

    def get_inventory_import(
        self,
        inventory_import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryImport:
        """One import.

        Args:
            inventory_import_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.INVENTORY_SERVICE_GET_INVENTORY_IMPORT,
                    devices_v1.GetInventoryImportRequest(inventory_import_id=inventory_import_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_import,
            "inventory_import",
        )

    def list_inventory_imports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.InventoryImport]:
        """Imports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.INVENTORY_SERVICE_LIST_INVENTORY_IMPORTS,
            devices_v1.ListInventoryImportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.inventory_imports,
            rpc_timeout,
            rpc_metadata,
        )

    def list_inventory_import_errors(
        self,
        inventory_import_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.InventoryImportError]:
        """The rows that were refused, in the order of the file.

        Args:
            inventory_import_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.INVENTORY_SERVICE_LIST_INVENTORY_IMPORT_ERRORS,
            devices_v1.ListInventoryImportErrorsRequest(
                inventory_import_id=inventory_import_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.errors,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_inventory_import(
        self,
        inventory_import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[devices_v1.InventoryImport]:
        """Follows an import until it is over.

        Args:
            inventory_import_id: Which one.
        """
        return Stream(
            self._transport,
            methods.INVENTORY_SERVICE_WATCH_INVENTORY_IMPORT,
            devices_v1.WatchInventoryImportRequest(inventory_import_id=inventory_import_id),
            lambda said: [present(said.inventory_import, "inventory_import")],
            rpc_timeout,
            rpc_metadata,
        )

    def create_inventory_export(
        self,
        inventory_export: devices_v1.InventoryExport,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryExport:
        """Begins to write a file.

        Args:
            inventory_export: What it is to be.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.INVENTORY_SERVICE_CREATE_INVENTORY_EXPORT,
                    devices_v1.CreateInventoryExportRequest(
                        inventory_export=inventory_export, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_export,
            "inventory_export",
        )

    def get_inventory_export(
        self,
        inventory_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryExport:
        """One export.

        Args:
            inventory_export_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.INVENTORY_SERVICE_GET_INVENTORY_EXPORT,
                    devices_v1.GetInventoryExportRequest(inventory_export_id=inventory_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_export,
            "inventory_export",
        )

    def download_inventory_export(
        self,
        inventory_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[devices_v1.DownloadInventoryExportResponse]:
        """The file of an export that is done, piece by piece. Kept for a day.

        Args:
            inventory_export_id: Which one.
        """
        return Stream(
            self._transport,
            methods.INVENTORY_SERVICE_DOWNLOAD_INVENTORY_EXPORT,
            devices_v1.DownloadInventoryExportRequest(inventory_export_id=inventory_export_id),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    def get_inventory_export_file(
        self,
        inventory_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> google_api.HttpBody:
        """The file of an export that is done, in one piece of up to 64 MiB.

        Args:
            inventory_export_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.INVENTORY_SERVICE_GET_INVENTORY_EXPORT_FILE,
                    devices_v1.GetInventoryExportFileRequest(inventory_export_id=inventory_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).document,
            "document",
        )


class AsyncInventoryService:
    """The inventory as files: both trees, usage points, meters, gateways and all the rest, in and
    out.

    A row names what it speaks of by a name of its own (external id, code, serial number), never
    by our ids alone, so that a file written here can be read there, and a file read twice
    changes nothing the second time.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_inventory_import(
        self,
        inventory_import: devices_v1.InventoryImport,
        *,
        content: bytes = b"",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryImport:
        """Imports a file of up to 16 MiB that comes with the request.

        Args:
            inventory_import: What it is.
            content: The content.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.INVENTORY_SERVICE_CREATE_INVENTORY_IMPORT,
                    devices_v1.CreateInventoryImportRequest(
                        inventory_import=inventory_import, content=content, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_import,
            "inventory_import",
        )

    async def upload_inventory_import(
        self,
        requests: AsyncIterator[devices_v1.UploadInventoryImportRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UploadInventoryImportResponse:
        """Imports a file of any size: the first message says what it is, the others bring its
        content in order.
        """
        return await self._transport.stream_unary(
            methods.INVENTORY_SERVICE_UPLOAD_INVENTORY_IMPORT, requests, rpc_timeout, rpc_metadata
        )

    async def get_inventory_import(
        self,
        inventory_import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryImport:
        """One import.

        Args:
            inventory_import_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.INVENTORY_SERVICE_GET_INVENTORY_IMPORT,
                    devices_v1.GetInventoryImportRequest(inventory_import_id=inventory_import_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_import,
            "inventory_import",
        )

    def list_inventory_imports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.InventoryImport]:
        """Imports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.INVENTORY_SERVICE_LIST_INVENTORY_IMPORTS,
            devices_v1.ListInventoryImportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.inventory_imports,
            rpc_timeout,
            rpc_metadata,
        )

    def list_inventory_import_errors(
        self,
        inventory_import_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.InventoryImportError]:
        """The rows that were refused, in the order of the file.

        Args:
            inventory_import_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.INVENTORY_SERVICE_LIST_INVENTORY_IMPORT_ERRORS,
            devices_v1.ListInventoryImportErrorsRequest(
                inventory_import_id=inventory_import_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.errors,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_inventory_import(
        self,
        inventory_import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[devices_v1.InventoryImport]:
        """Follows an import until it is over.

        Args:
            inventory_import_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.INVENTORY_SERVICE_WATCH_INVENTORY_IMPORT,
            devices_v1.WatchInventoryImportRequest(inventory_import_id=inventory_import_id),
            lambda said: [present(said.inventory_import, "inventory_import")],
            rpc_timeout,
            rpc_metadata,
        )

    async def create_inventory_export(
        self,
        inventory_export: devices_v1.InventoryExport,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryExport:
        """Begins to write a file.

        Args:
            inventory_export: What it is to be.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.INVENTORY_SERVICE_CREATE_INVENTORY_EXPORT,
                    devices_v1.CreateInventoryExportRequest(
                        inventory_export=inventory_export, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_export,
            "inventory_export",
        )

    async def get_inventory_export(
        self,
        inventory_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InventoryExport:
        """One export.

        Args:
            inventory_export_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.INVENTORY_SERVICE_GET_INVENTORY_EXPORT,
                    devices_v1.GetInventoryExportRequest(inventory_export_id=inventory_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).inventory_export,
            "inventory_export",
        )

    def download_inventory_export(
        self,
        inventory_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[devices_v1.DownloadInventoryExportResponse]:
        """The file of an export that is done, piece by piece. Kept for a day.

        Args:
            inventory_export_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.INVENTORY_SERVICE_DOWNLOAD_INVENTORY_EXPORT,
            devices_v1.DownloadInventoryExportRequest(inventory_export_id=inventory_export_id),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    async def get_inventory_export_file(
        self,
        inventory_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> google_api.HttpBody:
        """The file of an export that is done, in one piece of up to 64 MiB.

        Args:
            inventory_export_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.INVENTORY_SERVICE_GET_INVENTORY_EXPORT_FILE,
                    devices_v1.GetInventoryExportFileRequest(inventory_export_id=inventory_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).document,
            "document",
        )


class MeterService:
    """Meters.

    1. Create a meter, alone or with others; with keys it is made known to the network server by
       itself.

    2. Install it at a usage point (`UsagePointService`).

    3. Exchange it by `ReplaceMeter`: the series of the usage point go on without a jump.

    4. Return or archive it. Nothing is deleted, and no number is given out twice.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_meter(
        self,
        meter: devices_v1.Meter,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Makes a meter. Its channels are given out here.

        Args:
            meter: The meter to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_CREATE_METER,
                    devices_v1.CreateMeterRequest(meter=meter, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def get_meter(
        self,
        meter_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """One meter.

        Args:
            meter_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_GET_METER,
                    devices_v1.GetMeterRequest(meter_id=meter_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def list_meters(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        device_model_id: str = "",
        state: devices_v1.MeterState = devices_v1.MeterState(0),
        show_archived: bool = False,
        dev_eui: str = "",
        serial_number: str = "",
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        place_id: str = "",
        grid_node_id: str = "",
        concentrator_id: str = "",
        batch: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Meter]:
        """The tenant's meters, oldest first; below a node, node by node; with last_seen_before
        those silent the longest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            device_model_id: Only meters of this model.
            state: Only meters in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            show_archived: Whether archived ones are listed too.
            dev_eui: Only the meter with this DevEUI.
            serial_number: Only meters with this serial number.
            last_seen_before: Only meters last heard before this, or never.
            external_id: Only the meter that this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            place_id: Only those installed at this place or below it, now.
            grid_node_id: Only those installed at this part of the network or below it, now.
            concentrator_id: Only those that this concentrator reads.
            batch: Only those of this delivery.
        """
        return Pages(
            self._transport,
            methods.METER_SERVICE_LIST_METERS,
            devices_v1.ListMetersRequest(
                page_size=page_size,
                page_token=page_token,
                device_model_id=device_model_id,
                state=state,
                show_archived=show_archived,
                dev_eui=dev_eui,
                serial_number=serial_number,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                place_id=place_id,
                grid_node_id=grid_node_id,
                concentrator_id=concentrator_id,
                batch=batch,
            ),
            lambda page: page.meters,
            rpc_timeout,
            rpc_metadata,
        )

    def update_meter(
        self,
        meter: devices_v1.Meter,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Changes a meter.

        Args:
            meter: The new values; `meter_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_UPDATE_METER,
                    devices_v1.UpdateMeterRequest(
                        meter=meter, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def archive_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Archives a meter: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_ARCHIVE_METER,
                    devices_v1.ArchiveMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def undelete_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Brings an archived meter back to the store, if its address is still free.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_UNDELETE_METER,
                    devices_v1.UndeleteMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def batch_create_meters(
        self,
        meters: Sequence[devices_v1.Meter],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchCreateMetersResponse:
        """Makes up to 1,000 meters at once. Each stands for itself: bad ones do not cost the good
        ones.

        Args:
            meters: The meters to make; each is checked by itself.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return self._transport.unary(
            methods.METER_SERVICE_BATCH_CREATE_METERS,
            devices_v1.BatchCreateMetersRequest(
                meters=list(meters), validate_only=validate_only, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def suspend_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Suspends a meter: what it sends is kept, and it is told nothing.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_SUSPEND_METER,
                    devices_v1.SuspendMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def resume_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Ends the suspension of a meter.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_RESUME_METER,
                    devices_v1.ResumeMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def return_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Takes a meter out of use and back to the store.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_RETURN_METER,
                    devices_v1.ReturnMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def retry_provisioning(
        self,
        meter_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Begins the provisioning of a meter anew after it failed.

        Args:
            meter_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_RETRY_PROVISIONING,
                    devices_v1.RetryProvisioningRequest(meter_id=meter_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def get_meter_config_drift(
        self,
        meter_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetMeterConfigDriftResponse:
        """Where a meter's settings are not as desired.

        Args:
            meter_id: Which one.
        """
        return self._transport.unary(
            methods.METER_SERVICE_GET_METER_CONFIG_DRIFT,
            devices_v1.GetMeterConfigDriftRequest(meter_id=meter_id),
            rpc_timeout,
            rpc_metadata,
        )

    def apply_meter_config_profile(
        self,
        config_profile_id: str,
        *,
        meter_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.Meter]:
        """Makes a profile's settings the desired ones of some meters; each keeps what the profile
        does not name.

        Args:
            config_profile_id: Which profile.
            meter_ids: To which meters.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.METER_SERVICE_APPLY_METER_CONFIG_PROFILE,
                devices_v1.ApplyMeterConfigProfileRequest(
                    config_profile_id=config_profile_id, meter_ids=list(meter_ids), request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).meters

    def replace_meter(
        self,
        meter_id: str,
        new_meter_id: str,
        remove_time: datetime.datetime,
        *,
        install_time: datetime.datetime | None = None,
        final_readings: Sequence[devices_v1.ExchangeReading] = (),
        initial_readings: Sequence[devices_v1.ExchangeReading] = (),
        channel_map: Sequence[devices_v1.ChannelMapping] = (),
        multiplier: str = "",
        reason: str = "",
        require_readings: bool = False,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ReplaceMeterResponse:
        """Puts another meter in a meter's place, in one step: final and initial readings, which
        channel goes on as which, the multiplier from then on. Refused as a whole if anything
        does not fit.

        Args:
            meter_id: The meter that is there now.
            new_meter_id: The one to put in its place.
            remove_time: When the old one was taken away.
            install_time: When the new one was put there; absent: in the same instant.
            final_readings: Last readings of the old meter. Those of all its registers are
                expected; while one is missing the exchange is provisional.
            initial_readings: First readings of the new meter, in the same way.
            channel_map: Which channel goes on as which; channels of the same code go on as each
                other and need not be named.
            multiplier: What the new meter's values are multiplied by, a decimal above 0; empty:
                as the old one's.
            reason: Why, for people.
            require_readings: Refuses the exchange while a reading is missing, in place of
                making a provisional one.
            validate_only: Only says what would become of it; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return self._transport.unary(
            methods.METER_SERVICE_REPLACE_METER,
            devices_v1.ReplaceMeterRequest(
                meter_id=meter_id,
                new_meter_id=new_meter_id,
                remove_time=remove_time,
                install_time=install_time,
                final_readings=list(final_readings),
                initial_readings=list(initial_readings),
                channel_map=list(channel_map),
                multiplier=multiplier,
                reason=reason,
                require_readings=require_readings,
                validate_only=validate_only,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def complete_meter_exchange(
        self,
        meter_exchange_id: str,
        *,
        final_readings: Sequence[devices_v1.ExchangeReading] = (),
        initial_readings: Sequence[devices_v1.ExchangeReading] = (),
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.MeterExchange:
        """Brings readings of an exchange that were missing, or corrects them.

        Args:
            meter_exchange_id: Which one.
            final_readings: Readings of the old meter; those given take the place of those
                known.
            initial_readings: Readings of the new meter, in the same way.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_COMPLETE_METER_EXCHANGE,
                    devices_v1.CompleteMeterExchangeRequest(
                        meter_exchange_id=meter_exchange_id,
                        final_readings=list(final_readings),
                        initial_readings=list(initial_readings),
                        etag=etag,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter_exchange,
            "meter_exchange",
        )

    def get_meter_exchange(
        self,
        meter_exchange_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.MeterExchange:
        """One exchange.

        Args:
            meter_exchange_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.METER_SERVICE_GET_METER_EXCHANGE,
                    devices_v1.GetMeterExchangeRequest(meter_exchange_id=meter_exchange_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter_exchange,
            "meter_exchange",
        )

    def list_meter_exchanges(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        state: devices_v1.MeterExchangeState = devices_v1.MeterExchangeState(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.MeterExchange]:
        """Exchanges, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those at this usage point.
            meter_id: Only those in which this meter came or went.
            state: Only those in this state.
        """
        return Pages(
            self._transport,
            methods.METER_SERVICE_LIST_METER_EXCHANGES,
            devices_v1.ListMeterExchangesRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                state=state,
            ),
            lambda page: page.meter_exchanges,
            rpc_timeout,
            rpc_metadata,
        )

    def list_meter_history(
        self,
        meter_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.MeterHistoryEntry]:
        """What happened to a meter, newest first: installations, exchanges, states, changes.

        Args:
            meter_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.METER_SERVICE_LIST_METER_HISTORY,
            devices_v1.ListMeterHistoryRequest(meter_id=meter_id, page_size=page_size, page_token=page_token),
            lambda page: page.entries,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncMeterService:
    """Meters.

    1. Create a meter, alone or with others; with keys it is made known to the network server by
       itself.

    2. Install it at a usage point (`UsagePointService`).

    3. Exchange it by `ReplaceMeter`: the series of the usage point go on without a jump.

    4. Return or archive it. Nothing is deleted, and no number is given out twice.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_meter(
        self,
        meter: devices_v1.Meter,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Makes a meter. Its channels are given out here.

        Args:
            meter: The meter to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_CREATE_METER,
                    devices_v1.CreateMeterRequest(meter=meter, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def get_meter(
        self,
        meter_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """One meter.

        Args:
            meter_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_GET_METER,
                    devices_v1.GetMeterRequest(meter_id=meter_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    def list_meters(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        device_model_id: str = "",
        state: devices_v1.MeterState = devices_v1.MeterState(0),
        show_archived: bool = False,
        dev_eui: str = "",
        serial_number: str = "",
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        place_id: str = "",
        grid_node_id: str = "",
        concentrator_id: str = "",
        batch: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Meter]:
        """The tenant's meters, oldest first; below a node, node by node; with last_seen_before
        those silent the longest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            device_model_id: Only meters of this model.
            state: Only meters in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            show_archived: Whether archived ones are listed too.
            dev_eui: Only the meter with this DevEUI.
            serial_number: Only meters with this serial number.
            last_seen_before: Only meters last heard before this, or never.
            external_id: Only the meter that this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            place_id: Only those installed at this place or below it, now.
            grid_node_id: Only those installed at this part of the network or below it, now.
            concentrator_id: Only those that this concentrator reads.
            batch: Only those of this delivery.
        """
        return AsyncPages(
            self._transport,
            methods.METER_SERVICE_LIST_METERS,
            devices_v1.ListMetersRequest(
                page_size=page_size,
                page_token=page_token,
                device_model_id=device_model_id,
                state=state,
                show_archived=show_archived,
                dev_eui=dev_eui,
                serial_number=serial_number,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                place_id=place_id,
                grid_node_id=grid_node_id,
                concentrator_id=concentrator_id,
                batch=batch,
            ),
            lambda page: page.meters,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_meter(
        self,
        meter: devices_v1.Meter,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Changes a meter.

        Args:
            meter: The new values; `meter_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_UPDATE_METER,
                    devices_v1.UpdateMeterRequest(
                        meter=meter, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def archive_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Archives a meter: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_ARCHIVE_METER,
                    devices_v1.ArchiveMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def undelete_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Brings an archived meter back to the store, if its address is still free.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_UNDELETE_METER,
                    devices_v1.UndeleteMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def batch_create_meters(
        self,
        meters: Sequence[devices_v1.Meter],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchCreateMetersResponse:
        """Makes up to 1,000 meters at once. Each stands for itself: bad ones do not cost the good
        ones.

        Args:
            meters: The meters to make; each is checked by itself.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.METER_SERVICE_BATCH_CREATE_METERS,
            devices_v1.BatchCreateMetersRequest(
                meters=list(meters), validate_only=validate_only, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def suspend_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Suspends a meter: what it sends is kept, and it is told nothing.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_SUSPEND_METER,
                    devices_v1.SuspendMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def resume_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Ends the suspension of a meter.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_RESUME_METER,
                    devices_v1.ResumeMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def return_meter(
        self,
        meter_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Takes a meter out of use and back to the store.

        Args:
            meter_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_RETURN_METER,
                    devices_v1.ReturnMeterRequest(meter_id=meter_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def retry_provisioning(
        self,
        meter_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Meter:
        """Begins the provisioning of a meter anew after it failed.

        Args:
            meter_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_RETRY_PROVISIONING,
                    devices_v1.RetryProvisioningRequest(meter_id=meter_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter,
            "meter",
        )

    async def get_meter_config_drift(
        self,
        meter_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetMeterConfigDriftResponse:
        """Where a meter's settings are not as desired.

        Args:
            meter_id: Which one.
        """
        return await self._transport.unary(
            methods.METER_SERVICE_GET_METER_CONFIG_DRIFT,
            devices_v1.GetMeterConfigDriftRequest(meter_id=meter_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def apply_meter_config_profile(
        self,
        config_profile_id: str,
        *,
        meter_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.Meter]:
        """Makes a profile's settings the desired ones of some meters; each keeps what the profile
        does not name.

        Args:
            config_profile_id: Which profile.
            meter_ids: To which meters.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.METER_SERVICE_APPLY_METER_CONFIG_PROFILE,
                devices_v1.ApplyMeterConfigProfileRequest(
                    config_profile_id=config_profile_id, meter_ids=list(meter_ids), request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).meters

    async def replace_meter(
        self,
        meter_id: str,
        new_meter_id: str,
        remove_time: datetime.datetime,
        *,
        install_time: datetime.datetime | None = None,
        final_readings: Sequence[devices_v1.ExchangeReading] = (),
        initial_readings: Sequence[devices_v1.ExchangeReading] = (),
        channel_map: Sequence[devices_v1.ChannelMapping] = (),
        multiplier: str = "",
        reason: str = "",
        require_readings: bool = False,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ReplaceMeterResponse:
        """Puts another meter in a meter's place, in one step: final and initial readings, which
        channel goes on as which, the multiplier from then on. Refused as a whole if anything
        does not fit.

        Args:
            meter_id: The meter that is there now.
            new_meter_id: The one to put in its place.
            remove_time: When the old one was taken away.
            install_time: When the new one was put there; absent: in the same instant.
            final_readings: Last readings of the old meter. Those of all its registers are
                expected; while one is missing the exchange is provisional.
            initial_readings: First readings of the new meter, in the same way.
            channel_map: Which channel goes on as which; channels of the same code go on as each
                other and need not be named.
            multiplier: What the new meter's values are multiplied by, a decimal above 0; empty:
                as the old one's.
            reason: Why, for people.
            require_readings: Refuses the exchange while a reading is missing, in place of
                making a provisional one.
            validate_only: Only says what would become of it; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.METER_SERVICE_REPLACE_METER,
            devices_v1.ReplaceMeterRequest(
                meter_id=meter_id,
                new_meter_id=new_meter_id,
                remove_time=remove_time,
                install_time=install_time,
                final_readings=list(final_readings),
                initial_readings=list(initial_readings),
                channel_map=list(channel_map),
                multiplier=multiplier,
                reason=reason,
                require_readings=require_readings,
                validate_only=validate_only,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def complete_meter_exchange(
        self,
        meter_exchange_id: str,
        *,
        final_readings: Sequence[devices_v1.ExchangeReading] = (),
        initial_readings: Sequence[devices_v1.ExchangeReading] = (),
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.MeterExchange:
        """Brings readings of an exchange that were missing, or corrects them.

        Args:
            meter_exchange_id: Which one.
            final_readings: Readings of the old meter; those given take the place of those
                known.
            initial_readings: Readings of the new meter, in the same way.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_COMPLETE_METER_EXCHANGE,
                    devices_v1.CompleteMeterExchangeRequest(
                        meter_exchange_id=meter_exchange_id,
                        final_readings=list(final_readings),
                        initial_readings=list(initial_readings),
                        etag=etag,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter_exchange,
            "meter_exchange",
        )

    async def get_meter_exchange(
        self,
        meter_exchange_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.MeterExchange:
        """One exchange.

        Args:
            meter_exchange_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.METER_SERVICE_GET_METER_EXCHANGE,
                    devices_v1.GetMeterExchangeRequest(meter_exchange_id=meter_exchange_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).meter_exchange,
            "meter_exchange",
        )

    def list_meter_exchanges(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        state: devices_v1.MeterExchangeState = devices_v1.MeterExchangeState(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.MeterExchange]:
        """Exchanges, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those at this usage point.
            meter_id: Only those in which this meter came or went.
            state: Only those in this state.
        """
        return AsyncPages(
            self._transport,
            methods.METER_SERVICE_LIST_METER_EXCHANGES,
            devices_v1.ListMeterExchangesRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                state=state,
            ),
            lambda page: page.meter_exchanges,
            rpc_timeout,
            rpc_metadata,
        )

    def list_meter_history(
        self,
        meter_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.MeterHistoryEntry]:
        """What happened to a meter, newest first: installations, exchanges, states, changes.

        Args:
            meter_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.METER_SERVICE_LIST_METER_HISTORY,
            devices_v1.ListMeterHistoryRequest(meter_id=meter_id, page_size=page_size, page_token=page_token),
            lambda page: page.entries,
            rpc_timeout,
            rpc_metadata,
        )


class NetworkHealthService:
    """How the field is: who was heard when, how well, with which battery and which clock, and how
    much of what was expected came.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_device_health(
        self,
        device_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceHealth:
        """The health of one device.

        Args:
            device_id: Id of a meter, pulse module, gateway or concentrator.
        """
        return present(
            (
                self._transport.unary(
                    methods.NETWORK_HEALTH_SERVICE_GET_DEVICE_HEALTH,
                    devices_v1.GetDeviceHealthRequest(device_id=device_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_health,
            "device_health",
        )

    def list_device_health(
        self,
        kind: devices_v1.DeviceKind,
        *,
        page_size: int = 0,
        page_token: str = "",
        silent_since: datetime.datetime | None = None,
        battery_below: float | None = None,
        node_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.DeviceHealth]:
        """The health of many devices, those silent the longest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            kind: What they are; needed.
            silent_since: Only those not heard since then, or never.
            battery_below: Only those with less charge than this, per cent.
            node_id: Only those at this node of either tree or below it.
        """
        return Pages(
            self._transport,
            methods.NETWORK_HEALTH_SERVICE_LIST_DEVICE_HEALTH,
            devices_v1.ListDeviceHealthRequest(
                page_size=page_size,
                page_token=page_token,
                kind=kind,
                silent_since=silent_since,
                battery_below=battery_below,
                node_id=node_id,
            ),
            lambda page: page.device_health,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncNetworkHealthService:
    """How the field is: who was heard when, how well, with which battery and which clock, and how
    much of what was expected came.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_device_health(
        self,
        device_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.DeviceHealth:
        """The health of one device.

        Args:
            device_id: Id of a meter, pulse module, gateway or concentrator.
        """
        return present(
            (
                await self._transport.unary(
                    methods.NETWORK_HEALTH_SERVICE_GET_DEVICE_HEALTH,
                    devices_v1.GetDeviceHealthRequest(device_id=device_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).device_health,
            "device_health",
        )

    def list_device_health(
        self,
        kind: devices_v1.DeviceKind,
        *,
        page_size: int = 0,
        page_token: str = "",
        silent_since: datetime.datetime | None = None,
        battery_below: float | None = None,
        node_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.DeviceHealth]:
        """The health of many devices, those silent the longest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            kind: What they are; needed.
            silent_since: Only those not heard since then, or never.
            battery_below: Only those with less charge than this, per cent.
            node_id: Only those at this node of either tree or below it.
        """
        return AsyncPages(
            self._transport,
            methods.NETWORK_HEALTH_SERVICE_LIST_DEVICE_HEALTH,
            devices_v1.ListDeviceHealthRequest(
                page_size=page_size,
                page_token=page_token,
                kind=kind,
                silent_since=silent_since,
                battery_below=battery_below,
                node_id=node_id,
            ),
            lambda page: page.device_health,
            rpc_timeout,
            rpc_metadata,
        )


class ProvisioningService:
    """Devices in the network server: kept there as they are here.

    Creating, changing or archiving a managed device writes down what the network server must
    come to (a task) in the same transaction. The adapter takes the task from the bus, asks here
    what is to be done, does it step by step, each of which it may repeat, and reports. Whatever
    dies in between, the task is taken up again. A reconciler compares both sides and repairs
    what differs.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def take_provisioning_task(
        self,
        provisioning_task_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ProvisioningTask:
        """What is to be done for a device, its keys included. For adapters.

        Args:
            provisioning_task_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.PROVISIONING_SERVICE_TAKE_PROVISIONING_TASK,
                    devices_v1.TakeProvisioningTaskRequest(provisioning_task_id=provisioning_task_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).provisioning_task,
            "provisioning_task",
        )

    def report_provisioning(
        self,
        provisioning_task_id: str,
        *,
        generation: int = 0,
        state: devices_v1.ProvisioningState = devices_v1.ProvisioningState(0),
        step: str = "",
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        description: str = "",
        retriable: bool = False,
        network_ids: Mapping[str, str] = {},
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> bool:
        """Tells how far a task is. For adapters.

        Args:
            provisioning_task_id: Which one.
            generation: The generation that the report is about.
            state: How far: ACTIVE or REMOVED when all is done, FAILED, or PROVISIONING with the
                step reached.
            step: The step reached.
            reason: Why it failed.
            description: The same in words, those of the network server included.
            retriable: With FAILED: whether another try may succeed; it is then made by itself,
                later and later.
            network_ids: Names of things in the network server, for example `application_id`,
                `device_profile_id`.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.PROVISIONING_SERVICE_REPORT_PROVISIONING,
                devices_v1.ReportProvisioningRequest(
                    provisioning_task_id=provisioning_task_id,
                    generation=generation,
                    state=state,
                    step=step,
                    reason=reason,
                    description=description,
                    retriable=retriable,
                    network_ids=dict(network_ids),
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).applied

    def list_managed_devices(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        adapter: str = "",
        kind: devices_v1.DeviceKind = devices_v1.DeviceKind(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.ProvisioningTask]:
        """The devices that the adapter's network server should know, in pages. For adapters, to
        compare.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            adapter: The adapter.
            kind: Meters and pulse modules, or gateways.
        """
        return Pages(
            self._transport,
            methods.PROVISIONING_SERVICE_LIST_MANAGED_DEVICES,
            devices_v1.ListManagedDevicesRequest(
                page_size=page_size, page_token=page_token, adapter=adapter, kind=kind
            ),
            lambda page: page.devices,
            rpc_timeout,
            rpc_metadata,
        )

    def report_reconciliation(
        self,
        reconciliation_id: str,
        *,
        differences: Sequence[devices_v1.Difference] = (),
        compared: int = 0,
        state: common_v1.WorkState = common_v1.WorkState(0),
        error: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Reconciliation:
        """Tells what differs between here and the network server. For adapters.

        Args:
            reconciliation_id: Which one.
            differences: More differences.
            compared: Devices compared so far.
            state: How far it is.
            error: Why it failed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PROVISIONING_SERVICE_REPORT_RECONCILIATION,
                    devices_v1.ReportReconciliationRequest(
                        reconciliation_id=reconciliation_id,
                        differences=list(differences),
                        compared=compared,
                        state=state,
                        error=error,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reconciliation,
            "reconciliation",
        )

    def start_reconciliation(
        self,
        *,
        adapter: str = "",
        repair: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Reconciliation:
        """Compares here and the network server, and repairs if asked to.

        Args:
            adapter: The adapter whose network server is compared.
            repair: Whether differences are repaired.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PROVISIONING_SERVICE_START_RECONCILIATION,
                    devices_v1.StartReconciliationRequest(
                        adapter=adapter, repair=repair, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reconciliation,
            "reconciliation",
        )

    def get_reconciliation(
        self,
        reconciliation_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Reconciliation:
        """One comparison.

        Args:
            reconciliation_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.PROVISIONING_SERVICE_GET_RECONCILIATION,
                    devices_v1.GetReconciliationRequest(reconciliation_id=reconciliation_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reconciliation,
            "reconciliation",
        )

    def list_reconciliations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        adapter: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Reconciliation]:
        """Comparisons, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            adapter: Only those of this adapter.
        """
        return Pages(
            self._transport,
            methods.PROVISIONING_SERVICE_LIST_RECONCILIATIONS,
            devices_v1.ListReconciliationsRequest(
                page_size=page_size, page_token=page_token, adapter=adapter
            ),
            lambda page: page.reconciliations,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncProvisioningService:
    """Devices in the network server: kept there as they are here.

    Creating, changing or archiving a managed device writes down what the network server must
    come to (a task) in the same transaction. The adapter takes the task from the bus, asks here
    what is to be done, does it step by step, each of which it may repeat, and reports. Whatever
    dies in between, the task is taken up again. A reconciler compares both sides and repairs
    what differs.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def take_provisioning_task(
        self,
        provisioning_task_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ProvisioningTask:
        """What is to be done for a device, its keys included. For adapters.

        Args:
            provisioning_task_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.PROVISIONING_SERVICE_TAKE_PROVISIONING_TASK,
                    devices_v1.TakeProvisioningTaskRequest(provisioning_task_id=provisioning_task_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).provisioning_task,
            "provisioning_task",
        )

    async def report_provisioning(
        self,
        provisioning_task_id: str,
        *,
        generation: int = 0,
        state: devices_v1.ProvisioningState = devices_v1.ProvisioningState(0),
        step: str = "",
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        description: str = "",
        retriable: bool = False,
        network_ids: Mapping[str, str] = {},
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> bool:
        """Tells how far a task is. For adapters.

        Args:
            provisioning_task_id: Which one.
            generation: The generation that the report is about.
            state: How far: ACTIVE or REMOVED when all is done, FAILED, or PROVISIONING with the
                step reached.
            step: The step reached.
            reason: Why it failed.
            description: The same in words, those of the network server included.
            retriable: With FAILED: whether another try may succeed; it is then made by itself,
                later and later.
            network_ids: Names of things in the network server, for example `application_id`,
                `device_profile_id`.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.PROVISIONING_SERVICE_REPORT_PROVISIONING,
                devices_v1.ReportProvisioningRequest(
                    provisioning_task_id=provisioning_task_id,
                    generation=generation,
                    state=state,
                    step=step,
                    reason=reason,
                    description=description,
                    retriable=retriable,
                    network_ids=dict(network_ids),
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).applied

    def list_managed_devices(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        adapter: str = "",
        kind: devices_v1.DeviceKind = devices_v1.DeviceKind(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.ProvisioningTask]:
        """The devices that the adapter's network server should know, in pages. For adapters, to
        compare.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            adapter: The adapter.
            kind: Meters and pulse modules, or gateways.
        """
        return AsyncPages(
            self._transport,
            methods.PROVISIONING_SERVICE_LIST_MANAGED_DEVICES,
            devices_v1.ListManagedDevicesRequest(
                page_size=page_size, page_token=page_token, adapter=adapter, kind=kind
            ),
            lambda page: page.devices,
            rpc_timeout,
            rpc_metadata,
        )

    async def report_reconciliation(
        self,
        reconciliation_id: str,
        *,
        differences: Sequence[devices_v1.Difference] = (),
        compared: int = 0,
        state: common_v1.WorkState = common_v1.WorkState(0),
        error: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Reconciliation:
        """Tells what differs between here and the network server. For adapters.

        Args:
            reconciliation_id: Which one.
            differences: More differences.
            compared: Devices compared so far.
            state: How far it is.
            error: Why it failed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PROVISIONING_SERVICE_REPORT_RECONCILIATION,
                    devices_v1.ReportReconciliationRequest(
                        reconciliation_id=reconciliation_id,
                        differences=list(differences),
                        compared=compared,
                        state=state,
                        error=error,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reconciliation,
            "reconciliation",
        )

    async def start_reconciliation(
        self,
        *,
        adapter: str = "",
        repair: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Reconciliation:
        """Compares here and the network server, and repairs if asked to.

        Args:
            adapter: The adapter whose network server is compared.
            repair: Whether differences are repaired.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PROVISIONING_SERVICE_START_RECONCILIATION,
                    devices_v1.StartReconciliationRequest(
                        adapter=adapter, repair=repair, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reconciliation,
            "reconciliation",
        )

    async def get_reconciliation(
        self,
        reconciliation_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Reconciliation:
        """One comparison.

        Args:
            reconciliation_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.PROVISIONING_SERVICE_GET_RECONCILIATION,
                    devices_v1.GetReconciliationRequest(reconciliation_id=reconciliation_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reconciliation,
            "reconciliation",
        )

    def list_reconciliations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        adapter: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Reconciliation]:
        """Comparisons, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            adapter: Only those of this adapter.
        """
        return AsyncPages(
            self._transport,
            methods.PROVISIONING_SERVICE_LIST_RECONCILIATIONS,
            devices_v1.ListReconciliationsRequest(
                page_size=page_size, page_token=page_token, adapter=adapter
            ),
            lambda page: page.reconciliations,
            rpc_timeout,
            rpc_metadata,
        )


class PulseModuleService:
    """Pulse modules, and which of their inputs counts for which meter."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_pulse_module(
        self,
        pulse_module: devices_v1.PulseModule,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Makes a pulse module.

        Args:
            pulse_module: The pulse module to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_CREATE_PULSE_MODULE,
                    devices_v1.CreatePulseModuleRequest(pulse_module=pulse_module, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def get_pulse_module(
        self,
        pulse_module_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """One pulse module.

        Args:
            pulse_module_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_GET_PULSE_MODULE,
                    devices_v1.GetPulseModuleRequest(pulse_module_id=pulse_module_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def list_pulse_modules(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        device_model_id: str = "",
        state: devices_v1.DeviceState = devices_v1.DeviceState(0),
        show_archived: bool = False,
        dev_eui: str = "",
        serial_number: str = "",
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        meter_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.PulseModule]:
        """The tenant's pulse modules, oldest first; with last_seen_before those silent the longest
        first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            device_model_id: Only those of this model.
            state: Only those in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            show_archived: Whether archived ones are listed too.
            dev_eui: Only that with this DevEUI.
            serial_number: Only those with this serial number.
            last_seen_before: Only those last heard before this, or never.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            meter_id: Only those that count for this meter now.
        """
        return Pages(
            self._transport,
            methods.PULSE_MODULE_SERVICE_LIST_PULSE_MODULES,
            devices_v1.ListPulseModulesRequest(
                page_size=page_size,
                page_token=page_token,
                device_model_id=device_model_id,
                state=state,
                show_archived=show_archived,
                dev_eui=dev_eui,
                serial_number=serial_number,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                meter_id=meter_id,
            ),
            lambda page: page.pulse_modules,
            rpc_timeout,
            rpc_metadata,
        )

    def update_pulse_module(
        self,
        pulse_module: devices_v1.PulseModule,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Changes a pulse module.

        Args:
            pulse_module: The new values; `pulse_module_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_UPDATE_PULSE_MODULE,
                    devices_v1.UpdatePulseModuleRequest(
                        pulse_module=pulse_module, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def archive_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Archives a pulse module: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_ARCHIVE_PULSE_MODULE,
                    devices_v1.ArchivePulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def undelete_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Brings an archived pulse module back.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_UNDELETE_PULSE_MODULE,
                    devices_v1.UndeletePulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def suspend_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Suspends a pulse module: what it sends is kept, and it is told nothing.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_SUSPEND_PULSE_MODULE,
                    devices_v1.SuspendPulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def resume_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Ends the suspension of a pulse module.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_RESUME_PULSE_MODULE,
                    devices_v1.ResumePulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def return_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Takes a pulse module out of use and back to the store.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_RETURN_PULSE_MODULE,
                    devices_v1.ReturnPulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def retry_pulse_module_provisioning(
        self,
        pulse_module_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Begins the provisioning of a pulse module anew after it failed.

        Args:
            pulse_module_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_RETRY_PULSE_MODULE_PROVISIONING,
                    devices_v1.RetryPulseModuleProvisioningRequest(
                        pulse_module_id=pulse_module_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def get_pulse_module_config_drift(
        self,
        pulse_module_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetPulseModuleConfigDriftResponse:
        """Where a pulse module's settings are not as desired.

        Args:
            pulse_module_id: Which one.
        """
        return self._transport.unary(
            methods.PULSE_MODULE_SERVICE_GET_PULSE_MODULE_CONFIG_DRIFT,
            devices_v1.GetPulseModuleConfigDriftRequest(pulse_module_id=pulse_module_id),
            rpc_timeout,
            rpc_metadata,
        )

    def apply_pulse_module_config_profile(
        self,
        config_profile_id: str,
        *,
        pulse_module_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.PulseModule]:
        """Makes a profile's settings the desired ones of some pulse modules; each keeps what the
        profile does not name.

        Args:
            config_profile_id: Which profile.
            pulse_module_ids: To which pulse modules.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.PULSE_MODULE_SERVICE_APPLY_PULSE_MODULE_CONFIG_PROFILE,
                devices_v1.ApplyPulseModuleConfigProfileRequest(
                    config_profile_id=config_profile_id,
                    pulse_module_ids=list(pulse_module_ids),
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).pulse_modules

    def attach_channel(
        self,
        pulse_module_id: str,
        meter_id: str,
        effective_from: datetime.datetime,
        *,
        input: str = "",
        code: str = "",
        pulse_weight: str = "",
        initial_index: str = "",
        initial_count: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseAttachment:
        """Lets an input count for a register of a meter from an instant on. Both must be free
        then.

        Args:
            pulse_module_id: Which one.
            input: Code of the module's channel.
            meter_id: The meter.
            code: Code of the meter's register.
            pulse_weight: How much one pulse is worth, a decimal above 0 in the register's unit.
            initial_index: What the register showed at the start, a decimal in its unit; empty:
                0.
            initial_count: What the input's counter showed at the start, a whole number; empty:
                the first count that comes is the baseline.
            effective_from: From when on.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_ATTACH_CHANNEL,
                    devices_v1.AttachChannelRequest(
                        pulse_module_id=pulse_module_id,
                        input=input,
                        meter_id=meter_id,
                        code=code,
                        pulse_weight=pulse_weight,
                        initial_index=initial_index,
                        initial_count=initial_count,
                        effective_from=effective_from,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_attachment,
            "pulse_attachment",
        )

    def detach_channel(
        self,
        pulse_module_id: str,
        effective_to: datetime.datetime,
        *,
        input: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseAttachment:
        """Ends an attachment at an instant.

        Args:
            pulse_module_id: Which one.
            input: Code of the module's channel.
            effective_to: From when on it does not count any more.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_DETACH_CHANNEL,
                    devices_v1.DetachChannelRequest(
                        pulse_module_id=pulse_module_id,
                        input=input,
                        effective_to=effective_to,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_attachment,
            "pulse_attachment",
        )

    def set_pulse_weight(
        self,
        pulse_module_id: str,
        effective_from: datetime.datetime,
        *,
        input: str = "",
        pulse_weight: str = "",
        count: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseAttachment:
        """Changes what a pulse is worth from an instant on: ends an attachment and begins the
        next.

        Args:
            pulse_module_id: Which one.
            input: Code of the module's channel.
            pulse_weight: How much one pulse is worth, a decimal above 0 in the register's unit.
            effective_from: From when on.
            count: What the input's counter showed then, a whole number; empty: the last count
                before.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_SET_PULSE_WEIGHT,
                    devices_v1.SetPulseWeightRequest(
                        pulse_module_id=pulse_module_id,
                        input=input,
                        pulse_weight=pulse_weight,
                        effective_from=effective_from,
                        count=count,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_attachment,
            "pulse_attachment",
        )

    def list_attachments(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        pulse_module_id: str = "",
        meter_id: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.PulseAttachment]:
        """Which input counted for which meter when, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            pulse_module_id: Only those of this module.
            meter_id: Only those for this meter.
            as_of: Only those at this instant; absent: at any time.
        """
        return Pages(
            self._transport,
            methods.PULSE_MODULE_SERVICE_LIST_ATTACHMENTS,
            devices_v1.ListAttachmentsRequest(
                page_size=page_size,
                page_token=page_token,
                pulse_module_id=pulse_module_id,
                meter_id=meter_id,
                as_of=as_of,
            ),
            lambda page: page.pulse_attachments,
            rpc_timeout,
            rpc_metadata,
        )

    def replace_module(
        self,
        pulse_module_id: str,
        new_pulse_module_id: str,
        replace_time: datetime.datetime,
        *,
        counts: Sequence[devices_v1.InputCounts] = (),
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ReplaceModuleResponse:
        """Puts another module in a module's place: all attachments go on with the new one.

        Args:
            pulse_module_id: The module that is there now.
            new_pulse_module_id: The one to put in its place.
            replace_time: When.
            counts: Final counts of the old module's inputs and initial counts of the new one's.
            reason: Why, for people.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.PULSE_MODULE_SERVICE_REPLACE_MODULE,
            devices_v1.ReplaceModuleRequest(
                pulse_module_id=pulse_module_id,
                new_pulse_module_id=new_pulse_module_id,
                replace_time=replace_time,
                counts=list(counts),
                reason=reason,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncPulseModuleService:
    """Pulse modules, and which of their inputs counts for which meter."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_pulse_module(
        self,
        pulse_module: devices_v1.PulseModule,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Makes a pulse module.

        Args:
            pulse_module: The pulse module to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_CREATE_PULSE_MODULE,
                    devices_v1.CreatePulseModuleRequest(pulse_module=pulse_module, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def get_pulse_module(
        self,
        pulse_module_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """One pulse module.

        Args:
            pulse_module_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_GET_PULSE_MODULE,
                    devices_v1.GetPulseModuleRequest(pulse_module_id=pulse_module_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    def list_pulse_modules(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        device_model_id: str = "",
        state: devices_v1.DeviceState = devices_v1.DeviceState(0),
        show_archived: bool = False,
        dev_eui: str = "",
        serial_number: str = "",
        last_seen_before: datetime.datetime | None = None,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        meter_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.PulseModule]:
        """The tenant's pulse modules, oldest first; with last_seen_before those silent the longest
        first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            device_model_id: Only those of this model.
            state: Only those in this state. Archived ones are listed only when asked for by
                this or `show_archived`.
            show_archived: Whether archived ones are listed too.
            dev_eui: Only that with this DevEUI.
            serial_number: Only those with this serial number.
            last_seen_before: Only those last heard before this, or never.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            meter_id: Only those that count for this meter now.
        """
        return AsyncPages(
            self._transport,
            methods.PULSE_MODULE_SERVICE_LIST_PULSE_MODULES,
            devices_v1.ListPulseModulesRequest(
                page_size=page_size,
                page_token=page_token,
                device_model_id=device_model_id,
                state=state,
                show_archived=show_archived,
                dev_eui=dev_eui,
                serial_number=serial_number,
                last_seen_before=last_seen_before,
                external_id=external_id,
                tag=tag,
                meter_id=meter_id,
            ),
            lambda page: page.pulse_modules,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_pulse_module(
        self,
        pulse_module: devices_v1.PulseModule,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Changes a pulse module.

        Args:
            pulse_module: The new values; `pulse_module_id` says which one, `etag` (if given)
                what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_UPDATE_PULSE_MODULE,
                    devices_v1.UpdatePulseModuleRequest(
                        pulse_module=pulse_module, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def archive_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Archives a pulse module: it keeps its id and its history and takes no more changes.
        Never deleted.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_ARCHIVE_PULSE_MODULE,
                    devices_v1.ArchivePulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def undelete_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Brings an archived pulse module back.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_UNDELETE_PULSE_MODULE,
                    devices_v1.UndeletePulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def suspend_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Suspends a pulse module: what it sends is kept, and it is told nothing.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_SUSPEND_PULSE_MODULE,
                    devices_v1.SuspendPulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def resume_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Ends the suspension of a pulse module.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_RESUME_PULSE_MODULE,
                    devices_v1.ResumePulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def return_pulse_module(
        self,
        pulse_module_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Takes a pulse module out of use and back to the store.

        Args:
            pulse_module_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_RETURN_PULSE_MODULE,
                    devices_v1.ReturnPulseModuleRequest(
                        pulse_module_id=pulse_module_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def retry_pulse_module_provisioning(
        self,
        pulse_module_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseModule:
        """Begins the provisioning of a pulse module anew after it failed.

        Args:
            pulse_module_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_RETRY_PULSE_MODULE_PROVISIONING,
                    devices_v1.RetryPulseModuleProvisioningRequest(
                        pulse_module_id=pulse_module_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_module,
            "pulse_module",
        )

    async def get_pulse_module_config_drift(
        self,
        pulse_module_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.GetPulseModuleConfigDriftResponse:
        """Where a pulse module's settings are not as desired.

        Args:
            pulse_module_id: Which one.
        """
        return await self._transport.unary(
            methods.PULSE_MODULE_SERVICE_GET_PULSE_MODULE_CONFIG_DRIFT,
            devices_v1.GetPulseModuleConfigDriftRequest(pulse_module_id=pulse_module_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def apply_pulse_module_config_profile(
        self,
        config_profile_id: str,
        *,
        pulse_module_ids: Sequence[str] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[devices_v1.PulseModule]:
        """Makes a profile's settings the desired ones of some pulse modules; each keeps what the
        profile does not name.

        Args:
            config_profile_id: Which profile.
            pulse_module_ids: To which pulse modules.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.PULSE_MODULE_SERVICE_APPLY_PULSE_MODULE_CONFIG_PROFILE,
                devices_v1.ApplyPulseModuleConfigProfileRequest(
                    config_profile_id=config_profile_id,
                    pulse_module_ids=list(pulse_module_ids),
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).pulse_modules

    async def attach_channel(
        self,
        pulse_module_id: str,
        meter_id: str,
        effective_from: datetime.datetime,
        *,
        input: str = "",
        code: str = "",
        pulse_weight: str = "",
        initial_index: str = "",
        initial_count: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseAttachment:
        """Lets an input count for a register of a meter from an instant on. Both must be free
        then.

        Args:
            pulse_module_id: Which one.
            input: Code of the module's channel.
            meter_id: The meter.
            code: Code of the meter's register.
            pulse_weight: How much one pulse is worth, a decimal above 0 in the register's unit.
            initial_index: What the register showed at the start, a decimal in its unit; empty:
                0.
            initial_count: What the input's counter showed at the start, a whole number; empty:
                the first count that comes is the baseline.
            effective_from: From when on.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_ATTACH_CHANNEL,
                    devices_v1.AttachChannelRequest(
                        pulse_module_id=pulse_module_id,
                        input=input,
                        meter_id=meter_id,
                        code=code,
                        pulse_weight=pulse_weight,
                        initial_index=initial_index,
                        initial_count=initial_count,
                        effective_from=effective_from,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_attachment,
            "pulse_attachment",
        )

    async def detach_channel(
        self,
        pulse_module_id: str,
        effective_to: datetime.datetime,
        *,
        input: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseAttachment:
        """Ends an attachment at an instant.

        Args:
            pulse_module_id: Which one.
            input: Code of the module's channel.
            effective_to: From when on it does not count any more.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_DETACH_CHANNEL,
                    devices_v1.DetachChannelRequest(
                        pulse_module_id=pulse_module_id,
                        input=input,
                        effective_to=effective_to,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_attachment,
            "pulse_attachment",
        )

    async def set_pulse_weight(
        self,
        pulse_module_id: str,
        effective_from: datetime.datetime,
        *,
        input: str = "",
        pulse_weight: str = "",
        count: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.PulseAttachment:
        """Changes what a pulse is worth from an instant on: ends an attachment and begins the
        next.

        Args:
            pulse_module_id: Which one.
            input: Code of the module's channel.
            pulse_weight: How much one pulse is worth, a decimal above 0 in the register's unit.
            effective_from: From when on.
            count: What the input's counter showed then, a whole number; empty: the last count
                before.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PULSE_MODULE_SERVICE_SET_PULSE_WEIGHT,
                    devices_v1.SetPulseWeightRequest(
                        pulse_module_id=pulse_module_id,
                        input=input,
                        pulse_weight=pulse_weight,
                        effective_from=effective_from,
                        count=count,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).pulse_attachment,
            "pulse_attachment",
        )

    def list_attachments(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        pulse_module_id: str = "",
        meter_id: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.PulseAttachment]:
        """Which input counted for which meter when, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            pulse_module_id: Only those of this module.
            meter_id: Only those for this meter.
            as_of: Only those at this instant; absent: at any time.
        """
        return AsyncPages(
            self._transport,
            methods.PULSE_MODULE_SERVICE_LIST_ATTACHMENTS,
            devices_v1.ListAttachmentsRequest(
                page_size=page_size,
                page_token=page_token,
                pulse_module_id=pulse_module_id,
                meter_id=meter_id,
                as_of=as_of,
            ),
            lambda page: page.pulse_attachments,
            rpc_timeout,
            rpc_metadata,
        )

    async def replace_module(
        self,
        pulse_module_id: str,
        new_pulse_module_id: str,
        replace_time: datetime.datetime,
        *,
        counts: Sequence[devices_v1.InputCounts] = (),
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.ReplaceModuleResponse:
        """Puts another module in a module's place: all attachments go on with the new one.

        Args:
            pulse_module_id: The module that is there now.
            new_pulse_module_id: The one to put in its place.
            replace_time: When.
            counts: Final counts of the old module's inputs and initial counts of the new one's.
            reason: Why, for people.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.PULSE_MODULE_SERVICE_REPLACE_MODULE,
            devices_v1.ReplaceModuleRequest(
                pulse_module_id=pulse_module_id,
                new_pulse_module_id=new_pulse_module_id,
                replace_time=replace_time,
                counts=list(counts),
                reason=reason,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class UsagePointService:
    """Usage points and the meters installed at them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Makes a usage point.

        Args:
            usage_point: The usage point to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_CREATE_USAGE_POINT,
                    devices_v1.CreateUsagePointRequest(usage_point=usage_point, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def get_usage_point(
        self,
        usage_point_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """One usage point.

        Args:
            usage_point_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_GET_USAGE_POINT,
                    devices_v1.GetUsagePointRequest(usage_point_id=usage_point_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def list_usage_points(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        place_id: str = "",
        grid_node_id: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        code: str = "",
        show_archived: bool = False,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        as_of: datetime.datetime | None = None,
        phase: devices_v1.Phase = devices_v1.Phase(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.UsagePoint]:
        """The tenant's usage points, oldest first; below a node, node by node.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            place_id: Only those in this node of the place hierarchy or below it.
            grid_node_id: Only those fed by this node of the grid hierarchy or below it.
            commodity: Only those of this commodity.
            code: Only that with this code.
            show_archived: Whether archived ones are listed too.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            as_of: The trees as they were then; absent: as they are.
            phase: Only those that this phase feeds.
        """
        return Pages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_USAGE_POINTS,
            devices_v1.ListUsagePointsRequest(
                page_size=page_size,
                page_token=page_token,
                place_id=place_id,
                grid_node_id=grid_node_id,
                commodity=commodity,
                code=code,
                show_archived=show_archived,
                external_id=external_id,
                tag=tag,
                as_of=as_of,
                phase=phase,
            ),
            lambda page: page.usage_points,
            rpc_timeout,
            rpc_metadata,
        )

    def update_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Changes a usage point.

        Args:
            usage_point: The new values; `usage_point_id` says which one, `etag` (if given) what
                it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_UPDATE_USAGE_POINT,
                    devices_v1.UpdateUsagePointRequest(
                        usage_point=usage_point, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def archive_usage_point(
        self,
        usage_point_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Archives a usage point: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            usage_point_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT,
                    devices_v1.ArchiveUsagePointRequest(
                        usage_point_id=usage_point_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def undelete_usage_point(
        self,
        usage_point_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Brings an archived usage point back.

        Args:
            usage_point_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_UNDELETE_USAGE_POINT,
                    devices_v1.UndeleteUsagePointRequest(
                        usage_point_id=usage_point_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def batch_create_usage_points(
        self,
        usage_points: Sequence[devices_v1.UsagePoint],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchCreateUsagePointsResponse:
        """Makes up to 1,000 usage points at once. Each stands for itself: bad ones do not cost the
        good ones.

        Args:
            usage_points: The usage points to make.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return self._transport.unary(
            methods.USAGE_POINT_SERVICE_BATCH_CREATE_USAGE_POINTS,
            devices_v1.BatchCreateUsagePointsRequest(
                usage_points=list(usage_points), validate_only=validate_only, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def set_multiplier(
        self,
        usage_point_id: str,
        effective_from: datetime.datetime,
        *,
        multiplier: str = "",
        readings: Sequence[devices_v1.ExchangeReading] = (),
        current_ratio: str = "",
        voltage_ratio: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Installation:
        """Changes what the values of the installed meter are multiplied by, from an instant on.
        What was measured before stays multiplied as it was; an earlier instant derives the
        history since then anew.

        Args:
            usage_point_id: Where.
            multiplier: Current times voltage transformer ratio, a decimal above 0.
            effective_from: From when on.
            readings: What the meter's registers showed then. Without them the consumption
                across the instant is shared out by time.
            current_ratio: Current transformer ratio, for people, for example `200/5`.
            voltage_ratio: Voltage transformer ratio, for people, for example `10000/100`.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_SET_MULTIPLIER,
                    devices_v1.SetMultiplierRequest(
                        usage_point_id=usage_point_id,
                        multiplier=multiplier,
                        effective_from=effective_from,
                        readings=list(readings),
                        current_ratio=current_ratio,
                        voltage_ratio=voltage_ratio,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).installation,
            "installation",
        )

    def move_usage_point(
        self,
        usage_point_id: str,
        effective_from: datetime.datetime,
        *,
        place_id: str = "",
        grid_node_id: str = "",
        phases: Sequence[devices_v1.Phase] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Puts a usage point at another place, or at another part of the network, from an instant
        on.

        Args:
            usage_point_id: Which one.
            place_id: The node of the place hierarchy.
            grid_node_id: The node of the grid hierarchy.
            effective_from: From when on.
            phases: The phases that feed it from then on.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_MOVE_USAGE_POINT,
                    devices_v1.MoveUsagePointRequest(
                        usage_point_id=usage_point_id,
                        place_id=place_id,
                        grid_node_id=grid_node_id,
                        effective_from=effective_from,
                        phases=list(phases),
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def list_usage_point_positions(
        self,
        usage_point_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.UsagePointPosition]:
        """Where a usage point has been in both trees, newest first.

        Args:
            usage_point_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_USAGE_POINT_POSITIONS,
            devices_v1.ListUsagePointPositionsRequest(
                usage_point_id=usage_point_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.positions,
            rpc_timeout,
            rpc_metadata,
        )

    def install_meter(
        self,
        usage_point_id: str,
        meter_id: str,
        install_time: datetime.datetime,
        *,
        multiplier: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InstallMeterResponse:
        """Puts a meter at a usage point from an instant on. The meter and the usage point must
        both be free then.

        Args:
            usage_point_id: Where.
            meter_id: Which meter.
            install_time: From when on.
            multiplier: Current times voltage transformer ratio, a decimal above 0; empty means
                1.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.USAGE_POINT_SERVICE_INSTALL_METER,
            devices_v1.InstallMeterRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                install_time=install_time,
                multiplier=multiplier,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def remove_meter(
        self,
        usage_point_id: str,
        remove_time: datetime.datetime,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Installation:
        """Takes the meter away at an instant. Its readings up to then stay with the usage point.

        Args:
            usage_point_id: Where.
            remove_time: From when on it is gone.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.USAGE_POINT_SERVICE_REMOVE_METER,
                    devices_v1.RemoveMeterRequest(
                        usage_point_id=usage_point_id, remove_time=remove_time, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).installation,
            "installation",
        )

    def list_installations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[devices_v1.Installation]:
        """Which meters were where, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those at this usage point.
            meter_id: Only those of this meter.
            as_of: Only those at this instant; absent: at any time.
        """
        return Pages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_INSTALLATIONS,
            devices_v1.ListInstallationsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                as_of=as_of,
            ),
            lambda page: page.installations,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncUsagePointService:
    """Usage points and the meters installed at them."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Makes a usage point.

        Args:
            usage_point: The usage point to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_CREATE_USAGE_POINT,
                    devices_v1.CreateUsagePointRequest(usage_point=usage_point, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def get_usage_point(
        self,
        usage_point_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """One usage point.

        Args:
            usage_point_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_GET_USAGE_POINT,
                    devices_v1.GetUsagePointRequest(usage_point_id=usage_point_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def list_usage_points(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        place_id: str = "",
        grid_node_id: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        code: str = "",
        show_archived: bool = False,
        external_id: common_v1.ExternalId | None = None,
        tag: devices_v1.Tag | None = None,
        as_of: datetime.datetime | None = None,
        phase: devices_v1.Phase = devices_v1.Phase(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.UsagePoint]:
        """The tenant's usage points, oldest first; below a node, node by node.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            place_id: Only those in this node of the place hierarchy or below it.
            grid_node_id: Only those fed by this node of the grid hierarchy or below it.
            commodity: Only those of this commodity.
            code: Only that with this code.
            show_archived: Whether archived ones are listed too.
            external_id: Only that which this other system calls so.
            tag: Only those with this label; with an empty value, whatever it says.
            as_of: The trees as they were then; absent: as they are.
            phase: Only those that this phase feeds.
        """
        return AsyncPages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_USAGE_POINTS,
            devices_v1.ListUsagePointsRequest(
                page_size=page_size,
                page_token=page_token,
                place_id=place_id,
                grid_node_id=grid_node_id,
                commodity=commodity,
                code=code,
                show_archived=show_archived,
                external_id=external_id,
                tag=tag,
                as_of=as_of,
                phase=phase,
            ),
            lambda page: page.usage_points,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_usage_point(
        self,
        usage_point: devices_v1.UsagePoint,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Changes a usage point.

        Args:
            usage_point: The new values; `usage_point_id` says which one, `etag` (if given) what
                it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_UPDATE_USAGE_POINT,
                    devices_v1.UpdateUsagePointRequest(
                        usage_point=usage_point, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def archive_usage_point(
        self,
        usage_point_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Archives a usage point: it keeps its id and its history and takes no more changes. Never
        deleted.

        Args:
            usage_point_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_ARCHIVE_USAGE_POINT,
                    devices_v1.ArchiveUsagePointRequest(
                        usage_point_id=usage_point_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def undelete_usage_point(
        self,
        usage_point_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Brings an archived usage point back.

        Args:
            usage_point_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_UNDELETE_USAGE_POINT,
                    devices_v1.UndeleteUsagePointRequest(
                        usage_point_id=usage_point_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    async def batch_create_usage_points(
        self,
        usage_points: Sequence[devices_v1.UsagePoint],
        *,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.BatchCreateUsagePointsResponse:
        """Makes up to 1,000 usage points at once. Each stands for itself: bad ones do not cost the
        good ones.

        Args:
            usage_points: The usage points to make.
            validate_only: Only says what would become of each; nothing is stored.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.USAGE_POINT_SERVICE_BATCH_CREATE_USAGE_POINTS,
            devices_v1.BatchCreateUsagePointsRequest(
                usage_points=list(usage_points), validate_only=validate_only, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def set_multiplier(
        self,
        usage_point_id: str,
        effective_from: datetime.datetime,
        *,
        multiplier: str = "",
        readings: Sequence[devices_v1.ExchangeReading] = (),
        current_ratio: str = "",
        voltage_ratio: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Installation:
        """Changes what the values of the installed meter are multiplied by, from an instant on.
        What was measured before stays multiplied as it was; an earlier instant derives the
        history since then anew.

        Args:
            usage_point_id: Where.
            multiplier: Current times voltage transformer ratio, a decimal above 0.
            effective_from: From when on.
            readings: What the meter's registers showed then. Without them the consumption
                across the instant is shared out by time.
            current_ratio: Current transformer ratio, for people, for example `200/5`.
            voltage_ratio: Voltage transformer ratio, for people, for example `10000/100`.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_SET_MULTIPLIER,
                    devices_v1.SetMultiplierRequest(
                        usage_point_id=usage_point_id,
                        multiplier=multiplier,
                        effective_from=effective_from,
                        readings=list(readings),
                        current_ratio=current_ratio,
                        voltage_ratio=voltage_ratio,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).installation,
            "installation",
        )

    async def move_usage_point(
        self,
        usage_point_id: str,
        effective_from: datetime.datetime,
        *,
        place_id: str = "",
        grid_node_id: str = "",
        phases: Sequence[devices_v1.Phase] = (),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.UsagePoint:
        """Puts a usage point at another place, or at another part of the network, from an instant
        on.

        Args:
            usage_point_id: Which one.
            place_id: The node of the place hierarchy.
            grid_node_id: The node of the grid hierarchy.
            effective_from: From when on.
            phases: The phases that feed it from then on.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_MOVE_USAGE_POINT,
                    devices_v1.MoveUsagePointRequest(
                        usage_point_id=usage_point_id,
                        place_id=place_id,
                        grid_node_id=grid_node_id,
                        effective_from=effective_from,
                        phases=list(phases),
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).usage_point,
            "usage_point",
        )

    def list_usage_point_positions(
        self,
        usage_point_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.UsagePointPosition]:
        """Where a usage point has been in both trees, newest first.

        Args:
            usage_point_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_USAGE_POINT_POSITIONS,
            devices_v1.ListUsagePointPositionsRequest(
                usage_point_id=usage_point_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.positions,
            rpc_timeout,
            rpc_metadata,
        )

    async def install_meter(
        self,
        usage_point_id: str,
        meter_id: str,
        install_time: datetime.datetime,
        *,
        multiplier: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.InstallMeterResponse:
        """Puts a meter at a usage point from an instant on. The meter and the usage point must
        both be free then.

        Args:
            usage_point_id: Where.
            meter_id: Which meter.
            install_time: From when on.
            multiplier: Current times voltage transformer ratio, a decimal above 0; empty means
                1.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.USAGE_POINT_SERVICE_INSTALL_METER,
            devices_v1.InstallMeterRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                install_time=install_time,
                multiplier=multiplier,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def remove_meter(
        self,
        usage_point_id: str,
        remove_time: datetime.datetime,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> devices_v1.Installation:
        """Takes the meter away at an instant. Its readings up to then stay with the usage point.

        Args:
            usage_point_id: Where.
            remove_time: From when on it is gone.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.USAGE_POINT_SERVICE_REMOVE_METER,
                    devices_v1.RemoveMeterRequest(
                        usage_point_id=usage_point_id, remove_time=remove_time, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).installation,
            "installation",
        )

    def list_installations(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[devices_v1.Installation]:
        """Which meters were where, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those at this usage point.
            meter_id: Only those of this meter.
            as_of: Only those at this instant; absent: at any time.
        """
        return AsyncPages(
            self._transport,
            methods.USAGE_POINT_SERVICE_LIST_INSTALLATIONS,
            devices_v1.ListInstallationsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                as_of=as_of,
            ),
            lambda page: page.installations,
            rpc_timeout,
            rpc_metadata,
        )
