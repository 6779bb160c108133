"""Both schemas: from nothing, again, at once, and by a login that is no superuser."""

import asyncio

import clickhouse_connect
import psycopg
import pytest
from psycopg import sql

from server.migrations import run
from server.migrations.run import MigrationChanged, migrate
from server.platform.caller import acting_as, system_caller
from server.platform.ids import new_id
from server.platform.platform import open_platform
from tests.support.platform import fresh_settings


async def test_several_processes_may_migrate_at_once_and_again(engines):
    settings = fresh_settings(engines)
    await asyncio.gather(*(asyncio.to_thread(migrate, settings) for _ in range(3)))
    await asyncio.to_thread(migrate, settings)
    client = clickhouse_connect.get_client(dsn=settings.clickhouse_url)
    names = [row[0] for row in client.query("SELECT name FROM schema_migration ORDER BY name").result_rows]
    client.close()
    assert names == sorted(path.name for path in (run._HERE / "clickhouse").glob("[0-9]*.sql"))


async def test_a_file_that_ran_may_not_change(engines, monkeypatch, tmp_path):
    settings = fresh_settings(engines)
    monkeypatch.setattr(run, "_HERE", tmp_path)
    monkeypatch.setattr(run, "_migrate_postgres", lambda _: None)
    (tmp_path / "clickhouse").mkdir()
    first = tmp_path / "clickhouse" / "0101_first.sql"
    first.write_text("CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = {engine:MergeTree} ORDER BY x;\n")
    await asyncio.to_thread(migrate, settings)
    first.write_text(first.read_text() + "-- changed\n")
    with pytest.raises(MigrationChanged, match=r"0101_first\.sql"):
        await asyncio.to_thread(migrate, settings)


async def test_a_login_without_superpowers_can_own_and_run_everything(engines):
    settings = fresh_settings(engines)
    login = f"owner_{new_id().hex}"
    with psycopg.connect(settings.postgres_dsn, autocommit=True) as conn:
        name = conn.info.dbname
        # As a DBA would prepare it: the two roles exist, and the login is a member of them.
        for role in ("simba_app", "simba_system"):
            if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        conn.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'pw' IN ROLE simba_app, simba_system").format(
                sql.Identifier(login)
            )
        )
        conn.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(login))
        )
        host, port = conn.info.host, conn.info.port
    weak = settings.model_copy(update={"postgres_dsn": f"postgresql://{login}:pw@{host}:{port}/{name}"})
    await asyncio.to_thread(migrate, weak)
    async with open_platform(weak) as platform:
        with acting_as(system_caller(new_id())):
            async with platform.uow() as tx:
                await tx.defer("test.any")
        async with platform.uow.system() as tx:
            assert tx.now
