"""The engines of the test suite: each answers, gives fresh databases, comes back after kill -9."""

import clickhouse_connect
import psycopg
import pytest
import redis

from tests.support.engines import Engines


def test_postgres_gives_fresh_databases_and_copies(engines: Engines) -> None:
    first = engines.postgres_dsn()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    copy = engines.postgres_dsn(first)
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (7,)
        assert str(connection.execute("SHOW timezone").fetchone()[0]) == "UTC"  # type: ignore[index]
    with psycopg.connect(engines.postgres_dsn()) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT n FROM t")


def test_a_template_is_filled_once(engines: Engines) -> None:
    filled: list[str] = []
    for _ in range(2):
        dsn = engines.migrated_dsn("test-template", filled.append)
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(filled) == 1


def test_postgres_refuses_a_wrong_password(engines: Engines) -> None:
    wrong = psycopg.conninfo.conninfo_to_dict(engines.postgres_dsn()) | {"password": "wrong"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**wrong)


def test_clickhouse_gives_fresh_databases(engines: Engines) -> None:
    with clickhouse_connect.get_client(dsn=engines.clickhouse_url()) as client:
        assert client.command("SELECT currentDatabase()").startswith("t_")  # type: ignore[union-attr]
        assert client.command("SHOW TABLES") is not None


def test_every_engine_comes_back_after_kill_9_with_what_it_had_acknowledged(private_engines: Engines) -> None:
    dsn, url, clickhouse = (
        private_engines.postgres_dsn(),
        private_engines.redis_url(),
        private_engines.clickhouse_url(),
    )
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    with redis.Redis.from_url(url) as client:
        assert client.xadd("stream", {"n": 1})
    with clickhouse_connect.get_client(dsn=clickhouse) as store:
        store.command("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
        store.insert("t", [[n] for n in range(1000)], column_names=["n"])
    for name in ("postgres", "valkey", "clickhouse", "broker"):
        private_engines.kill(name)
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (7,)
    with redis.Redis.from_url(url) as client:
        assert client.xlen("stream") == 1
    with clickhouse_connect.get_client(dsn=clickhouse) as store:
        assert store.command("SELECT count() FROM t") == 1000
