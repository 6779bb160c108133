"""``simba.access.v1.PrincipalService``."""

from typing import Any

from server.access.api_keys import ApiKeys
from server.access.convert import (
    key_change,
    key_to_wire,
    principal_change,
    principal_of,
    principal_to_wire,
)
from server.access.principals import PrincipalFilter, Principals
from server.access.scopes import scope_of, scope_to_wire
from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant, stamp
from simba.access.v1 import principal_pb2
from simba.access.v1 import principal_service_pb2 as pb
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceServicer

Context = Any


class PrincipalServicer(PrincipalServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, principals: Principals, keys: ApiKeys, pages: Pages) -> None:
        self._principals = principals
        self._keys = keys
        self._pages = pages

    async def CreatePrincipal(
        self, request: pb.CreatePrincipalRequest, context: Context
    ) -> pb.CreatePrincipalResponse:
        """Makes a principal."""
        made = await self._principals.create(principal_of(request.principal))
        return pb.CreatePrincipalResponse(principal=principal_to_wire(made))

    async def GetPrincipal(
        self, request: pb.GetPrincipalRequest, context: Context
    ) -> pb.GetPrincipalResponse:
        """One principal."""
        found = await self._principals.get(parse_id("principal_id", request.principal_id))
        return pb.GetPrincipalResponse(principal=principal_to_wire(found))

    async def ListPrincipals(
        self, request: pb.ListPrincipalsRequest, context: Context
    ) -> pb.ListPrincipalsResponse:
        """A page of principals."""
        bound = (request, current_caller().tenant_id)
        page = self._pages.page(request.page_size, request.page_token, bound_to=bound)
        kind = enum_name(principal_pb2.PrincipalKind, request.kind)
        which = PrincipalFilter(kind, request.role, request.subject, request.show_archived)
        found = await self._principals.page(which, after=page.after, limit=page.limit)
        rows, token = page.cut(found, lambda each: (each.principal_id,))
        return pb.ListPrincipalsResponse(principals=map(principal_to_wire, rows), next_page_token=token)

    async def UpdatePrincipal(
        self, request: pb.UpdatePrincipalRequest, context: Context
    ) -> pb.UpdatePrincipalResponse:
        """A changed principal."""
        patch = request.principal
        principal_id = parse_id("principal.principal_id", patch.principal_id)
        change = principal_change(patch, request.update_mask)
        stored = await self._principals.update(principal_id, patch.etag, change)
        return pb.UpdatePrincipalResponse(principal=principal_to_wire(stored))

    async def ArchivePrincipal(
        self, request: pb.ArchivePrincipalRequest, context: Context
    ) -> pb.ArchivePrincipalResponse:
        """An archived principal."""
        stored = await self._principals.archive(parse_id("principal_id", request.principal_id), request.etag)
        return pb.ArchivePrincipalResponse(principal=principal_to_wire(stored))

    async def SuspendPrincipal(
        self, request: pb.SuspendPrincipalRequest, context: Context
    ) -> pb.SuspendPrincipalResponse:
        """A suspended principal."""
        stored = await self._principals.suspend(parse_id("principal_id", request.principal_id), request.etag)
        return pb.SuspendPrincipalResponse(principal=principal_to_wire(stored))

    async def ResumePrincipal(
        self, request: pb.ResumePrincipalRequest, context: Context
    ) -> pb.ResumePrincipalResponse:
        """A resumed principal."""
        stored = await self._principals.resume(parse_id("principal_id", request.principal_id), request.etag)
        return pb.ResumePrincipalResponse(principal=principal_to_wire(stored))

    async def CreateApiKey(
        self, request: pb.CreateApiKeyRequest, context: Context
    ) -> pb.CreateApiKeyResponse:
        """Makes a key and shows its secret."""
        wanted = request.api_key
        key, secret = await self._keys.create(
            wanted.display_name,
            tuple(wanted.roles),
            maybe_instant("api_key.expire_time", wanted),
            principal_id=maybe_id("api_key.principal_id", wanted.principal_id),
            scope=scope_of("api_key", wanted),
        )
        return pb.CreateApiKeyResponse(api_key=key_to_wire(key), secret=secret)

    async def GetApiKey(self, request: pb.GetApiKeyRequest, context: Context) -> pb.GetApiKeyResponse:
        """One key."""
        key = await self._keys.get(parse_id("api_key_id", request.api_key_id))
        return pb.GetApiKeyResponse(api_key=key_to_wire(key))

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Context) -> pb.ListApiKeysResponse:
        """A page of keys."""
        bound = (request, current_caller().tenant_id)
        page = self._pages.page(request.page_size, request.page_token, bound_to=bound)
        owner = maybe_id("principal_id", request.principal_id)
        found = await self._keys.page(
            page.after_value, page.limit, revoked=request.show_revoked, principal_id=owner
        )
        keys, token = page.cut(found, lambda key: (key.api_key_id,))
        return pb.ListApiKeysResponse(api_keys=map(key_to_wire, keys), next_page_token=token)

    async def UpdateApiKey(
        self, request: pb.UpdateApiKeyRequest, context: Context
    ) -> pb.UpdateApiKeyResponse:
        """A changed key."""
        patch = request.api_key
        change = key_change(patch, request.update_mask)
        key = await self._keys.update(parse_id("api_key.api_key_id", patch.api_key_id), patch.etag, change)
        return pb.UpdateApiKeyResponse(api_key=key_to_wire(key))

    async def RotateApiKey(
        self, request: pb.RotateApiKeyRequest, context: Context
    ) -> pb.RotateApiKeyResponse:
        """A key with a new secret."""
        overlap = request.overlap.ToTimedelta()
        key, secret = await self._keys.rotate(parse_id("api_key_id", request.api_key_id), overlap)
        return pb.RotateApiKeyResponse(api_key=key_to_wire(key), secret=secret)

    async def RevokeApiKey(
        self, request: pb.RevokeApiKeyRequest, context: Context
    ) -> pb.RevokeApiKeyResponse:
        """Ends a key."""
        key = await self._keys.revoke(parse_id("api_key_id", request.api_key_id))
        return pb.RevokeApiKeyResponse(api_key=key_to_wire(key))

    async def WhoAmI(self, request: pb.WhoAmIRequest, context: Context) -> pb.WhoAmIResponse:
        """Whom the server takes the caller for."""
        caller = current_caller()
        return pb.WhoAmIResponse(
            tenant_id=str(caller.tenant_id),
            principal_id=caller.principal_id,
            display_name=caller.display_name,
            permissions=sorted(caller.permissions),
            roles=caller.roles,
            scope=scope_to_wire(caller.scope),
            expire_time=stamp(caller.expire_time),
        )

    async def TestPermissions(
        self, request: pb.TestPermissionsRequest, context: Context
    ) -> pb.TestPermissionsResponse:
        """Which of the permissions the caller holds."""
        held = [name for name in request.permissions if current_caller().may(name)]
        return pb.TestPermissionsResponse(permissions=held)
