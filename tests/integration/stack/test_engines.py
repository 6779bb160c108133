"""The engines of the test suite themselves: each answers, gives fresh databases, and comes back after kill -9."""

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


def test_valkey_keeps_what_was_acknowledged_before_kill_9(engines: Engines) -> None:
    url = engines.redis_url()
    with redis.Redis.from_url(url) as client:
        assert client.xadd("stream", {"n": 1})
    engines.kill("valkey")
    with redis.Redis.from_url(url) as client:
        assert client.xlen("stream") == 1


def test_clickhouse_gives_fresh_databases(engines: Engines) -> None:
    with clickhouse_connect.get_client(dsn=engines.clickhouse_url()) as client:
        assert client.command("SELECT currentDatabase()").startswith("t_")  # type: ignore[union-attr]
        assert client.command("SHOW TABLES") is not None


def test_postgres_comes_back_after_kill_9(engines: Engines) -> None:
    dsn = engines.postgres_dsn()
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    engines.kill("postgres")
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (7,)
