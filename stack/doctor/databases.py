"""PostgreSQL, ClickHouse and Valkey: reachable, new enough, migrated."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import clickhouse_connect
import psycopg
import redis
from alembic.script import ScriptDirectory
from clickhouse_connect.driver.exceptions import ClickHouseError

from server.migrations import run as migrations
from server.platform.settings import Settings
from stack.doctor.check import Finding, bad, good, warning, words

_OLDEST_POSTGRES: Final = 150000
_MIGRATE: Final = "run `simba migrate`"


def postgres(settings: Settings) -> Iterator[Finding]:
    """The business database."""
    try:
        connection = psycopg.connect(settings.postgres_dsn, connect_timeout=5)
    except psycopg.Error as error:
        yield bad(
            "postgres",
            words(error),
            "set SIMBA_POSTGRES_DSN to a PostgreSQL that runs, or start one: `simba up`",
        )
        return
    with connection:
        version = connection.info.server_version
        if version < _OLDEST_POSTGRES:
            yield bad("postgres", f"PostgreSQL {version // 10000}", "SiMBA needs PostgreSQL 15 or newer")
        else:
            yield good(
                "postgres", f"PostgreSQL {version // 10000}.{version % 10000} at {connection.info.host}"
            )
        yield _schema(connection)


def _schema(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    name = "postgres schema"
    folder = Path(migrations.__file__).parent / "postgres"
    newest = ScriptDirectory(str(folder)).get_current_head()
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return bad(name, "no tables yet", _MIGRATE)
    except psycopg.errors.InsufficientPrivilege as error:
        return bad(name, words(error), "the login needs the roles of SiMBA; see `docs/operations.md`")
    if row is None or row[0] != newest:
        return bad(name, f"at {row[0] if row else 'nothing'}, this release wants {newest}", _MIGRATE)
    return good(name, f"at {newest}")


def clickhouse(settings: Settings) -> Iterator[Finding]:
    """The telemetry store."""
    # The client tells its failures to the log as well, with a traceback.
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)
    advice = "set SIMBA_CLICKHOUSE_URL to a ClickHouse that runs (http://user:password@host:8123/simba)"
    try:
        client = clickhouse_connect.get_client(
            dsn=settings.clickhouse_url,
            autogenerate_session_id=False,
            connect_timeout=5,
            show_clickhouse_errors="scrub",
        )
    except (ClickHouseError, OSError) as error:
        unknown = "UNKNOWN_DATABASE" in str(error)
        # What failed in the network stands at the end of the chain of causes.
        reason = getattr(error.__cause__, "reason", None) or error
        yield bad("clickhouse", words(reason), _MIGRATE if unknown else advice)
        return
    with client:
        yield good("clickhouse", f"ClickHouse {client.server_version}")
        wanted = {path.name for path in (Path(migrations.__file__).parent / "clickhouse").glob("[0-9]*.sql")}
        try:
            done = {
                str(row[0]) for row in client.query("SELECT DISTINCT name FROM schema_migration").result_rows
            }
        except ClickHouseError:
            done = set()
        missing = sorted(wanted - done)
        if missing:
            yield bad("clickhouse schema", f"{len(missing)} to run: {', '.join(missing)}", _MIGRATE)
        else:
            yield good("clickhouse schema", f"{len(wanted)} files applied")


def valkey(settings: Settings) -> Iterator[Finding]:
    """The command bus."""
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=5, socket_timeout=5) as client:
            info = client.info()
            policy = client.config_get("maxmemory-policy")
    except (redis.RedisError, ValueError) as error:
        yield bad(
            "valkey",
            words(error),
            "set SIMBA_REDIS_URL to a Valkey or Redis that runs (redis://:password@host:6379/0)",
        )
        return
    assert isinstance(info, dict)
    assert isinstance(policy, dict)
    server = "Valkey" if "valkey_version" in info else "Redis"
    version = info.get("valkey_version") or info.get("redis_version")
    if policy.get("maxmemory-policy") not in {"noeviction", None}:
        yield warning(
            "valkey",
            f"{server} {version} evicts under memory pressure ({policy['maxmemory-policy']})",
            "set maxmemory-policy to noeviction: commands on the bus must not be evicted",
        )
    elif not info.get("aof_enabled"):
        yield warning("valkey", f"{server} {version} without append-only file", "set appendonly yes")
    else:
        yield good("valkey", f"{server} {version}")
