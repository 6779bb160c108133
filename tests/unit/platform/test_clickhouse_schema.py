"""The schema of ClickHouse for one node and for a cluster: each file, each table, by the engine itself."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import server.migrations.run
from server.migrations.render import BadPlaceholder, everywhere, render, statements
from server.migrations.tiering import LARGE, tiering
from server.platform.settings import Settings
from server.platform.tenant_filter import TENANT_TABLES
from server.readings.retention.engine import (
    Place,
    delete_statement,
    drop_statement,
    kill_statement,
    move_statement,
    partitions_sql,
    unfinished_sql,
)
from server.readings.retention.expiry import Expired
from server.readings.retention.stored import TABLES

FILES = sorted(Path(server.migrations.run.__file__).parent.glob("clickhouse/[0-9]*.sql"))
CLUSTER = "field"
KEPT_BY_TIME = {"event_history", "operation"}
"""Tables that no number of a channel or series spreads."""

_SCRIPT = """
import json, os, sys
os.environ["TZ"] = "UTC"
from chdb import connect
data, statements = sys.argv[1], json.load(sys.stdin)
connection = connect(f"{data}/store?config-file={data}/config.xml")
answers = []
for kind, statement in statements:
    try:
        result = str(connection.query(statement, "JSONCompact"))
        answers.append([True, json.loads(result)["data"] if kind == "rows" else ""])
    except Exception as error:
        answers.append([False, str(error)])
