"""Principals, roles of a tenant's own, keys that rotate, and quotas, over a real server."""

from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_pb2 import PRINCIPAL_KIND_SERVICE, PRINCIPAL_KIND_USER, Principal
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    CreatePrincipalRequest,
    ListPrincipalsRequest,
    ResumePrincipalRequest,
    RotateApiKeyRequest,
    SuspendPrincipalRequest,
    UpdateApiKeyRequest,
    UpdatePrincipalRequest,
    WhoAmIRequest,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.role_pb2 import Role
from simba.access.v1.role_service_pb2 import (
    ArchiveRoleRequest,
    CreateRoleRequest,
    ListRolesRequest,
    UpdateRoleRequest,
)
from simba.access.v1.role_service_pb2_grpc import RoleServiceStub
from simba.access.v1.tenant_pb2 import Quota, Tenant
from simba.access.v1.tenant_service_pb2 import UpdateTenantRequest
from simba.access.v1.tenant_service_pb2_grpc import TenantServiceStub
from tests.support.platform import error_of, eventually, make_tenant


@pytest.fixture
def stub(channel) -> PrincipalServiceStub:
    return PrincipalServiceStub(channel)


@pytest.fixture
def roles(channel) -> RoleServiceStub:
    return RoleServiceStub(channel)


async def refused(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), error_of(caught.value)[0]


async def a_service(stub: PrincipalServiceStub, **changed) -> Principal:
    values = {"kind": PRINCIPAL_KIND_SERVICE, "display_name": "CIS", "roles": ["cis"], **changed}
    made = await stub.CreatePrincipal(CreatePrincipalRequest(principal=Principal(**values)))
    return made.principal


async def key_of(stub: PrincipalServiceStub, principal: Principal):
    wanted = ApiKey(display_name="Key", principal_id=principal.principal_id)
    return await stub.CreateApiKey(CreateApiKeyRequest(api_key=wanted))


async def test_a_principal_with_several_keys(server, stub):
    principal = await a_service(stub)
    made = [await key_of(stub, principal) for _ in range(2)]
    for one in made:
        theirs = PrincipalServiceStub(server.channel(one.secret))
        me = await theirs.WhoAmI(WhoAmIRequest())
        assert me.principal_id == f"principals/{principal.principal_id}"
        assert (me.display_name, list(me.roles)) == ("CIS", ["cis"])
    change = Principal(principal_id=principal.principal_id, roles=["analyst"])
    await stub.UpdatePrincipal(UpdatePrincipalRequest(principal=change))
    for one in made:
        me = await PrincipalServiceStub(server.channel(one.secret)).WhoAmI(WhoAmIRequest())
        assert list(me.roles) == ["analyst"], "bound at once"


async def test_suspended_and_let_in_again(server, stub):
    principal = await a_service(stub)
    theirs = PrincipalServiceStub(server.channel((await key_of(stub, principal)).secret))
    await theirs.WhoAmI(WhoAmIRequest())
    request = SuspendPrincipalRequest(principal_id=principal.principal_id)
    assert (await stub.SuspendPrincipal(request)).principal.state
    assert await refused(theirs.WhoAmI(WhoAmIRequest())) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "PRINCIPAL_SUSPENDED",
    )
    assert (await refused(stub.SuspendPrincipal(request)))[1] == "STATE_TRANSITION_INVALID"
    await stub.ResumePrincipal(ResumePrincipalRequest(principal_id=principal.principal_id))
    await theirs.WhoAmI(WhoAmIRequest())


async def test_what_a_key_of_a_principal_cannot_have(stub):
    principal = await a_service(stub)
    both = ApiKey(display_name="Key", principal_id=principal.principal_id, roles=["cis"])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreateApiKey(CreateApiKeyRequest(api_key=both))
    assert error_of(caught.value)[2][0][0] == "api_key.roles"
    gone = ApiKey(display_name="Key", principal_id=str(uuid4()))
    assert await refused(stub.CreateApiKey(CreateApiKeyRequest(api_key=gone))) == (
        grpc.StatusCode.NOT_FOUND,
        "PRINCIPAL_NOT_FOUND",
    )
    person = Principal(kind=PRINCIPAL_KIND_USER, display_name="Eve", subject="eve", roles=["adapter"])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreatePrincipal(CreatePrincipalRequest(principal=person))
    assert error_of(caught.value)[2][0][0] == "principal.roles[0]"


