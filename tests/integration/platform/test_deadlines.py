"""What the caller was told failed is not committed."""

import asyncio
import time
from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa

from server.platform.caller import acting_as, system_caller
from server.platform.deadline import deadline_in
from server.platform.errors import DeadlineExceeded
from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    CreateApiKeyResponse,
    GetApiKeyRequest,
    GetApiKeyResponse,
)
from tests.support.platform import eventually


async def count(platform, notes) -> int:
    async with platform.uow() as tx:
        return (await tx.conn.execute(sa.select(sa.func.count()).select_from(notes))).scalar_one()


def note(tx, notes):
    return tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=f"{uuid4()}"))


async def sleeping_queries(platform) -> int:
    async with platform.uow.system() as tx:
        return (
            await tx.conn.execute(
                sa.text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE query LIKE 'SELECT pg_sleep(30)%' AND state = 'active'"
                )
            )
        ).scalar_one()


@pytest.mark.parametrize("request_id", ["", "with"])
async def test_a_query_is_cut_off_and_rolled_back(probes, unary_stub, platform, notes, tenant, request_id):
    async def create(request, context):
        async with platform.uow() as tx:
            await note(tx, notes)
            await tx.conn.execute(sa.text("SELECT pg_sleep(30)"))
        return CreateApiKeyResponse()

    probes.unary.create = create
    request = CreateApiKeyRequest(
        api_key=ApiKey(display_name="n", roles=["cis"]), request_id=request_id and str(uuid4())
    )
    start = time.monotonic()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await unary_stub.CreateApiKey(request, timeout=0.3)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - start < 2
    await eventually(lambda: _none(sleeping_queries(platform)))
    assert await count(platform, notes) == 0


async def _none(counting) -> bool:
    return await counting == 0


async def test_a_call_that_is_cancelled_is_rolled_back(probes, unary_stub, platform, notes, tenant):
    begun = asyncio.Event()

    async def get(request, context):
        async with platform.uow() as tx:
            await note(tx, notes)
            begun.set()
            await tx.conn.execute(sa.text("SELECT pg_sleep(30)"))
        return GetApiKeyResponse()

    probes.unary.get = get
    call = unary_stub.GetApiKey(GetApiKeyRequest(api_key_id=str(uuid4())))
    await begun.wait()
    await asyncio.sleep(0.05)
    call.cancel()
    await eventually(lambda: _none(sleeping_queries(platform)))
    assert await count(platform, notes) == 0


async def test_work_that_ends_too_late_is_not_committed(platform, notes, tenant):
    with pytest.raises(DeadlineExceeded), deadline_in(0.1):
        async with platform.uow() as tx:
            await note(tx, notes)
            await asyncio.sleep(0.12)
    assert await count(platform, notes) == 0


async def test_a_commit_that_was_begun_is_told_as_done(platform, notes, tenant):
    """The deadline passes while the commit runs: it counts, and the caller hears that it does."""
    function = f"slow_{uuid4().hex}"
    async with platform.engine.begin() as conn:
        await conn.execute(
            sa.text(
                f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$"
            )
        )
        await conn.execute(
            sa.text(
                f"CREATE CONSTRAINT TRIGGER {function} AFTER INSERT ON test_note"
                " DEFERRABLE INITIALLY DEFERRED"
                f" FOR EACH ROW WHEN (NEW.name = '{function}') EXECUTE FUNCTION {function}()"
            )
        )
    async with asyncio.timeout(0.1):
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name=function))
    assert await count(platform, notes) == 1


async def test_a_telemetry_query_ends_with_its_caller(platform):
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await platform.store.rows("SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1")
    assert time.monotonic() - start < 5

    async def gone() -> bool:
        running = await platform.store.rows(
            "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number) = 1%'"
        )
        return running[0][0] <= 1  # this query itself

    await eventually(gone)


async def test_a_telemetry_query_gets_the_deadline(platform):
    with acting_as(system_caller(uuid4())), deadline_in(1.0), pytest.raises(DeadlineExceeded):
        await platform.store.rows("SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 2")