sys.stdout.write(json.dumps(answers))
"""

_CONFIG = """<clickhouse>
<tcp_port>9000</tcp_port>
<macros><shard>1</shard><replica>a</replica></macros>
<remote_servers><field><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></field></remote_servers>
<storage_configuration>
<disks><slow><type>local</type><path>{data}/slow/</path></slow></disks>
<policies><tiered><volumes>
<default><disk>default</disk></default><cold><disk>slow</disk></cold>
</volumes></tiered></policies>
</storage_configuration>
</clickhouse>"""


class Engine:
    """The engine in a process of its own, with a cluster of one shard and a storage policy."""

    def __init__(self, data: Path) -> None:
        self._data = data
        (data / "config.xml").write_text(_CONFIG.format(data=data))

    def run(self, *wanted: tuple[str, str]) -> list:
        """Answers to ``("rows", select)`` and ``("do", statement)``; each must work."""
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(self._data)],
            input=json.dumps(wanted),
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        )
        answers = json.loads(done.stdout)
        for (_, statement), (worked, answer) in zip(wanted, answers, strict=True):
            assert worked, f"{statement}\n{answer}"
        return [answer for _, answer in answers]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


def rendered(path: Path, cluster: str) -> list[str]:
    return list(statements(render(path.read_text(), cluster)))


def on_one_node(statement: str) -> str:
    """What a node of a cluster makes of a statement, where there is no Keeper to replicate by."""
    plain = statement.replace(f"ON CLUSTER '{CLUSTER}'", "")
    plain = re.sub(r"Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, )?", r"\1(", plain)
    return plain.replace(" replicated_deduplication_window", " non_replicated_deduplication_window")


@pytest.mark.parametrize("cluster", ["", CLUSTER])
def test_the_engine_parses_every_statement(engine, cluster):
    every = [one for path in FILES for one in rendered(path, cluster)]
    assert len(every) > len(FILES)
    assert not any(re.search(r"\{(?:local|engine|on_cluster|alter|distributed)", one) for one in every)
    quoted = [one.replace("\\", "\\\\").replace("'", "\\'") for one in every]
    engine.run(*(("rows", f"SELECT formatQuery('{one}')") for one in quoted))
    if cluster:
        changing = ("CREATE", "ALTER")
        without = [one for one in every if one.startswith(changing) and "ON CLUSTER" not in one]
        assert without == [], "each node of a cluster has to have it"


def test_a_cluster_has_the_columns_of_its_tables_twice(engine):
    """All files run for a cluster; then what spreads the rows knows the columns of what holds them."""
    every = [("do", on_one_node(one)) for path in FILES for one in rendered(path, CLUSTER)]
    columns = (
        "SELECT table, groupArray((name, type, default_kind)) FROM"
        " (SELECT * FROM system.columns WHERE database = 'default' ORDER BY table, position) GROUP BY table"
    )
    tables = (
        "SELECT name, engine, partition_key, sorting_key, engine_full FROM system.tables"
        " WHERE database = 'default'"
    )
    *_, known, made = engine.run(*every, ("rows", columns), ("rows", tables))
    by_table = dict(known)
    facts = {name: rest for name, *rest in made}
    spread = sorted(name for name, (kind, *_) in facts.items() if kind == "Distributed")
    assert set(spread) >= TENANT_TABLES - {"channel_span_feed"}
    for name in spread:
        assert by_table[name] == by_table[f"{name}_local"], name
        _, partition, order, _ = facts[f"{name}_local"]
        assert order.startswith("tenant_id,"), f"{name} is ordered by {order}"
        full = facts[name][3]
        key = full.rpartition(",")[2].strip(" )")
        keys = {"channel", "series"} & {column for column, *_ in by_table[name]}
        assert key in keys or name in KEPT_BY_TIME | {"dead_reading"}, f"{name} is spread by {key}"
        known_one = next((one for one in TABLES if one.name == name), None)
        if known_one is not None:
            assert partition == known_one.partition, name
            assert known_one.key == key


def test_one_node_takes_every_file_twice(engine):
    once = [("do", one) for path in FILES for one in rendered(path, "") if not one.startswith("INSERT")]
    engine.run(*once, *once)


def test_an_alteration_reaches_both_tables_of_a_cluster(engine):
    text = "{alter:raw_reading} ADD COLUMN IF NOT EXISTS origin UInt8 DEFAULT 1;\n"
    assert list(statements(render(text))) == [
        "ALTER TABLE raw_reading ADD COLUMN IF NOT EXISTS origin UInt8 DEFAULT 1"
    ]
    both = list(statements(render(text, CLUSTER)))
    assert both == [
        f"ALTER TABLE {name} ON CLUSTER 'field' ADD COLUMN IF NOT EXISTS origin UInt8 DEFAULT 1"
        for name in ("raw_reading_local", "raw_reading")
    ]
    before = [("do", on_one_node(one)) for one in rendered(FILES[0], CLUSTER)]
    seen = "SELECT table FROM system.columns WHERE database = 'default' AND name = 'origin' ORDER BY table"
    *_, found = engine.run(*before, *(("do", on_one_node(one)) for one in both), ("rows", seen))
    assert found == [["raw_reading"], ["raw_reading_local"]]


def test_an_engine_for_every_node_of_a_cluster():
    assert everywhere("MergeTree") == "MergeTree"
    there = everywhere("MergeTree", CLUSTER)
    assert there.startswith("ReplicatedMergeTree('/clickhouse/tables/all/")
    # Replicas of several shards have to have names of their own there.
    assert there.endswith("'{shard}-{replica}')")


def test_a_placeholder_without_its_argument_is_refused():
    with pytest.raises(BadPlaceholder):
        render("CREATE TABLE {local} ()")


def test_nothing_is_tiered_without_a_storage_policy():
    assert list(tiering(Settings(clickhouse_cold_after_days=90))) == []


@pytest.mark.parametrize("cluster", ["", CLUSTER])
def test_old_partitions_move_to_the_cold_volume(engine, cluster):
    """By the table's own TTL, and by the worker's statement; asked for again nothing changes."""
    settings = Settings(
        clickhouse_storage_policy="tiered", clickhouse_cold_after_days=90, clickhouse_cluster=cluster
    )
    made = [on_one_node(one) for path in FILES[:3] for one in rendered(path, cluster)]
    tiers = [on_one_node(one) for one in tiering(settings)]
    assert len(tiers) == 2 * len(LARGE)
    raw = next(one for one in TABLES if one.name == "raw_reading")
    rows = (
        "INSERT INTO raw_reading (tenant_id, channel, ts, received) SELECT generateUUIDv4(), number,"
        " toDateTime64('{month}-15 00:00:00', 3, 'UTC'), now64(3) FROM numbers(10)"
    )
    place = Place(cluster)
    disks = ("rows", partitions_sql(place, raw))
    moved = ("do", on_one_node(move_statement(place, raw, "203001", "cold")))
    *_, before, _, after = engine.run(
        *(("do", one) for one in made),
        *(("do", one) for one in (*tiers, *tiers)),
        ("do", rows.format(month="2030-01")),
        ("do", rows.format(month="2020-01")),
        disks,
        moved,
        disks,
    )
    assert {name: where for name, _, where in before} == {"203001": ["default"], "202001": ["slow"]}
    assert {name: where for name, _, where in after} == {"203001": ["slow"], "202001": ["slow"]}


def test_what_retention_says_is_understood_on_a_cluster(engine):
    """Its statements are parsed; those that ask are run against a cluster of one shard."""
    raw = next(one for one in TABLES if one.name == "raw_reading")
    place = Place(CLUSTER)
    some = Expired(datetime(2024, 5, 5, tzinfo=UTC), ((1, 1), (7, 99)))
    told = [
        delete_statement(place, raw, [("202401", some), ("202402", some)]),
        drop_statement(place, raw, "202401"),
        move_statement(place, raw, "202401", "cold"),
    ]
    assert all("raw_reading_local ON CLUSTER 'field'" in one for one in told)
    parsed = [one.replace("\\", "\\\\").replace("'", "\\'") for one in (*told, kill_statement(place))]
    asked = [unfinished_sql(place), partitions_sql(place, raw)]
    engine.run(
        *(("rows", f"SELECT formatQuery('{one}')") for one in parsed), *(("rows", one) for one in asked)
    )
    (deletion,) = engine.run(("rows", f"SELECT formatQuery('{parsed[0]}')"))
    assert deletion[0][0].count("DELETE IN PARTITION ID") == 2
