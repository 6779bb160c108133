"""The platform's own loops: engines' health, and old rows."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from server.platform.jobs import Loop, every
from server.platform.platform import Platform

_PURGE_SECONDS = 600.0
_PURGE_ROWS = 10_000
_PROBE_SECONDS = 3.0
_PURGE = sa.text(
    "DELETE FROM request_log WHERE ctid IN"
    " (SELECT ctid FROM request_log WHERE create_time < :oldest LIMIT :rows)"
)


async def engines_answer(platform: Platform) -> bool:
    """Whether PostgreSQL, ClickHouse and Valkey all answer now."""
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            answers = await asyncio.gather(_postgres(platform), platform.store.ping(), _valkey(platform))
    except TimeoutError:
        return False
    return all(answers)


async def _postgres(platform: Platform) -> bool:
    try:
        async with platform.engine.connect() as conn:
            return bool((await conn.execute(sa.text("SELECT 1"))).scalar_one())
    except SQLAlchemyError:
        return False


async def _valkey(platform: Platform) -> bool:
    try:
        # The stubs serve the synchronous client as well.
        return bool(await cast("Awaitable[Any]", platform.redis.ping()))
    except (RedisError, OSError):
        return False


def purge_request_log(platform: Platform) -> Loop:
    """Forgets the answers of calls that nobody will repeat any more."""

    async def purge() -> None:
        oldest = platform.clock() - timedelta(days=platform.settings.request_log_days)
        while True:
            async with platform.uow.system() as tx:
                done = await tx.conn.execute(_PURGE, {"oldest": oldest, "rows": _PURGE_ROWS})
            if done.rowcount < _PURGE_ROWS:
                return

    return every(_PURGE_SECONDS, "request-log-purge", purge)
