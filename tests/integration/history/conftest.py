"""Tools for tests of the history: linking at will, and PostgreSQL's superuser, who may do everything."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest_asyncio

from server.platform.history_relay import ChangeRelay
from server.platform.platform import Platform

Superuser = Callable[..., Awaitable[Any]]


async def link_all(platform: Platform) -> None:
    """Links everything that is committed, here or in a worker that is at it."""
    relay = ChangeRelay(platform.uow)
    while await relay.round():
        pass


@pytest_asyncio.fixture(loop_scope="session")
async def superuser(platform: Platform) -> AsyncIterator[Superuser]:
    async with await psycopg.AsyncConnection.connect(platform.settings.postgres_dsn, autocommit=True) as conn:

        async def run(sql: str, **values: Any) -> Any:
            cursor = await conn.execute(sql, values)
            return await cursor.fetchall() if cursor.description else None

        yield run
