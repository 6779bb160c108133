"""Brings both databases up to date.

Safe to run again and in several processes at once: a PostgreSQL advisory lock lets one work while the
others wait, and then find nothing to do.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import clickhouse_connect
import sqlalchemy as sa
import urllib3
from alembic import command
from alembic.config import Config
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from sqlalchemy.exc import OperationalError

from server.migrations.render import everywhere, render, statements
from server.migrations.tiering import tiering
from server.platform.platform import sqlalchemy_url
from server.platform.settings import Settings

T = TypeVar("T")

_HERE = Path(__file__).parent
_LOCK = 0x53_4D_42_41
_LOCK_TIMEOUT = "5s"
_STATEMENT_TIMEOUT = "120s"
_RETRY_SECONDS = 0.2

_log = logging.getLogger(__name__)


class MigrationChanged(RuntimeError):
    """A ClickHouse schema file was changed after it ran here."""


def migrate(settings: Settings, *, wait_seconds: float = 30.0) -> None:
    """Migrates PostgreSQL and ClickHouse, waiting ``wait_seconds`` for each to answer."""
    engine = sa.create_engine(sqlalchemy_url(settings.postgres_dsn), poolclass=sa.NullPool)
    lock = _patiently(engine.connect, OperationalError, wait_seconds)
    with lock:
        # A session lock on a connection of its own: it ends with us, however we end.
        lock.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        lock.commit()
        _migrate_postgres(engine)
        _migrate_clickhouse(settings, wait_seconds)
    engine.dispose()


def _migrate_postgres(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_HERE / "postgres"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as conn:
        conn.execute(
            sa.text(
                "SELECT set_config('lock_timeout', :lock, false),"
                " set_config('statement_timeout', :long, false)"
            ),
            {"lock": _LOCK_TIMEOUT, "long": _STATEMENT_TIMEOUT},
        )
        conn.commit()
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def _migrate_clickhouse(settings: Settings, wait_seconds: float) -> None:
    url, database = _without_database(settings.clickhouse_url)

    def connect(dsn: str) -> Client:
        return clickhouse_connect.get_client(dsn=dsn, autogenerate_session_id=False)

    cluster = settings.clickhouse_cluster
    on_cluster = render("{on_cluster}", cluster)
    with _closing(
        _patiently(lambda: connect(url), (ClickHouseError, urllib3.exceptions.HTTPError), wait_seconds)
    ) as root:
        root.command(f"CREATE DATABASE IF NOT EXISTS `{database}` {on_cluster}")
    with _closing(connect(settings.clickhouse_url)) as client:
        client.command(
            f"CREATE TABLE IF NOT EXISTS schema_migration {on_cluster} "
            "(name String, sha256 String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) "
            # Every node knows what ran: the next migration may come to a node of another shard.
            f"ENGINE = {everywhere('MergeTree', cluster)} ORDER BY name"
        )
        applied = client.query("SELECT name, any(sha256) FROM schema_migration GROUP BY name").result_rows
        done = {str(name): str(digest) for name, digest in applied}
        for path in sorted((_HERE / "clickhouse").glob("[0-9]*.sql")):
            _apply(client, path, cluster, done)
        for statement in tiering(settings):
            client.command(statement)


def _apply(client: Client, path: Path, cluster: str, done: dict[str, str]) -> None:
    text = path.read_text()
    digest = hashlib.sha256(text.encode()).hexdigest()
    if path.name in done:
        if done[path.name] != digest:
            raise MigrationChanged(f"{path.name} was changed after it ran here; add a new file instead")
        return
    _log.info("applying %s", path.name)
    for statement in statements(render(text, cluster)):
        client.command(statement)
    client.insert("schema_migration", [[path.name, digest]], column_names=["name", "sha256"])


def _without_database(url: str) -> tuple[str, str]:
    """The URL without its database, and the database."""
    parts = urlsplit(url)
    return parts._replace(path="/default").geturl(), unquote(parts.path.lstrip("/")) or "default"


@contextmanager
def _closing(client: Client) -> Iterator[Client]:
    try:
        yield client
    finally:
        client.close()


def _patiently(
    connect: Callable[[], T], errors: type[Exception] | tuple[type[Exception], ...], seconds: float
) -> T:
    end = time.monotonic() + seconds
    while True:
        try:
            return connect()
        except errors:
            if time.monotonic() >= end:
                raise
            time.sleep(_RETRY_SECONDS)
