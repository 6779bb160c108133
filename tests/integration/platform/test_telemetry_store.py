"""The telemetry store on a real ClickHouse."""

import asyncio
from uuid import uuid4

import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from server.platform.errors import Unavailable
from server.platform.telemetry_store import TelemetryStore


@pytest.fixture
async def table(platform) -> str:
    name = f"test_{uuid4().hex}"
    await platform.store.command(
        f"CREATE TABLE {name} (channel UInt64, value Decimal64(6)) ENGINE = MergeTree ORDER BY channel"
        " SETTINGS non_replicated_deduplication_window = 100"
    )
    return name


def block(start: int, count: int) -> pa.Table:
    value = pa.array(range(count), pa.int64())
    micro = pa.Array.from_buffers(pa.decimal64(18, 6), count, [None, value.buffers()[1]])
    return pa.table({"channel": pa.array(range(start, start + count), pa.uint64()), "value": micro})


async def test_arrow_in_and_out(platform, table):
    await platform.store.insert(table, block(1, 1000))
    got = await platform.store.query(
        "SELECT channel, value, 'text' AS s FROM {t:Identifier}"
        " WHERE channel IN {c:Array(UInt64)} ORDER BY 1",
        {"t": table, "c": [1, 1000, 5000]},
    )
    assert got["channel"].to_pylist() == [1, 1000]
    assert str(got["value"].to_pylist()[1]) == "0.000999"
    assert got["s"].to_pylist() == ["text", "text"]


async def test_a_repeated_insert_with_its_token_is_dropped(platform, table):
    for _ in range(2):
        await platform.store.insert(table, block(1, 10), dedup_token="t-1")
    await platform.store.insert(table, block(1, 10), dedup_token="t-2")
    assert await platform.store.rows("SELECT count() FROM {t:Identifier}", {"t": table}) == [(20,)]


async def test_a_long_list_of_parameters(platform):
    numbers = list(range(50_000))
    got = await platform.store.rows("SELECT length({c:Array(UInt64)})", {"c": numbers})
    assert got == [(50_000,)]


async def test_many_at_once(platform):
    got = await asyncio.gather(*(platform.store.rows(f"SELECT {n}") for n in range(40)))
    assert [rows[0][0] for rows in got] == list(range(40))


async def test_mistakes_in_sql_are_defects_not_outages(platform):
    with pytest.raises(ClickHouseError, match="UNKNOWN_TABLE"):
        await platform.store.rows("SELECT * FROM nothing_of_the_kind")


async def test_no_engine_is_unavailable():
    store = TelemetryStore("http://default:@127.0.0.1:1/x")
    with pytest.raises(Unavailable) as caught:
        await store.rows("SELECT 1")
    assert caught.value.metadata == {"engine": "clickhouse"}
    assert caught.value.retry_after
    assert not await store.ping()
    await store.close()
