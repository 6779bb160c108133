"""``simba.access.v1.TenantService``."""

from dataclasses import asdict
from typing import Any

from server.access.convert import key_to_wire, quota_of, quota_to_wire, tenant_change, tenant_to_wire
from server.access.tenants import Tenants
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import maybe_id
from simba.access.v1 import tenant_service_pb2 as pb
from simba.access.v1.tenant_service_pb2_grpc import TenantServiceServicer

Context = Any


class TenantServicer(TenantServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, tenants: Tenants, pages: Pages) -> None:
        self._tenants = tenants
        self._pages = pages

    async def CreateTenant(
        self, request: pb.CreateTenantRequest, context: Context
    ) -> pb.CreateTenantResponse:
        """Makes a tenant and its first key."""
        given = request.tenant
        tenant_id = maybe_id("tenant.tenant_id", given.tenant_id)
        made, key, secret = await self._tenants.create(
            tenant_id, given.code, given.display_name, given.time_zone, quota_of(given.quota)
        )
        return pb.CreateTenantResponse(tenant=tenant_to_wire(made), api_key=key_to_wire(key), secret=secret)

    async def GetTenant(self, request: pb.GetTenantRequest, context: Context) -> pb.GetTenantResponse:
        """One tenant."""
        found = await self._tenants.get(parse_id("tenant_id", request.tenant_id))
        return pb.GetTenantResponse(tenant=tenant_to_wire(found))

    async def ListTenants(self, request: pb.ListTenantsRequest, context: Context) -> pb.ListTenantsResponse:
        """A page of tenants."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await self._tenants.page(page.after_value, page.limit)
        rows, token = page.cut(found, lambda each: (each.tenant_id,))
        return pb.ListTenantsResponse(tenants=map(tenant_to_wire, rows), next_page_token=token)

    async def UpdateTenant(
        self, request: pb.UpdateTenantRequest, context: Context
    ) -> pb.UpdateTenantResponse:
        """A changed tenant."""
        patch = request.tenant
        change = tenant_change(patch, request.update_mask)
        stored = await self._tenants.update(parse_id("tenant.tenant_id", patch.tenant_id), patch.etag, change)
        return pb.UpdateTenantResponse(tenant=tenant_to_wire(stored))

    async def SuspendTenant(
        self, request: pb.SuspendTenantRequest, context: Context
    ) -> pb.SuspendTenantResponse:
        """A suspended tenant."""
        stored = await self._tenants.suspend(parse_id("tenant_id", request.tenant_id), request.reason)
        return pb.SuspendTenantResponse(tenant=tenant_to_wire(stored))

    async def ResumeTenant(
        self, request: pb.ResumeTenantRequest, context: Context
    ) -> pb.ResumeTenantResponse:
        """A resumed tenant."""
        stored = await self._tenants.resume(parse_id("tenant_id", request.tenant_id))
        return pb.ResumeTenantResponse(tenant=tenant_to_wire(stored))

    async def GetQuotaUsage(
        self, request: pb.GetQuotaUsageRequest, context: Context
    ) -> pb.GetQuotaUsageResponse:
        """What the caller's tenant may have, and has."""
        quota, usage = await self._tenants.quota()
        return pb.GetQuotaUsageResponse(quota=quota_to_wire(quota), **asdict(usage))
