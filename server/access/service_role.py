"""``simba.access.v1.RoleService``."""

from typing import Any

from server.access.convert import role_change, role_of, role_to_wire
from server.access.own_roles import Roles, permission_methods
from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from simba.access.v1 import role_service_pb2 as pb
from simba.access.v1.role_service_pb2_grpc import RoleServiceServicer

Context = Any


class RoleServicer(RoleServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, roles: Roles, pages: Pages) -> None:
        self._roles = roles
        self._pages = pages

    async def CreateRole(self, request: pb.CreateRoleRequest, context: Context) -> pb.CreateRoleResponse:
        """Makes a role."""
        made = await self._roles.create(role_of(request.role))
        return pb.CreateRoleResponse(role=role_to_wire(made))

    async def GetRole(self, request: pb.GetRoleRequest, context: Context) -> pb.GetRoleResponse:
        """One role."""
        found = await self._roles.get(parse_id("role_id", request.role_id))
        return pb.GetRoleResponse(role=role_to_wire(found))

    async def ListRoles(self, request: pb.ListRolesRequest, context: Context) -> pb.ListRolesResponse:
        """A page of roles."""
        bound = (request, current_caller().tenant_id)
        page = self._pages.page(request.page_size, request.page_token, bound_to=bound)
        after = None if page.after is None else (int(page.after[0]), page.after[1])
        found = await self._roles.page(after, page.limit, archived=request.show_archived)
        rows, token = page.cut(found, self._roles.place)
        return pb.ListRolesResponse(roles=map(role_to_wire, rows), next_page_token=token)

    async def UpdateRole(self, request: pb.UpdateRoleRequest, context: Context) -> pb.UpdateRoleResponse:
        """A changed role."""
        role_id = parse_id("role.role_id", request.role.role_id)
        change = role_change(request.role, request.update_mask)
        stored = await self._roles.update(role_id, request.role.etag, change)
        return pb.UpdateRoleResponse(role=role_to_wire(stored))

    async def ArchiveRole(self, request: pb.ArchiveRoleRequest, context: Context) -> pb.ArchiveRoleResponse:
        """An archived role."""
        stored = await self._roles.archive(parse_id("role_id", request.role_id), request.etag)
        return pb.ArchiveRoleResponse(role=role_to_wire(stored))

    async def ListPermissions(
        self, request: pb.ListPermissionsRequest, context: Context
    ) -> pb.ListPermissionsResponse:
        """Every permission."""
        return pb.ListPermissionsResponse(
            permissions=[
                pb.Permission(name=name, methods=methods) for name, methods in permission_methods().items()
            ]
        )