async def test_nobody_takes_hold_of_more_than_they_have(server, stub, platform):
    """Neither by a key of somebody else, nor by a subject, nor by rotating a key."""
    mighty = await a_service(stub, roles=["platform-admin"])
    key = await key_of(stub, mighty)
    admin = await stub.CreateApiKey(
        CreateApiKeyRequest(api_key=ApiKey(display_name="Admin", roles=["admin"]))
    )
    theirs = PrincipalServiceStub(server.channel(admin.secret))
    denied = (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_MISSING")
    assert await refused(key_of(theirs, mighty)) == denied
    change = Principal(principal_id=mighty.principal_id, subject="mallory")
    assert await refused(theirs.UpdatePrincipal(UpdatePrincipalRequest(principal=change))) == denied
    assert (
        await refused(theirs.RotateApiKey(RotateApiKeyRequest(api_key_id=key.api_key.api_key_id))) == denied
    )


async def test_a_key_is_rotated_without_a_gap(server, stub):
    old = await stub.CreateApiKey(CreateApiKeyRequest(api_key=ApiKey(display_name="Key", roles=["cis"])))
    request = RotateApiKeyRequest(api_key_id=old.api_key.api_key_id, overlap=Duration(seconds=1))
    new = await stub.RotateApiKey(request)
    assert new.secret != old.secret
    by_old, by_new = (PrincipalServiceStub(server.channel(one.secret)) for one in (old, new))
    me = await by_old.WhoAmI(WhoAmIRequest())
    assert me.HasField("expire_time")
    assert not (await by_new.WhoAmI(WhoAmIRequest())).HasField("expire_time")

    async def over() -> bool:
        try:
            await by_old.WhoAmI(WhoAmIRequest())
        except grpc.aio.AioRpcError as error:
            return error_of(error)[0] == "CREDENTIAL_EXPIRED"
        return False

    await eventually(over, 3)
    await by_new.WhoAmI(WhoAmIRequest())
    at_once = await stub.RotateApiKey(RotateApiKeyRequest(api_key_id=old.api_key.api_key_id))
    assert (await refused(by_new.WhoAmI(WhoAmIRequest())))[0] is grpc.StatusCode.UNAUTHENTICATED
    await PrincipalServiceStub(server.channel(at_once.secret)).WhoAmI(WhoAmIRequest())


async def test_a_key_is_changed_by_mask_and_etag(stub):
    key = (
        await stub.CreateApiKey(CreateApiKeyRequest(api_key=ApiKey(display_name="Key", roles=["cis"])))
    ).api_key
    patch = ApiKey(api_key_id=key.api_key_id, display_name="New", roles=["scada"], etag=key.etag)
    mask = FieldMask(paths=["display_name"])
    changed = (await stub.UpdateApiKey(UpdateApiKeyRequest(api_key=patch, update_mask=mask))).api_key
    assert (changed.display_name, list(changed.roles)) == ("New", ["cis"])
    stale = stub.UpdateApiKey(UpdateApiKeyRequest(api_key=patch, update_mask=mask))
    assert await refused(stale) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")


async def test_principals_are_found_by_kind_role_and_subject(stub):
    service = await a_service(stub, roles=["cis", "analyst"])
    person = await a_service(stub, kind=PRINCIPAL_KIND_USER, subject="ada", roles=["operator"])

    async def found(**which) -> list[str]:
        answer = await stub.ListPrincipals(ListPrincipalsRequest(**which))
        return [one.principal_id for one in answer.principals]

    assert await found() == [service.principal_id, person.principal_id]
    assert await found(kind=PRINCIPAL_KIND_USER) == [person.principal_id]
    assert await found(role="analyst") == [service.principal_id]
    assert await found(subject="ada") == [person.principal_id]


async def test_roles_of_a_tenants_own(stub, roles):
    wanted = Role(code="field", display_name="Field", permissions=["devices.*.read", "!devices.models.*"])
    made = (await roles.CreateRole(CreateRoleRequest(role=wanted))).role
    listed = (await roles.ListRoles(ListRolesRequest())).roles
    assert listed[-1] == made
    assert all(role.built_in for role in listed[:-1])
    assert await refused(roles.CreateRole(CreateRoleRequest(role=wanted))) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "ALREADY_EXISTS",
    )
    built_in = Role(role_id=listed[0].role_id, display_name="Mine")
    assert (await refused(roles.UpdateRole(UpdateRoleRequest(role=built_in))))[1] == "ROLE_BUILT_IN"
    unknown = Role(code="odd", permissions=["devices.*.read", "weather.*"])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await roles.CreateRole(CreateRoleRequest(role=unknown))
    assert error_of(caught.value)[2][0][0] == "role.permissions[1]"
    await a_service(stub, roles=["field"])
    archived = roles.ArchiveRole(ArchiveRoleRequest(role_id=made.role_id))
    assert await refused(archived) == (grpc.StatusCode.FAILED_PRECONDITION, "RESOURCE_IN_USE")


async def test_a_role_cannot_give_what_its_maker_lacks(server, platform):
    admin = await make_tenant(platform, roles=("admin",))
    theirs = RoleServiceStub(server.channel(admin.secret))
    wanted = Role(code="mighty", permissions=["access.tenants.write"])
    assert await refused(theirs.CreateRole(CreateRoleRequest(role=wanted))) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "PERMISSION_MISSING",
    )


async def test_a_quota_of_keys_is_kept(server, channel, platform):
    other = await make_tenant(platform)
    stub = PrincipalServiceStub(server.channel(other.secret))
    bound = Tenant(tenant_id=str(other.caller.tenant_id), quota=Quota(max_api_keys=3))
    await TenantServiceStub(channel).UpdateTenant(UpdateTenantRequest(tenant=bound))
    wanted = CreateApiKeyRequest(api_key=ApiKey(display_name="Key", roles=["cis"]))
    for _ in range(2):
        await stub.CreateApiKey(wanted)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreateApiKey(wanted)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    reason, metadata, _ = error_of(caught.value)
    assert reason == "QUOTA_EXCEEDED"
    assert metadata == {"quota": "max_api_keys", "limit": "3", "used": "3", "adding": "1"}


async def test_who_did_what_is_in_the_history(stub, platform, tenant):
    principal = await a_service(stub)
    change = Principal(principal_id=principal.principal_id, roles=["cis", "analyst"])
    await stub.UpdatePrincipal(UpdatePrincipalRequest(principal=change))
    async with platform.uow() as tx:
        rows = await tx.conn.execute(
            sa.text(
                "SELECT action FROM change_pending WHERE resource_id = :one"
                " UNION ALL SELECT action FROM change WHERE resource_id = :one"
            ),
            {"one": principal.principal_id},
        )
        assert sorted(action for (action,) in rows) == ["created", "updated"]
