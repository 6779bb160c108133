"""Tenants, and the first ones of an installation."""

import asyncio
from uuid import uuid4

import grpc
import pytest

from server.access.bootstrap import ensure_bootstrap
from simba.access.v1.principal_service_pb2 import WhoAmIRequest
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.tenant_pb2 import TENANT_STATE_ACTIVE, Tenant
from simba.access.v1.tenant_service_pb2 import CreateTenantRequest, GetTenantRequest, ListTenantsRequest
from simba.access.v1.tenant_service_pb2_grpc import TenantServiceStub
from tests.support.platform import error_of, make_tenant


def code() -> str:
    return f"u{uuid4().hex[:12]}"


async def refused(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), error_of(caught.value)[0]


async def test_a_tenant_is_made_with_its_first_key(server, channel):
    stub = TenantServiceStub(channel)
    given = Tenant(code=code(), display_name="Vodokanal", time_zone="Asia/Almaty")
    request = CreateTenantRequest(tenant=given, request_id=str(uuid4()))
    made = await stub.CreateTenant(request)
    assert made.tenant.state == TENANT_STATE_ACTIVE
    assert made.tenant.time_zone == "Asia/Almaty"
    me = await PrincipalServiceStub(server.channel(made.secret)).WhoAmI(WhoAmIRequest())
    assert me.tenant_id == made.tenant.tenant_id
    assert "access.tenants.write" not in me.permissions
    again = await stub.CreateTenant(request)
    assert again.tenant == made.tenant
    assert not again.secret
    got = await stub.GetTenant(GetTenantRequest(tenant_id=made.tenant.tenant_id))
    assert got.tenant == made.tenant


async def test_codes_are_unique_and_zones_exist(channel):
    stub = TenantServiceStub(channel)
    taken = code()
    await stub.CreateTenant(CreateTenantRequest(tenant=Tenant(code=taken)))
    assert await refused(stub.CreateTenant(CreateTenantRequest(tenant=Tenant(code=taken)))) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "ALREADY_EXISTS",
    )
    for zone in ("Mars/Olympus", "../../etc/passwd"):
        bad = CreateTenantRequest(tenant=Tenant(code=code(), time_zone=zone))
        assert await refused(stub.CreateTenant(bad)) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD")


async def test_tenants_are_listed_in_pages(channel):
    stub = TenantServiceStub(channel)
    made = [
        (await stub.CreateTenant(CreateTenantRequest(tenant=Tenant(code=code())))).tenant for _ in range(3)
    ]
    found, token = [], ""
    while True:
        page = await stub.ListTenants(ListTenantsRequest(page_size=2, page_token=token))
        found += page.tenants
        token = page.next_page_token
        if not token:
            break
    assert [tenant for tenant in found if tenant in made] == made


async def test_an_administrator_of_one_tenant_sees_no_other(server, platform):
    admin = await make_tenant(platform, roles=("admin",))
    stub = TenantServiceStub(server.channel(admin.secret))
    denied = (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_MISSING")
    assert await refused(stub.ListTenants(ListTenantsRequest())) == denied
    assert await refused(stub.CreateTenant(CreateTenantRequest(tenant=Tenant(code=code())))) == denied


async def test_the_first_key_is_made_once(server, platform):
    name = code()
    made = await asyncio.gather(*(ensure_bootstrap(platform, tenant_code=name) for _ in range(4)))
    secrets = [each.admin_secret for each in made if each.admin_secret]
    assert len(secrets) == 1
    assert len({each.tenant_id for each in made}) == 1
    me = await PrincipalServiceStub(server.channel(secrets[0])).WhoAmI(WhoAmIRequest())
    assert {"access.tenants.write", "billing.runs.write"} <= set(me.permissions)
    later = await ensure_bootstrap(platform, tenant_code=name, adapters=("chirpstack",))
    assert later.admin_secret is None
    adapter = PrincipalServiceStub(server.channel(later.adapter_secrets["chirpstack"]))
    me = await adapter.WhoAmI(WhoAmIRequest())
    assert me.display_name == "Adapter chirpstack"
    assert "readings.readings.ingest" in me.permissions
    assert "billing.invoices.read" not in me.permissions
    assert later.adapter_secrets["chirpstack"] not in repr(later)
