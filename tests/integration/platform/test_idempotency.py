"""A call with a request_id happens once."""

import asyncio
from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa

from server.platform.errors import FailedPrecondition
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    CreateApiKeyResponse,
    RevokeApiKeyRequest,
    RevokeApiKeyResponse,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from tests.support.platform import error_of, make_tenant


@pytest.fixture
def effects(probes, platform, notes):
    """A handler with an effect: a row named after the call's number."""
    ran = []

    async def create(request, context):
        ran.append(request.api_key.display_name)
        number = len(ran)
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=f"{uuid4()}"))
        await asyncio.sleep(0.05)
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=f"{uuid4()}"))
        return CreateApiKeyResponse(api_key=ApiKey(display_name=f"answer {number}"), secret="s3cret")

    probes.unary.create = create
    return ran


def ask(request_id: str, name: str = "n") -> CreateApiKeyRequest:
    return CreateApiKeyRequest(api_key=ApiKey(display_name=name, roles=["cis"]), request_id=request_id)


async def rows(platform, notes) -> int:
    async with platform.uow() as tx:
        return (await tx.conn.execute(sa.select(sa.func.count()).select_from(notes))).scalar_one()


async def test_a_repeat_gets_the_same_answer_without_the_secret(effects, unary_stub, platform, notes, tenant):
    request = ask(str(uuid4()))
    first = await unary_stub.CreateApiKey(request)
    again = await unary_stub.CreateApiKey(request)
    assert effects == ["n"]
    assert first.secret == "s3cret"
    assert not again.secret
    assert first.api_key == again.api_key
    assert await rows(platform, notes) == 2
    async with platform.uow.system() as tx:
        stored = await tx.conn.execute(
            sa.text("SELECT response FROM request_log WHERE tenant_id = :t"), {"t": tenant}
        )
        assert b"s3cret" not in bytes(stored.scalar_one())


async def test_another_payload_is_refused(effects, unary_stub):
    request_id = str(uuid4())
    await unary_stub.CreateApiKey(ask(request_id))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await unary_stub.CreateApiKey(ask(request_id, "other"))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    reason, metadata, violations = error_of(caught.value)
    assert (reason, metadata["request_id"]) == ("REQUEST_ID_REUSED", request_id)
    assert violations[0][0] == "request_id"
    assert len(effects) == 1


async def test_without_a_request_id_every_call_counts(effects, unary_stub):
    await unary_stub.CreateApiKey(ask(""))
    await unary_stub.CreateApiKey(ask(""))
    assert len(effects) == 2


async def test_concurrent_repeats_run_once(effects, unary_stub, platform, notes, tenant):
    request = ask(str(uuid4()))
    answers = await asyncio.gather(*(unary_stub.CreateApiKey(request) for _ in range(8)))
    assert len(effects) == 1
    assert {answer.api_key.display_name for answer in answers} == {"answer 1"}
    assert await rows(platform, notes) == 2


async def test_a_failed_call_leaves_nothing_and_can_be_repeated(probes, unary_stub, platform, notes, tenant):
    attempts = []

    async def create(request, context):
        attempts.append(1)
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=f"{uuid4()}"))
        if len(attempts) == 1:
            raise FailedPrecondition("not yet")
        return CreateApiKeyResponse()

    probes.unary.create = create
    request = ask(str(uuid4()))
    with pytest.raises(grpc.aio.AioRpcError):
        await unary_stub.CreateApiKey(request)
    assert await rows(platform, notes) == 0
    await unary_stub.CreateApiKey(request)
    assert await rows(platform, notes) == 1


async def test_a_part_that_fails_and_is_handled_is_undone_alone(probes, unary_stub, platform, notes, tenant):
    async def create(request, context):
        for name in ("a", "b", "a", "c"):
            try:
                async with platform.uow() as tx:
                    await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=name))
            except sa.exc.IntegrityError:
                pass
        return CreateApiKeyResponse()

    probes.unary.create = create
    await unary_stub.CreateApiKey(ask(str(uuid4())))
    assert await rows(platform, notes) == 3


async def test_the_same_id_is_free_in_another_tenant_and_for_another_method(
    effects, probes, unary_stub, platform
):
    request_id = str(uuid4())
    await unary_stub.CreateApiKey(ask(request_id))
    other = await make_tenant(platform)
    await PrincipalServiceStub(probes.server.channel(other.secret)).CreateApiKey(ask(request_id, "other"))
    assert len(effects) == 2

    async def revoke(request, context):
        return RevokeApiKeyResponse(api_key=ApiKey(display_name="revoked"))

    probes.unary.revoke = revoke
    answer = await unary_stub.RevokeApiKey(
        RevokeApiKeyRequest(api_key_id=str(uuid4()), request_id=request_id)
    )
    assert answer.api_key.display_name == "revoked"


async def test_units_in_tasks_of_one_call_take_turns_in_its_transaction(
    probes, unary_stub, platform, notes, tenant
):
    async def note(name: str) -> None:
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=name))
            await asyncio.sleep(0)

    async def create(request, context):
        await asyncio.gather(*(note(f"n{n}") for n in range(10)))
        raise FailedPrecondition("all or nothing")

    probes.unary.create = create
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await unary_stub.CreateApiKey(ask(str(uuid4())))
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert await rows(platform, notes) == 0
