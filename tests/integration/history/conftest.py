"""Tools for tests of the history: linking at will, and PostgreSQL's superuser, who may do everything."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest_asyncio
import sqlalchemy as sa

from server.access import store
from server.access.domain import Tenant
from server.platform.caller import Caller
from server.platform.history_relay import ChangeRelay
from server.platform.history_tables import change_pending
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.rpc.methods import permission_catalogue
from tests.support.platform import TestTenant

Superuser = Callable[..., Awaitable[Any]]


async def tenant_without_history(platform: Platform) -> TestTenant:
    """A tenant to which nothing has happened yet: not even a key was made."""
    async with platform.uow.system() as tx:
        made = Tenant(new_id(), f"t{uuid4().hex}", "Test", "UTC", True, 1, tx.now)
        await store.insert_tenant(tx, made)
    return TestTenant(Caller(made.tenant_id, "api-keys/test", "Test", permission_catalogue()), "")


@pytest_asyncio.fixture(loop_scope="session")
async def own_tenant(platform: Platform) -> TestTenant:
    return await tenant_without_history(platform)


async def link_all(platform: Platform) -> None:
    """Links everything that is committed, here or in a worker that is at it."""
    relay = ChangeRelay(platform.uow)
    left = True
    while left:
        # None are linked here while a worker is at it; then it is waited for.
        await relay.round()
        async with platform.uow.system() as tx:
            left = bool(await tx.conn.scalar(sa.select(sa.exists(sa.select(change_pending.c.id)))))


@pytest_asyncio.fixture(loop_scope="session")
async def superuser(platform: Platform) -> AsyncIterator[Superuser]:
    async with await psycopg.AsyncConnection.connect(platform.settings.postgres_dsn, autocommit=True) as conn:

        async def run(sql: str, **values: Any) -> Any:
            cursor = await conn.execute(sql, values)
            return await cursor.fetchall() if cursor.description else None

        yield run
