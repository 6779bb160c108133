"""The platform: the engines and what stands on them, opened once per process."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import redis.asyncio as redis
import sqlalchemy as sa
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from kernel.bus import Bus
from server.platform.outbox_signal import OutboxSignal
from server.platform.paging import Pages
from server.platform.rates import Rates
from server.platform.secrets import SecretBox, masters
from server.platform.settings import Settings
from server.platform.sql import read_json
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork


def utc_now() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Platform:
    """What capabilities are built from."""

    settings: Settings
    uow: UnitOfWork
    store: TelemetryStore
    redis: "redis.Redis"
    bus: Bus
    pages: Pages
    rates: Rates
    secrets: SecretBox
    clock: Callable[[], datetime]
    engine: AsyncEngine
    """For loops that need a connection of their own; capabilities use ``uow``."""


def sqlalchemy_url(dsn: str) -> sa.URL:
    """The SQLAlchemy URL (psycopg 3) of a libpq URL."""
    return sa.make_url(dsn).set(drivername="postgresql+psycopg")


def create_engine(settings: Settings) -> AsyncEngine:
    """The connection pool of a process."""
    idle_ms = int(settings.idle_transaction_seconds * 1000)
    return create_async_engine(
        sqlalchemy_url(settings.postgres_dsn),
        pool_size=settings.postgres_pool,
        max_overflow=0,
        pool_timeout=10,
        # The connection that was used last has its statements prepared and its pages at hand.
        pool_use_lifo=True,
        json_deserializer=read_json,
        # Transactions are begun by UnitOfWork, together with who they are of.
        isolation_level="AUTOCOMMIT",
        pool_recycle=1800,
        connect_args={
            "application_name": "simba",
            "connect_timeout": 5,
            "options": f"-c idle_in_transaction_session_timeout={idle_ms}",
        },
    )


def create_redis(settings: Settings) -> "redis.Redis":
    """The Valkey client of a process; it reconnects by itself."""
    return redis.from_url(
        settings.redis_url,
        socket_connect_timeout=3,
        health_check_interval=15,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.02), retries=3),
    )


@asynccontextmanager
async def open_platform(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Platform]:
    """Opens the engines' clients, which connect when first used, and closes them at the end."""
    engine = create_engine(settings)
    store = TelemetryStore(settings.clickhouse_url, threads=settings.clickhouse_threads)
    client = create_redis(settings)
    signal = OutboxSignal(engine)
    uow = UnitOfWork(
        engine,
        clock=clock,
        statement_timeout_seconds=settings.statement_timeout_seconds,
        on_commit=signal.set,
    )
    try:
        yield Platform(
            settings=settings,
            uow=uow,
            store=store,
            redis=client,
            bus=Bus(client),
            pages=Pages(settings.token_secret),
            rates=Rates(client),
            secrets=SecretBox(masters(settings.secrets_keys)),
            clock=clock,
            engine=engine,
        )
    finally:
        await signal.close()
        await client.aclose()
        await store.close()
        await engine.dispose()
