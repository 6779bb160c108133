"""The HTTP interface itself: errors, authentication, GET, codings, query ids, cancelling, kill -9."""

import base64
import gzip
import json
import threading
import time
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import clickhouse_connect
import httpx
import lz4.frame
import pytest
import zstandard
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.support.engines import Engines

ENDLESS = (
    "SELECT sleepEachRow(0.01) FROM numbers(1000000)"
    " SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0"
)


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    """Plain HTTP as the user of the engine, in a fresh database."""
    parts = urlsplit(url)
    with httpx.Client(
        base_url=f"http://{parts.hostname}:{parts.port}",
        headers={"X-ClickHouse-User": parts.username or "", "X-ClickHouse-Key": parts.password or ""},
        params={"database": parts.path.lstrip("/")},
        timeout=30,
    ) as client:
        yield client


def test_ping_needs_no_password(http: httpx.Client) -> None:
    for path in ("/ping", "/replicas_status", "/"):
        answer = httpx.get(f"{http.base_url}{path}")
        assert (answer.status_code, answer.text) == (200, "Ok.\n")
    assert httpx.get(f"{http.base_url}/nothing").status_code == 404


@pytest.mark.parametrize(
    ("sql", "status", "code", "name"),
    [
        ("SELECT * FROM nowhere", 404, 60, "UNKNOWN_TABLE"),
        ("SELEKT 1", 400, 62, "SYNTAX_ERROR"),
        ("SELECT nothing", 404, 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT toUInt8('x')", 400, 6, "CANNOT_PARSE_TEXT"),
        ("SELECT throwIf(1)", 500, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
        ("SELECT {a:UInt8}", 400, 456, "UNKNOWN_QUERY_PARAMETER"),
        ("INSERT INTO nowhere FORMAT CSV\n1", 404, 60, "UNKNOWN_TABLE"),
        ("SELECT 1; SELECT 2", 400, 62, "SYNTAX_ERROR"),
        (" ", 400, 62, "SYNTAX_ERROR"),
    ],
)
def test_errors_have_clickhouses_codes(
    http: httpx.Client, sql: str, status: int, code: int, name: str
) -> None:
    answer = http.post("/", content=sql)
    assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (status, str(code))
    assert answer.text.startswith(f"Code: {code}. DB::Exception: ")
    assert f"({name}) (version " in answer.text
    assert http.post("/", content="SELECT 1").text == "1\n"


def test_an_error_in_the_middle_of_a_result_is_marked(http: httpx.Client) -> None:
    answer = http.post("/", content="SELECT throwIf(number = 3000000) FROM numbers(5000000) FORMAT TSV")
    tag = answer.headers["X-ClickHouse-Exception-Tag"]
    tail = answer.text[-500:]
    assert answer.status_code == 200
    assert f"__exception__\r\n{tag}\r\nCode: 395. DB::Exception: " in tail
    assert tail.endswith(f" {tag}\r\n__exception__\r\n")


def test_the_client_raises_an_error_in_the_middle_of_a_result(client: Client) -> None:
    sql = "SELECT number, throwIf(number = 3000000) FROM numbers(5000000)"
    with pytest.raises(Exception, match="FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"):
        client.query_np(sql)
    assert client.command("SELECT 1") == 1


def test_bad_data_name_the_row_and_store_nothing(http: httpx.Client) -> None:
    http.post("/", content="CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    answer = http.post("/", params={"query": "INSERT INTO t FORMAT CSV"}, content="1\n2\nthree\n")
    assert answer.status_code == 400
    assert "three" in answer.text
    assert http.post("/", content="SELECT count() FROM t").text == "0\n"


def test_unknown_settings_and_databases_are_refused(http: httpx.Client) -> None:
    assert "UNKNOWN_SETTING" in http.post("/", params={"nonsense": "1"}, content="SELECT 1").text
    answer = http.post("/", params={"database": "nowhere"}, content="SELECT 1")
    assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (404, "81")
    assert "BAD_ARGUMENTS" in http.post("/", params={"a b": "1"}, content="SELECT 1").text
    assert "NOT_IMPLEMENTED" in http.post("/", params={"compress": "1"}, content="SELECT 1").text


def test_a_wrong_or_missing_password_is_403_and_516(http: httpx.Client) -> None:
    right = http.headers["X-ClickHouse-User"], http.headers["X-ClickHouse-Key"]
    url = str(http.base_url)
    basic = {"Authorization": "Basic " + base64.b64encode(":".join(right).encode()).decode()}
    for headers, params in (({}, {"user": right[0], "password": right[1]}), (basic, {})):
        assert httpx.post(url, headers=headers, params=params, content="SELECT 1").text == "1\n"
    wrong = [
        {},
        {"X-ClickHouse-User": right[0], "X-ClickHouse-Key": "wrong"},
        {"X-ClickHouse-User": "nobody", "X-ClickHouse-Key": ""},
        {"Authorization": "Basic !"},
        {"Authorization": "Bearer x"},
        {**basic, "X-ClickHouse-User": right[0]},
    ]
    for headers in wrong:
        answer = httpx.post(url, headers=headers, content="SELECT 1")
        assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (403, "516")
        assert "AUTHENTICATION_FAILED" in answer.text
    with pytest.raises(DatabaseError, match="516"):
        clickhouse_connect.get_client(host="127.0.0.1", port=http.base_url.port or 0, password="wrong")


def test_get_only_reads(http: httpx.Client) -> None:
    assert http.get("/", params={"query": "SELECT 1"}).text == "1\n"
    for sql in (
        "CREATE TABLE t (a UInt8) ENGINE = Memory",
        "INSERT INTO t VALUES (1)",
        "DROP DATABASE default",
    ):
        answer = http.get("/", params={"query": sql})
        assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (403, "164")
    refused = http.post("/", params={"readonly": "1"}, content="CREATE TABLE t (a UInt8) ENGINE = Memory")
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("coding", "encode", "decode"),
    [
        ("lz4", lz4.frame.compress, lz4.frame.decompress),
        ("zstd", zstandard.compress, zstandard.ZstdDecompressor().decompressobj().decompress),
        ("gzip", gzip.compress, gzip.decompress),
        ("deflate", zlib.compress, zlib.decompress),
    ],
)
def test_codings_in_one_or_several_frames(http: httpx.Client, coding: str, encode, decode) -> None:
    http.post("/", content="CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    frames = encode(b"INSERT INTO t FORM") + encode(b"AT CSV\n1\n2\n") + encode(b"3\n")
    assert http.post("/", headers={"Content-Encoding": coding}, content=frames).status_code == 200
    request = http.build_request(
        "POST",
        "/",
        headers={"Accept-Encoding": coding},
        content="SELECT t.a FROM t, numbers(2000) AS n ORDER BY a",
    )
    answer = http.send(request, stream=True)
    assert answer.headers["Content-Encoding"] == coding
    body = decode(b"".join(answer.iter_raw()))
    answer.close()
    assert body.count(b"\n") == 6000
    cut = http.post("/", headers={"Content-Encoding": coding}, content=frames[:-7])
    assert cut.status_code != 200


def test_a_broken_or_unknown_coding_is_an_error(http: httpx.Client) -> None:
    assert (
        http.post("/", headers={"Content-Encoding": "br"}, content=b"x").headers[
            "X-ClickHouse-Exception-Code"
        ]
        == "89"
    )
    for coding in ("lz4", "zstd", "gzip", "deflate"):
        answer = http.post("/", headers={"Content-Encoding": coding}, content=b"SELECT 1")
        assert answer.headers["X-ClickHouse-Exception-Code"] == "354"


def test_headers_tell_what_was_done(http: httpx.Client) -> None:
    answer = http.post(
        "/", params={"query_id": "mine-1"}, content="SELECT number FROM numbers(10) FORMAT JSONEachRow"
    )
    summary = json.loads(answer.headers["X-ClickHouse-Summary"])
    assert (summary["read_rows"], summary["result_rows"]) == ("10", "10")
    assert answer.headers["X-ClickHouse-Query-Id"] == "mine-1"
    assert answer.headers["X-ClickHouse-Format"] == "JSONEachRow"
    assert answer.headers["X-ClickHouse-Timezone"] == "UTC"
    written = http.post("/", content="CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    written = http.post("/", content="INSERT INTO t FORMAT CSV\n1\n2\n")
    assert json.loads(written.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert len(written.headers["X-ClickHouse-Query-Id"]) == 36


def test_kill_query_ends_a_running_query_by_its_id(client: Client, url: str) -> None:
    failed: list[Exception] = []

    def run() -> None:
        with clickhouse_connect.get_client(dsn=url) as other:
            try:
                other.query(ENDLESS, settings={"query_id": "endless-1"})
            except DatabaseError as error:
                failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    await_process(client, "endless-1", present=True)
    with pytest.raises(DatabaseError, match="216"):
        client.query("SELECT 1", settings={"query_id": "endless-1"})
    client.command("KILL QUERY WHERE query_id = {id:String} ASYNC", parameters={"id": "endless-1"})
    thread.join(10)
    assert not thread.is_alive()
    assert failed[0].code == 394  # type: ignore[attr-defined]
    await_process(client, "endless-1", present=False)


def test_a_read_ends_when_its_caller_hangs_up(client: Client, http: httpx.Client) -> None:
    params = {"query_id": "endless-2", "cancel_http_readonly_queries_on_client_close": "1"}
    with pytest.raises(httpx.ReadTimeout):
        http.post("/", params=params, content=ENDLESS, timeout=0.5)
    await_process(client, "endless-2", present=False)


def test_an_insert_whose_caller_hangs_up_leaves_nothing_running(client: Client, http: httpx.Client) -> None:
    client.command("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")

    def body() -> Iterator[bytes]:
        yield b"INSERT INTO t FORMAT CSV\n" + b"1\n" * 1000
        raise OSError("the caller dies")

    with pytest.raises(OSError, match="the caller dies"):
        http.post("/", params={"query_id": "endless-3"}, content=body())
    await_process(client, "endless-3", present=False)
    assert client.command("SELECT count() FROM t") == 0


def await_process(client: Client, query_id: str, *, present: bool) -> None:
    deadline = time.monotonic() + 10
    sql = "SELECT count() FROM system.processes AS p WHERE p.query_id = {id:String}"
    while (client.command(sql, parameters={"id": query_id}) != 0) is not present:
        assert time.monotonic() < deadline, f"{query_id}: present is not {present}"
        time.sleep(0.02)


def test_time_limits_hold(http: httpx.Client) -> None:
    answer = http.post("/", params={"max_execution_time": "1"}, content=ENDLESS)
    assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (408, "159")


def test_queries_run_side_by_side(url: str) -> None:
    sql = "SELECT sleep(0.5)"
    began = time.monotonic()

    def run() -> None:
        with clickhouse_connect.get_client(dsn=url) as client:
            client.query(sql)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 2.5


def test_one_request_at_a_time_uses_a_session(http: httpx.Client) -> None:
    session = {"session_id": "one"}
    thread = threading.Thread(target=lambda: http.post("/", params=session, content="SELECT sleep(1)"))
    thread.start()
    time.sleep(0.4)
    answer = http.post("/", params=session, content="SELECT 1")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "373"
    thread.join()
    assert http.post("/", params=session, content="SELECT 1").text == "1\n"
    missing = http.post("/", params={"session_id": "other", "session_check": "1"}, content="SELECT 1")
    assert missing.headers["X-ClickHouse-Exception-Code"] == "372"


def test_kill_9_in_the_middle_of_inserts_loses_nothing_that_was_acknowledged(
    private_engines: Engines,
) -> None:
    url = private_engines.clickhouse_url()
    with clickhouse_connect.get_client(dsn=url) as client:
        client.command(
            "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a"
            " SETTINGS non_replicated_deduplication_window = 1000"
        )
    acknowledged: list[int] = []
    stop = threading.Event()

    def insert() -> None:
        block = 0
        while not stop.is_set():
            rows = "\n".join(str(block * 1000 + n) for n in range(1000))
            try:
                with clickhouse_connect.get_client(dsn=url) as client:
                    client.raw_insert(
                        "t", ["a"], rows, fmt="CSV", settings={"insert_deduplication_token": f"block {block}"}
                    )
            except Exception:  # noqa: BLE001 - the server is away; the same block comes again
                time.sleep(0.05)
                continue
            acknowledged.append(block)
            block += 1

    thread = threading.Thread(target=insert)
    thread.start()
    for _ in range(3):
        time.sleep(0.7)
        private_engines.kill("clickhouse")
    stop.set()
    thread.join()
    with clickhouse_connect.get_client(dsn=url) as client:
        assert len(acknowledged) > 3
        counted = client.query("SELECT count(), uniqExact(a), max(a) FROM t").result_rows
    assert counted == [(len(acknowledged) * 1000, len(acknowledged) * 1000, len(acknowledged) * 1000 - 1)]
