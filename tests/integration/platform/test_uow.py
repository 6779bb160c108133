"""Transactions: tenants, savepoints, connections that die."""

import asyncio
from uuid import uuid4

import pytest
import sqlalchemy as sa
from google.protobuf.struct_pb2 import Struct

from server.platform.caller import CallerMissing, acting_as, system_caller
from server.platform.errors import Unavailable
from server.platform.outbox import OutboxEvent
from server.platform.platform import create_engine
from server.platform.tables import outbox
from server.platform.uow import UnitOfWork
from tests.support.platform import make_tenant


def event(name: str) -> OutboxEvent:
    return OutboxEvent(type="test.happened", subject=f"things/{name}", payload=Struct())


async def names(tx, notes) -> set[str]:
    return set((await tx.conn.execute(sa.select(notes.c.name))).scalars())


async def test_row_level_security_holds_without_any_filter(platform, notes, tenant):
    other = (await make_tenant(platform)).caller
    async with platform.uow() as tx:
        await tx.conn.execute(notes.insert().values(tenant_id=tx.tenant_id, name="mine"))
    with acting_as(other):
        async with platform.uow() as tx:
            assert await names(tx, notes) == set()
            changed = await tx.conn.execute(notes.update().values(value=7))
            assert changed.rowcount == 0
            deleted = await tx.conn.execute(notes.delete().where(notes.c.tenant_id == tenant))
            assert deleted.rowcount == 0
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            async with platform.uow() as tx:
                await tx.conn.execute(notes.insert().values(tenant_id=tenant, name="forged"))
    async with platform.uow() as tx:
        assert await names(tx, notes) == {"mine"}
    async with platform.uow.system() as tx:
        assert "mine" in await names(tx, notes)


async def test_every_table_of_tenants_has_row_level_security(platform):
    async with platform.uow.system() as tx:
        found = await tx.conn.execute(
            sa.text("""
                SELECT c.relname, c.relrowsecurity, count(p.polname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
                LEFT JOIN pg_policy p ON p.polrelid = c.oid
                WHERE c.relkind IN ('r', 'p') GROUP BY 1, 2
            """)
        )
        tables = {name: (secured, policies) for name, secured, policies in found}
    assert {"outbox", "request_log", "tenant", "api_key"} <= set(tables)
    assert {name for name, (secured, policies) in tables.items() if not secured or policies < 2} == set()


async def test_hashes_of_keys_cannot_be_read_by_a_tenant(platform, tenant):
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        async with platform.uow() as tx:
            await tx.conn.execute(sa.text("SELECT secret_sha256 FROM api_key"))


async def test_no_caller_no_transaction(platform):
    with pytest.raises(CallerMissing):
        platform.uow()


async def test_an_inner_unit_is_undone_alone_with_what_it_said(platform, notes, tenant):
    async with platform.uow() as tx:
        await tx.conn.execute(notes.insert().values(tenant_id=tenant, name="outer"))
        await tx.emit(event("outer"))
        with pytest.raises(ZeroDivisionError):
            async with platform.uow() as inner:
                await inner.conn.execute(notes.insert().values(tenant_id=tenant, name="inner"))
                await inner.emit(event("inner"))
                await inner.defer("test.never")
                raise ZeroDivisionError
        async with platform.uow() as inner:
            await inner.conn.execute(notes.insert().values(tenant_id=tenant, name="second"))
            await inner.emit(event("second"))
    async with platform.uow() as tx:
        assert await names(tx, notes) == {"outer", "second"}
        subjects = await tx.conn.execute(sa.select(outbox.c.attributes).order_by(outbox.c.id))
        assert [each["subject"] for each in subjects.scalars()] == ["things/outer", "things/second"]


async def test_an_outer_failure_takes_the_inner_units_with_it(platform, notes, tenant):
    with pytest.raises(ZeroDivisionError):
        async with platform.uow():
            async with platform.uow() as inner:
                await inner.conn.execute(notes.insert().values(tenant_id=tenant, name="inner"))
            raise ZeroDivisionError
    async with platform.uow() as tx:
        assert await names(tx, notes) == set()


