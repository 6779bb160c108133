"""gRPC services of access."""

from typing import Any

from server.access.convert import key_to_wire, tenant_to_wire
from server.access.principals import Principals
from server.access.tenants import Tenants
from server.platform.caller import current_caller
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_id, maybe_instant
from simba.access.v1 import principal_service_pb2 as principal_pb
from simba.access.v1 import tenant_service_pb2 as tenant_pb
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceServicer
from simba.access.v1.tenant_service_pb2_grpc import TenantServiceServicer

Context = Any


class PrincipalServicer(PrincipalServiceServicer):
    """``simba.access.v1.PrincipalService``."""

    def __init__(self, principals: Principals, pages: Pages) -> None:
        self._principals = principals
        self._pages = pages

    async def CreateApiKey(
        self, request: principal_pb.CreateApiKeyRequest, context: Context
    ) -> principal_pb.CreateApiKeyResponse:
        """Makes a key and shows its secret."""
        wanted = request.api_key
        key, secret = await self._principals.create_key(
            wanted.display_name, list(wanted.roles), maybe_instant("api_key.expire_time", wanted)
        )
        return principal_pb.CreateApiKeyResponse(api_key=key_to_wire(key), secret=secret)

    async def GetApiKey(
        self, request: principal_pb.GetApiKeyRequest, context: Context
    ) -> principal_pb.GetApiKeyResponse:
        """One key."""
        key = await self._principals.get_key(parse_id("api_key_id", request.api_key_id))
        return principal_pb.GetApiKeyResponse(api_key=key_to_wire(key))

    async def ListApiKeys(
        self, request: principal_pb.ListApiKeysRequest, context: Context
    ) -> principal_pb.ListApiKeysResponse:
        """A page of keys."""
        bound = (request, current_caller().tenant_id)
        page = self._pages.page(request.page_size, request.page_token, bound_to=bound)
        keys = await self._principals.list_keys(page.after_value, page.limit, revoked=request.show_revoked)
        keys, token = page.cut(keys, lambda key: (key.api_key_id,))
        return principal_pb.ListApiKeysResponse(
            api_keys=[key_to_wire(key) for key in keys], next_page_token=token
        )

    async def RevokeApiKey(
        self, request: principal_pb.RevokeApiKeyRequest, context: Context
    ) -> principal_pb.RevokeApiKeyResponse:
        """Ends a key."""
        key = await self._principals.revoke_key(parse_id("api_key_id", request.api_key_id))
        return principal_pb.RevokeApiKeyResponse(api_key=key_to_wire(key))

    async def WhoAmI(
        self, request: principal_pb.WhoAmIRequest, context: Context
    ) -> principal_pb.WhoAmIResponse:
        """Whom the server takes the caller for."""
        caller = current_caller()
        return principal_pb.WhoAmIResponse(
            tenant_id=str(caller.tenant_id),
            principal_id=caller.principal_id,
            display_name=caller.display_name,
            permissions=sorted(caller.permissions),
        )


class TenantServicer(TenantServiceServicer):
    """``simba.access.v1.TenantService``."""

    def __init__(self, tenants: Tenants, pages: Pages) -> None:
        self._tenants = tenants
        self._pages = pages

    async def CreateTenant(
        self, request: tenant_pb.CreateTenantRequest, context: Context
    ) -> tenant_pb.CreateTenantResponse:
        """Makes a tenant and its first key."""
        given = request.tenant
        tenant_id = maybe_id("tenant.tenant_id", given.tenant_id)
        made, key, secret = await self._tenants.create(
            tenant_id, given.code, given.display_name, given.time_zone
        )
        return tenant_pb.CreateTenantResponse(
            tenant=tenant_to_wire(made), api_key=key_to_wire(key), secret=secret
        )

    async def GetTenant(
        self, request: tenant_pb.GetTenantRequest, context: Context
    ) -> tenant_pb.GetTenantResponse:
        """One tenant."""
        found = await self._tenants.get(parse_id("tenant_id", request.tenant_id))
        return tenant_pb.GetTenantResponse(tenant=tenant_to_wire(found))

    async def ListTenants(
        self, request: tenant_pb.ListTenantsRequest, context: Context
    ) -> tenant_pb.ListTenantsResponse:
        """A page of tenants."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await self._tenants.list(page.after_value, page.limit)
        found, token = page.cut(found, lambda each: (each.tenant_id,))
        rows = [tenant_to_wire(each) for each in found]
        return tenant_pb.ListTenantsResponse(tenants=rows, next_page_token=token)
