"""API keys over a real server."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from server.access.roles import ROLES
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    GetApiKeyRequest,
    ListApiKeysRequest,
    RevokeApiKeyRequest,
    UpdateApiKeyRequest,
    WhoAmIRequest,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.scope_pb2 import Scope
from tests.support.platform import error_of, eventually, make_tenant


@pytest.fixture
def stub(channel) -> PrincipalServiceStub:
    return PrincipalServiceStub(channel)


async def refused(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), error_of(caught.value)[0]


def stamp(at: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(at)
    return made


def wanted(**fields) -> CreateApiKeyRequest:
    return CreateApiKeyRequest(api_key=ApiKey(**{"display_name": "CIS", "roles": ["cis"], **fields}))


async def test_who_am_i_by_both_headers(server, tenant, api_key):
    plain = PrincipalServiceStub(server.channel())
    for metadata in (("authorization", f"Bearer {api_key}"), ("x-api-key", api_key)):
        me = await plain.WhoAmI(WhoAmIRequest(), metadata=(metadata,))
        assert me.tenant_id == str(tenant)
        assert me.principal_id.startswith("api-keys/")
        assert me.display_name == "Test"
        assert list(me.permissions) == sorted(me.permissions)
        assert "access.self.read" in me.permissions


async def test_a_key_is_made_used_and_revoked(server, stub, platform, tenant):
    made = await stub.CreateApiKey(wanted())
    assert made.secret.startswith("simba_")
    assert made.secret.startswith(made.api_key.prefix)
    assert len(made.secret) - len(made.api_key.prefix) > 30
    async with platform.uow.system() as tx:
        stored = await tx.conn.execute(
            sa.text("SELECT row_to_json(k)::text FROM api_key k WHERE tenant_id = :t"), {"t": tenant}
        )
        assert made.secret not in str(stored.all())
    theirs = PrincipalServiceStub(server.channel(made.secret))
    me = await theirs.WhoAmI(WhoAmIRequest())
    assert me.principal_id == f"api-keys/{made.api_key.api_key_id}"
    assert "billing.invoices.read" in me.permissions
    assert "access.api_keys.write" not in me.permissions
    one = RevokeApiKeyRequest(api_key_id=made.api_key.api_key_id)
    revoked = await stub.RevokeApiKey(one)
    assert revoked.api_key.HasField("revoke_time")
    assert await refused(theirs.WhoAmI(WhoAmIRequest())) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "CREDENTIAL_REVOKED",
    )
    assert (await stub.RevokeApiKey(one)).api_key == revoked.api_key


async def test_a_revocation_elsewhere_bites_within_the_cache_time(server, stub, platform, tenant):
    made = await stub.CreateApiKey(wanted())
    theirs = PrincipalServiceStub(server.channel(made.secret))
    await theirs.WhoAmI(WhoAmIRequest())
    async with platform.uow.system() as tx:
        await tx.conn.execute(
            sa.text("UPDATE api_key SET revoke_time = now() WHERE api_key_id = :k"),
            {"k": made.api_key.api_key_id},
        )

    async def bites() -> bool:
        try:
            await theirs.WhoAmI(WhoAmIRequest())
        except grpc.aio.AioRpcError as error:
            return error_of(error)[0] == "CREDENTIAL_REVOKED"
        return False

    await eventually(bites, platform.settings.key_cache_seconds + 0.5)


async def test_an_expired_key_is_refused(server, stub, tenant):
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    made = await stub.CreateApiKey(wanted(expire_time=stamp(soon)))
    theirs = PrincipalServiceStub(server.channel(made.secret))
    await theirs.WhoAmI(WhoAmIRequest())
    await asyncio.sleep(0.35)
    assert await refused(theirs.WhoAmI(WhoAmIRequest())) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "CREDENTIAL_EXPIRED",
    )
    past = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreateApiKey(wanted(expire_time=stamp(past)))
    assert error_of(caught.value)[2][0][0] == "api_key.expire_time"


async def test_unknown_roles_are_named(stub):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreateApiKey(wanted(roles=["cis", "wizard"]))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    reason, metadata, violations = error_of(caught.value)
    assert (reason, metadata["role"]) == ("ROLE_UNKNOWN", "wizard")
    assert violations[0][0] == "api_key.roles[1]"


async def test_nobody_gives_more_than_they_have(server, stub, platform):
    admin = await make_tenant(platform, roles=("admin",))
    theirs = PrincipalServiceStub(server.channel(admin.secret))
    await theirs.CreateApiKey(wanted(roles=["admin"]))
    assert await refused(theirs.CreateApiKey(wanted(roles=["platform-admin"]))) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "PERMISSION_MISSING",
    )


async def test_a_tenants_administrator_gives_every_role_but_the_platforms(server, platform):
    admin = await make_tenant(platform, roles=("admin",))
    theirs = PrincipalServiceStub(server.channel(admin.secret))
    for role in ROLES:
        if role != "platform-admin":
            made = await theirs.CreateApiKey(wanted(roles=[role]))
            assert list(made.api_key.roles) == [role]


async def test_a_key_that_stands_alone_needs_a_role(stub):
    for call in (stub.CreateApiKey(wanted(roles=[])), stub.CreateApiKey(wanted(roles=[], scope=Scope()))):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert error_of(caught.value)[2][0][0] == "api_key.roles"
    key = (await stub.CreateApiKey(wanted())).api_key
    bare = UpdateApiKeyRequest(
        api_key=ApiKey(api_key_id=key.api_key_id), update_mask=FieldMask(paths=["roles"])
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.UpdateApiKey(bare)
    assert error_of(caught.value)[2][0][0] == "api_key.roles"


async def test_keys_of_another_tenant_do_not_exist(server, stub, platform):
    other = await make_tenant(platform)
    theirs = await PrincipalServiceStub(server.channel(other.secret)).CreateApiKey(wanted())
    not_found = (grpc.StatusCode.NOT_FOUND, "API_KEY_NOT_FOUND")
    key_id = theirs.api_key.api_key_id
    assert await refused(stub.GetApiKey(GetApiKeyRequest(api_key_id=key_id))) == not_found
    assert await refused(stub.RevokeApiKey(RevokeApiKeyRequest(api_key_id=key_id))) == not_found
    assert await refused(stub.GetApiKey(GetApiKeyRequest(api_key_id=str(uuid4())))) == not_found


async def test_listing_pages_and_leaves_out_revoked_keys(stub):
    made = [await stub.CreateApiKey(wanted(display_name=f"k{n}")) for n in range(5)]
    await stub.RevokeApiKey(RevokeApiKeyRequest(api_key_id=made[2].api_key.api_key_id))
    names, token = [], ""
    while True:
        page = await stub.ListApiKeys(ListApiKeysRequest(page_size=2, page_token=token))
        assert len(page.api_keys) <= 2
        names += [key.display_name for key in page.api_keys]
        token = page.next_page_token
        if not token:
            break
    assert names == ["Test", "k0", "k1", "k3", "k4"]
    everything = await stub.ListApiKeys(ListApiKeysRequest(show_revoked=True))
    assert [key.display_name for key in everything.api_keys][3] == "k2"
    first = await stub.ListApiKeys(ListApiKeysRequest(page_size=2))
    other_query = ListApiKeysRequest(page_size=2, page_token=first.next_page_token, show_revoked=True)
    assert await refused(stub.ListApiKeys(other_query)) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "PAGE_TOKEN_MISMATCH",
    )


async def test_last_use_is_noted(application, platform, stub, api_key):
    await stub.WhoAmI(WhoAmIRequest())
    await application.authenticator.flush_used()
    key = (await stub.ListApiKeys(ListApiKeysRequest())).api_keys[0]
    assert abs((datetime.now(UTC) - key.last_used_time.ToDatetime(tzinfo=UTC)).total_seconds()) < 60


async def test_a_suspended_tenant_is_refused(server, platform):
    other = await make_tenant(platform)
    async with platform.uow.system() as tx:
        await tx.conn.execute(
            sa.text("UPDATE tenant SET state = 'SUSPENDED' WHERE tenant_id = :t"),
            {"t": other.caller.tenant_id},
        )
    theirs = PrincipalServiceStub(server.channel(other.secret))
    assert await refused(theirs.WhoAmI(WhoAmIRequest())) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "TENANT_SUSPENDED",
    )


async def test_a_hundred_calls_ask_for_a_key_once(platform):
    from server.access import capability
    from server.platform.rpc import Credential

    other = await make_tenant(platform)
    authenticator = capability.build(platform).authenticator
    credential = Credential(other.secret)
    queries = []

    def count(conn, cursor, statement, *rest) -> None:
        if "secret_sha256" in statement:
            queries.append(statement)

    sa.event.listen(platform.engine.sync_engine, "before_cursor_execute", count)
    try:
        callers = await asyncio.gather(*(authenticator.authenticate(credential) for _ in range(100)))
    finally:
        sa.event.remove(platform.engine.sync_engine, "before_cursor_execute", count)
    assert {caller.tenant_id for caller in callers} == {other.caller.tenant_id}
    assert len(queries) == 1