async def test_a_unit_of_another_identity_joins_and_gives_the_identity_back(platform, notes, tenant):
    other = (await make_tenant(platform)).caller
    role = sa.text("SELECT current_user, current_setting('simba.tenant_id')")
    async with platform.uow() as tx:
        with acting_as(other):
            async with platform.uow() as inner:
                assert (await inner.conn.execute(role)).one() == ("simba_app", str(other.tenant_id))
                assert inner.tenant_id == other.tenant_id
        async with platform.uow.system() as inner:
            assert (await inner.conn.execute(role)).one()[0] == "simba_system"
        with pytest.raises(ZeroDivisionError):
            async with platform.uow.system():
                raise ZeroDivisionError
        assert (await tx.conn.execute(role)).one() == ("simba_app", str(tenant))
        await tx.conn.execute(notes.insert().values(tenant_id=tenant, name="still mine"))


async def test_a_task_that_outlives_its_transaction_opens_its_own(platform, notes, tenant):
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tenant, name="later"))

    async with platform.uow():
        task = asyncio.create_task(later())
    go.set()
    await task
    async with platform.uow() as tx:
        assert await names(tx, notes) == {"later"}


async def test_a_system_transaction_speaks_for_a_tenant(platform, tenant):
    async with platform.uow.system() as tx:
        with pytest.raises(RuntimeError, match="of"):
            await tx.emit(event("x"))
        await tx.of(tenant).emit(event("x"))
    async with platform.uow() as tx:
        assert (await tx.conn.execute(sa.select(outbox.c.tenant_id))).scalars().all() == [tenant]


async def test_copy_writes_many_rows_under_row_level_security(platform, notes, tenant):
    async with platform.uow() as tx:
        rows = ((tenant, f"row {n}", n) for n in range(5000))
        assert await tx.copy(notes, ["tenant_id", "name", "value"], rows) == 5000
        assert await tx.copy(notes, ["tenant_id", "name", "value"], [(tenant, "again", 1)]) == 1
    with pytest.raises(Exception, match="row-level security"):
        async with platform.uow() as tx:
            await tx.copy(notes, ["tenant_id", "name", "value"], [(uuid4(), "forged", 1)])
    async with platform.uow() as tx:
        total = sa.select(sa.func.count(), sa.func.sum(notes.c.value))
        assert (await tx.conn.execute(total)).one() == (5001, 5000 * 4999 // 2 + 1)


async def test_connections_that_died_in_the_pool_are_replaced(settings, tenant):
    engine = create_engine(settings.model_copy(update={"postgres_pool": 4}))
    uow = UnitOfWork(engine)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(_one(uow))
        async with uow.system() as tx:
            await tx.conn.execute(sa.text("SELECT set_config('role', 'none', true)"))
            mine = (await tx.conn.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
            await tx.conn.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'simba' AND pid <> :mine"
                ),
                {"mine": mine},
            )
        for _ in range(4):
            assert await _one(uow) == 1
    finally:
        await engine.dispose()


async def _one(uow: UnitOfWork) -> int:
    async with uow() as tx:
        await asyncio.sleep(0.05)
        return (await tx.conn.execute(sa.text("SELECT 1"))).scalar_one()


async def test_a_connection_that_dies_in_the_middle_is_unavailable(platform, notes, tenant):
    with pytest.raises(Unavailable) as caught:
        async with platform.uow() as tx:
            await tx.conn.execute(notes.insert().values(tenant_id=tenant, name="lost"))
            pid = (await tx.conn.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
            async with platform.engine.connect() as other:
                await other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await tx.conn.execute(sa.text("SELECT 1"))
    assert caught.value.retry_after
    async with platform.uow() as tx:
        assert await names(tx, notes) == set()


async def test_no_database_is_unavailable(settings):
    engine = create_engine(settings.model_copy(update={"postgres_dsn": "postgresql://x@127.0.0.1:1/x"}))
    with acting_as(system_caller(uuid4())), pytest.raises(Unavailable) as caught:
        async with UnitOfWork(engine)():
            pass
    assert caught.value.metadata == {"engine": "postgresql"}
    await engine.dispose()


async def test_a_lost_race_is_aborted_with_a_delay(platform, notes, tenant):
    from server.platform.engine_errors import ConcurrentChange

    async with platform.uow() as tx:
        for name in ("a", "b"):
            await tx.conn.execute(notes.insert().values(tenant_id=tenant, name=name))
    barrier = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> None:
        async with platform.uow() as tx:
            await tx.conn.execute(notes.update().where(notes.c.name == first).values(value=1))
            await barrier.wait()
            await tx.conn.execute(notes.update().where(notes.c.name == second).values(value=2))

    outcome = await asyncio.gather(cross("a", "b"), cross("b", "a"), return_exceptions=True)
    lost = [each for each in outcome if each is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], ConcurrentChange)
    assert lost[0].retry_after
