"""An unchanged clickhouse-connect against our HTTP interface: types, formats, inserts, external data."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from uuid import UUID

import clickhouse_connect
import numpy as np
import pyarrow as pa
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.external import ExternalData

ROWS = 200_000
MANY = "SELECT number, toString(number) AS s FROM numbers(1000000)"


def readings(n: int, start: int = 0) -> pa.Table:
    values = np.arange(start, start + n, dtype=np.int64)
    return pa.table(
        {
            "channel": (values // 96).astype(np.uint64),
            "ts": pa.array(values * 900_000, pa.timestamp("ms", "UTC")),
            "value": pa.Array.from_buffers(pa.decimal64(18, 6), n, [None, pa.py_buffer(values)]),
        }
    )


@pytest.fixture
def table(client: Client) -> str:
    client.command(
        "CREATE TABLE reading (channel UInt64, ts DateTime64(3, 'UTC'), value Decimal64(6))"
        " ENGINE = MergeTree ORDER BY (channel, ts) SETTINGS non_replicated_deduplication_window = 100"
    )
    return "reading"


#: UTC without saying so, as this client gives it.
NAIVE = datetime.fromisoformat("2026-03-29T01:00:00")

TYPES = [
    ("UInt8", 255),
    ("Int64", -(2**63)),
    ("UInt256", 2**255),
    ("Float64", 1.5),
    ("Decimal(18, 6)", Decimal("-123456789012.345678")),
    ("Decimal(38, 12)", Decimal("1.000000000001")),
    ("String", "Zähler 'Ω'\n\t\\"),
    ("FixedString(3)", b"abc"),
    ("LowCardinality(String)", "kWh"),
    ("Nullable(Float64)", None),
    ("Date", date(2026, 3, 29)),
    ("DateTime('UTC')", NAIVE),
    ("DateTime64(6, 'UTC')", NAIVE.replace(microsecond=123456)),
    ("UUID", UUID("01890a5d-ac96-774b-bcce-b302099a8057")),
    ("IPv4", IPv4Address("192.0.2.1")),
    ("Array(Nullable(Int32))", [1, None, 3]),
    ("Tuple(a UInt8, b String)", {"a": 1, "b": "x"}),
    ("Map(String, UInt64)", {"a": 1, "b": 2}),
    ("Enum8('REGISTER' = 1, 'INTERVAL' = 2)", "INTERVAL"),
    ("Bool", True),
]

#: Types that the Native format spells in another way, this one for clients of its first protocol version.
SHOWN = {"DateTime('UTC')": "DateTime", "Tuple(a UInt8, b String)": "Tuple(`a` UInt8, `b` String)"}


@pytest.mark.parametrize(("kind", "value"), TYPES, ids=[kind for kind, _ in TYPES])
def test_a_value_of_every_type_comes_back(client: Client, kind: str, value: object) -> None:
    client.command(f"CREATE TABLE t (n UInt8, v {kind}) ENGINE = MergeTree ORDER BY n")
    client.insert("t", [[1, value], [2, value]], column_names=["n", "v"])
    result = client.query("SELECT v FROM t ORDER BY n")
    assert result.result_rows == [(value,), (value,)]
    assert result.column_types[0].name == SHOWN.get(kind, kind)


@pytest.mark.parametrize("compress", ["", "lz4", "zstd", "gzip", "deflate"])
def test_compression_both_ways(url: str, compress: str) -> None:
    with clickhouse_connect.get_client(dsn=url, compress=compress or False) as client:
        client.command("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
        rows = [[n, f"row {n}"] for n in range(50_000)]
        if compress == "deflate":  # which this client only reads
            client.write_compression = None
        client.insert("t", rows, column_names=["n", "s"])
        assert client.query("SELECT n, s FROM t ORDER BY n").result_rows == [tuple(row) for row in rows]


def test_arrow_in_and_out(client: Client, table: str) -> None:
    sent = readings(ROWS)
    summary = client.insert_arrow(table, sent)
    assert summary.written_rows == ROWS
    back = client.query_arrow("SELECT * FROM reading ORDER BY channel, ts")
    assert back.num_rows == ROWS
    assert back["value"].cast(pa.decimal128(18, 6)).equals(sent["value"].cast(pa.decimal128(18, 6)))
    assert back["ts"].cast(pa.timestamp("ms", "UTC")).equals(sent["ts"])


def test_large_results_are_streamed_as_one_arrow_stream(client: Client) -> None:
    with client.query_arrow_stream(MANY) as stream:
        batches = list(stream)
    assert sum(batch.num_rows for batch in batches) == ROWS * 5
    assert (
        pa.concat_tables([pa.Table.from_batches([b]) for b in batches])["number"].to_pylist()[-1]
        == ROWS * 5 - 1
    )


def test_large_results_are_streamed_as_native_blocks(client: Client) -> None:
    with client.query_np_stream("SELECT number FROM numbers(1000000)") as stream:
        total = sum(int(block.sum()) for block in stream)
    assert total == ROWS * 5 * (ROWS * 5 - 1) // 2


def test_empty_results_keep_their_columns(client: Client, table: str) -> None:
    assert client.query("SELECT * FROM reading").result_rows == []
    assert client.query_arrow("SELECT * FROM reading").schema.names == ["channel", "ts", "value"]
    assert client.query("SELECT * FROM reading LIMIT 0").column_names == ("channel", "ts", "value")


def test_server_side_parameters(client: Client) -> None:
    values = {
        "number": 7,
        "text": "it's\na \\ tab\t",
        "when": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        "series": [1, 2, 2**63],
        "none": None,
    }
    row = client.query(
        "SELECT {number:UInt8}, {text:String}, {when:DateTime('UTC')}, {series:Array(UInt64)},"
        " {none:Nullable(String)}",
        parameters=values,
    ).result_rows[0]
    assert row == (7, values["text"], NAIVE.replace(minute=30), [1, 2, 2**63], None)


def test_parameters_of_statements_that_write(client: Client, table: str) -> None:
    client.insert_arrow(table, readings(960))
    client.command(
        "INSERT INTO reading SELECT channel + {shift:UInt64}, ts, value FROM reading",
        parameters={"shift": 1000},
    )
    client.command(
        "ALTER TABLE reading DELETE WHERE channel = {c:UInt64} SETTINGS mutations_sync = 1", {"c": 3}
    )
    assert client.query("SELECT uniqExact(channel), count() FROM reading").result_rows == [(19, 1824)]


def test_many_parameters_travel_in_a_form(url: str) -> None:
    with clickhouse_connect.get_client(dsn=url, form_encode_query_params=True) as client:
        series = list(range(50_000))
        found = client.query(
            "SELECT length({s:Array(UInt64)}), {t:String}", parameters={"s": series, "t": "ü"}
        )
    assert found.result_rows == [(50_000, "ü")]


def test_external_data(client: Client) -> None:
    data = ExternalData(
        file_name="meters.csv", data=b"1,first\n2,second\n", fmt="CSV", structure="id UInt64, name String"
    )
    data.add_file(file_name="other.tsv", data=b"7\t1.5\n", fmt="TSV", types=["UInt8", "Decimal(18,6)"])
    rows = client.query(
        "SELECT name, (SELECT _2 FROM other) FROM meters ORDER BY id", external_data=data
    ).result_rows
    assert rows == [("first", Decimal("1.5")), ("second", Decimal("1.5"))]


def test_settings_of_a_client_and_of_a_query(url: str) -> None:
    with clickhouse_connect.get_client(dsn=url, settings={"max_block_size": 1234}) as client:
        sql = "SELECT getSetting('max_block_size'), getSetting('session_timezone')"
        assert client.query(sql).result_rows == [(1234, "")]
        changed = client.query(sql, settings={"session_timezone": "Europe/Berlin"})
        assert changed.result_rows == [(1234, "Europe/Berlin")]
        assert client.query(sql).result_rows == [(1234, "")]


def test_an_insert_with_the_same_token_is_stored_once(client: Client, table: str) -> None:
    first, other = readings(1000), readings(1000, start=5000)
    for rows, token in ((first, "a"), (other, "a"), (first, "b")):
        client.insert_arrow(table, rows, settings={"insert_deduplication_token": token})
    assert client.command("SELECT count() FROM reading") == 2000


def test_inserts_in_every_spelling(client: Client) -> None:
    client.command("CREATE TABLE t (a UInt64, b String DEFAULT 'd') ENGINE = MergeTree ORDER BY a")
    client.command("INSERT INTO t (a, b) VALUES (1, 'x (y)'), (2, 'FORMAT CSV')")
    client.command("insert into t(a) values ({n:UInt64})", parameters={"n": 3})
    client.command("INSERT INTO t SELECT number + 4, 's' FROM numbers(2)")
    client.raw_insert("t", ["a", "b"], "6,six\n7,seven\n", fmt="CSV")
    client.raw_insert("t", ["a"], iter([b'{"a": 8}\n', b'{"a": 9}\n']), fmt="JSONEachRow")
    client.command("INSERT INTO t (a) SELECT a * 10 FROM input('a UInt64') FORMAT TSV\n1\n2\n")
    assert client.query("SELECT a, b FROM t ORDER BY a").result_rows == [
        (1, "x (y)"), (2, "FORMAT CSV"), (3, "d"), (4, "s"), (5, "s"), (6, "six"), (7, "seven"), (8, "d"), (9,
        "d"), (10, "d"), (20, "d"),
    ]  # fmt: skip


def test_data_frames(client: Client, table: str) -> None:
    client.insert_arrow(table, readings(960))
    frame = client.query_df(
        "SELECT channel, sum(value) AS total FROM reading GROUP BY channel ORDER BY channel"
    )
    assert list(frame.columns) == ["channel", "total"]
    assert len(frame) == 10


def test_raw_formats(client: Client) -> None:
    assert client.raw_query("SELECT 1 AS a, 'x' AS b", fmt="JSONEachRow") == b'{"a":1,"b":"x"}\n'
    assert client.raw_query("SELECT 1 AS a FORMAT CSVWithNames") == b'"a"\n1\n'
    assert client.raw_query("SELECT 'FORMAT Native' -- FORMAT CSV") == b"FORMAT Native\n"
    parquet = client.raw_query("SELECT number FROM numbers(10)", fmt="Parquet")
    assert parquet[:4] == parquet[-4:] == b"PAR1"


def test_the_clock_is_utc(client: Client) -> None:
    (zone, now), *_ = client.query("SELECT timezone(), now()").result_rows
    assert zone == "UTC"
    assert abs(now.replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_session_remembers_settings_database_and_temporary_tables(url: str) -> None:
    with clickhouse_connect.get_client(dsn=url, session_id="s1", database=None) as client:
        client.command("CREATE TEMPORARY TABLE mine (a UInt64)")
        client.insert("mine", [[1], [2]], column_names=["a"])
        client.command("SET max_block_size = 777")
        assert client.query("SELECT sum(a), getSetting('max_block_size') FROM mine").result_rows == [(3, 777)]
        once = client.query("SELECT getSetting('max_block_size')", settings={"max_block_size": 5})
        assert once.result_rows == [(5,)]
        assert client.command("SELECT getSetting('max_block_size')") == 777
        with pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError, match="FUNCTION_THROW_IF"):
            client.query("SELECT throwIf(number = 150000) FROM numbers(200000)")
        assert client.query("SELECT sum(a) FROM mine").result_rows == [(3,)]
    with (
        clickhouse_connect.get_client(dsn=url, session_id="s2") as client,
        pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError, match="UNKNOWN_TABLE"),
    ):
        client.query("SELECT * FROM mine")


async def test_the_asynchronous_client(url: str) -> None:
    client = await clickhouse_connect.get_async_client(dsn=url)
    try:
        await client.command(
            "CREATE TABLE t (channel UInt64, ts DateTime64(3), value Decimal64(6)) ORDER BY channel"
        )
        await client.insert_arrow("t", readings(5000))
        found = await client.query("SELECT count(), max(value) FROM t")
        assert found.result_rows == [(5000, Decimal("0.004999"))]
        assert (await client.query_arrow("SELECT * FROM t")).num_rows == 5000
        assert await client.ping()
    finally:
        await client.close()
