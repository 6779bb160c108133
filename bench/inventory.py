"""An inventory of any size, made inside PostgreSQL: models, two trees, usage points, meters, who is where.

Everything is a function of its number, so that whoever knows the size knows every id: rows are generated
where they are stored, at the speed of the engine.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psycopg

from bench.report import Say
from bench.stage import Stage
from server.devices.documents import clock_document, template_document
from server.devices.domain import ChannelTemplate, ClockBehaviour
from server.devices.trees import REBUILD

INSTALLED_SHARE: Final = 0.9
"""How many of the meters are installed, each at the usage point of the same number."""
MODELS: Final = 10
ROUTES: Final = 500
"""Values of the label ``route``."""
BATCHES: Final = 50
_CONCENTRATORS: Final = 1000
_PLACES: Final = (("region", 10), ("district", 10), ("settlement", 10), ("building", 24))
_GRID: Final = (("substation", 40), ("transformer", 25), ("feeder", 24))
"""Kinds of nodes of each tree, the root's first, and how many are below each of the kind before."""
_BUILDINGS: Final = 10 * 10 * 10 * 24
_FEEDERS: Final = 40 * 25 * 24
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_METER, _POINT, _INSTALLATION, _MODEL, _CONCENTRATOR = range(5)
_PLACE: Final = 16
_NETWORK: Final = 32
"""The first of the kinds of ids of nodes of a tree: one for each level."""
_FIRST_NUMBER: Final = 1_000_000_000
"""Of channels and series: far from those that are given out."""


def _id(kind: int, number: int) -> UUID:
    return UUID(f"01900000-0000-7000-8{kind:03x}-{number:012x}")


def _sql_id(kind: int, number: str) -> str:
    return f"('01900000-0000-7000-8{kind:03x}-' || lpad(to_hex({number}), 12, '0'))::uuid"


_RESOURCE: Final = {
    "archived": "false",
    "create_time": "%(now)s",
    "update_time": "%(now)s",
    "version": "1",
}
_KEPT: Final = (
    ("meter", "contact_insert"),
    ("meter", "tag_new"),
    ("usage_point", "tag_new"),
    ("installation", "meter_idle_insert"),
)
"""Triggers whose rows are written directly."""
_EXCLUDED: Final = ("node_edge", "usage_point_position", "installation")
_EXCLUSIONS: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = 'x' AND conrelid = ANY (%(tables)s::regclass[])
"""
_REGISTER: Final = ChannelTemplate(
    code="total", quantity="ACTIVE_ENERGY_IMPORT", kind="REGISTER", unit="kWh", dials=6
)
_MODEL_COLUMNS: Final = {
    "device_model_id": _sql_id(_MODEL, "n"),
    "manufacturer": "'Bench'",
    "model": "'M' || n",
    "commodity": "'ELECTRICITY'",
    "adapter": "'chirpstack'",
    "channel_templates": f"'{json.dumps([template_document(_REGISTER)])}'",
    "command_templates": "'[]'",
    "clock_behaviour": f"'{json.dumps(clock_document(ClockBehaviour()))}'",
}
_CONCENTRATOR_COLUMNS: Final = {
    "concentrator_id": _sql_id(_CONCENTRATOR, "n"),
    "serial_number": "'C' || n",
    "adapter": "'wum'",
    "display_name": "''",
    "life": "''",
    "configuration": "'{}'",
    "tags": "'{}'",
}
_OWN_CONCENTRATOR: Final = f"n / 10 %% {_CONCENTRATORS}"
_METER_COLUMNS: Final = {
    "meter_id": _sql_id(_METER, "n"),
    "device_model_id": _sql_id(_MODEL, f"n %% {MODELS}"),
    "manufacturer": "'Bench'",
    "serial_number": "'S' || lpad(n::text, 9, '0')",
    "dev_eui": "'70b3d5' || lpad(to_hex(n), 10, '0')",
    "display_name": "''",
    "tags": f"jsonb_build_object('route', (n %% {ROUTES})::text)",
    "concentrator_id": f"CASE n %% 10 WHEN 0 THEN {_sql_id(_CONCENTRATOR, _OWN_CONCENTRATOR)} END",
    "maybe_idle": "n >= %(installed)s",
    "batch": f"'2024-' || lpad((n %% {BATCHES})::text, 2, '0')",
}
_NAME_COLUMNS: Final = {
    "kind": "'meter'",
    "system": "'cis'",
    "value": "'S' || lpad(n::text, 9, '0')",
    "resource_id": _sql_id(_METER, "n"),
    "position": "0",
}
_CHANNEL_COLUMNS: Final = {
    "channel": f"{_FIRST_NUMBER} + n",
    "meter_id": _sql_id(_METER, "n"),
    "code": "'total'",
    "quantity": "'ACTIVE_ENERGY_IMPORT'",
    "kind": "'REGISTER'",
    "unit": "'kWh'",
    "reading_type": "''",
    "dials": "6",
    "negative_allowed": "false",
}
_CONTACT_COLUMNS: Final = {
    "device_id": _sql_id(_METER, "n"),
    "kind": "'METER'",
    "address": "'70b3d5' || lpad(to_hex(n), 10, '0')",
    "archived": "false",
    "last_seen_time": "%(now)s - interval '1 minute' * n",
}
_TAG_COLUMNS: Final = {
    "key": "'route'",
    "value": f"(n %% {ROUTES})::text",
}
_POINT_COLUMNS: Final = {
    "usage_point_id": _sql_id(_POINT, "n"),
    "code": "'P' || lpad(n::text, 9, '0')",
    "display_name": "''",
    "commodity": "'ELECTRICITY'",
    "time_zone": "'Europe/London'",
    "address": "''",
    "tags": f"jsonb_build_object('route', (n %% {ROUTES})::text)",
}
_POSITION_COLUMNS: Final = {
    "usage_point_id": _sql_id(_POINT, "n"),
    "place_id": _sql_id(_PLACE + 3, f"n %% {_BUILDINGS}"),
    "grid_node_id": _sql_id(_NETWORK + 2, f"n %% {_FEEDERS}"),
    "valid": "'(,)'",
}
_SERIES_COLUMNS: Final = {
    "series": f"{_FIRST_NUMBER} + n",
    "usage_point_id": _sql_id(_POINT, "n"),
    "quantity": "'ACTIVE_ENERGY_IMPORT'",
    "unit": "'kWh'",
}
_INSTALLATION_COLUMNS: Final = {
    "installation_id": _sql_id(_INSTALLATION, "n"),
    "usage_point_id": _sql_id(_POINT, "n"),
    "meter_id": _sql_id(_METER, "n"),
    "start_time": "timestamptz '2020-01-01Z'",
    "multiplier": "1",
}


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was made, by number."""

    meters: int
    rows: int
    seconds: float

    @property
    def silent_before(self) -> datetime:
        """A time before which a hundredth of the meters were last heard."""
        return _NOW - timedelta(minutes=self.meters - self.meters // 100)

    @property
    def model(self) -> UUID:
        """One of the models: a tenth of the meters are of it."""
        return _id(_MODEL, 3)

    @property
    def concentrator(self) -> UUID:
        """One of the concentrators."""
        return _id(_CONCENTRATOR, 7)

    @property
    def settlement(self) -> UUID:
        """A settlement, with its buildings below it: a thousandth of the usage points."""
        return _id(_PLACE + 2, 17)

    @property
    def substation(self) -> UUID:
        """A substation, with its transformers and feeders below it: a fortieth of the usage points."""
        return _id(_NETWORK, 7)

    @property
    def transformer(self) -> UUID:
        """A transformer, with its feeders below it: a thousandth of the usage points."""
        return _id(_NETWORK + 1, 7)

    def of_transformer(self) -> list[int]:
        """The series of that transformer's usage points."""
        return [_FIRST_NUMBER + n for n in range(7, self.meters, 1000)]

    @property
    def series(self) -> range:
        """The series of all usage points."""
        return range(_FIRST_NUMBER, _FIRST_NUMBER + self.meters)

    @staticmethod
    def meter(number: int) -> UUID:
        """The id of a meter."""
        return _id(_METER, number)

    @staticmethod
    def point(number: int) -> UUID:
        """The id of a usage point."""
        return _id(_POINT, number)

    @staticmethod
    def serial(number: int) -> str:
        """The serial number of a meter, its name in another system too."""
        return f"S{number:09}"

    @staticmethod
    def dev_eui(number: int) -> str:
        """The address of a meter."""
        return f"70b3d5{number:010x}"


def fill(stage: Stage, meters: int, say: Say) -> Inventory:
    """Makes ``meters`` meters and as many usage points, a tree of places and one of the network.

    What triggers would keep is written directly, what only checks is built at the end: the same, sooner.
    """
    began = perf_counter()
    rows = 0
    values = {
        "tenant": stage.tenant_id,
        "meters": meters,
        "installed": int(meters * INSTALLED_SHARE),
        "now": _NOW,
    }
    with psycopg.connect(stage.postgres) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        with _unchecked(connection):
            for what, sql in _statements():
                say(what)
                rows += max(connection.execute(sql, values).rowcount, 0)
                connection.commit()
            say("constraints")
        connection.commit()
        connection.autocommit = True
        say("analysing")
        connection.execute("VACUUM (ANALYZE, FREEZE)")
    return Inventory(meters, rows, perf_counter() - began)


@contextmanager
def _unchecked(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Without the triggers that :data:`_KEPT` says, and without exclusion constraints, inside the block."""
    exclusions = connection.execute(_EXCLUSIONS, {"tables": list(_EXCLUDED)}).fetchall()
    for table, name, _ in exclusions:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table, trigger in _KEPT:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    connection.commit()
    yield
    for table, trigger in _KEPT:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    for table, name, definition in exclusions:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _statements() -> Iterator[tuple[str, str]]:
    """What is made, and the SQL that makes it, in order."""
    yield from _tree("PLACE", _PLACE, _PLACES)
    yield from _tree("GRID", _NETWORK, _GRID)
    yield "what is below what", REBUILD
    yield "models", _insert("device_model", MODELS, {**_MODEL_COLUMNS, **_RESOURCE})
    yield "concentrators", _insert("concentrator", _CONCENTRATORS, {**_CONCENTRATOR_COLUMNS, **_RESOURCE})
    yield "meters", _insert("meter", "%(meters)s", {**_METER_COLUMNS, **_RESOURCE})
    yield "names of meters", _insert("device_external_id", "%(meters)s", _NAME_COLUMNS)
    yield "channels", _insert("channel", "%(meters)s", _CHANNEL_COLUMNS)
    yield "when they were heard", _insert("contact", "%(meters)s", _CONTACT_COLUMNS)
    for kind, number in (("meter", _METER), ("usage_point", _POINT)):
        labels = {"kind": f"'{kind}'", "resource_id": _sql_id(number, "n"), **_TAG_COLUMNS}
        yield f"labels: {kind}", _insert("tag", "%(meters)s", labels)
    yield "usage points", _insert("usage_point", "%(meters)s", {**_POINT_COLUMNS, **_RESOURCE})
    yield "where they are", _insert("usage_point_position", "%(meters)s", _POSITION_COLUMNS)
    yield "series", _insert("series", "%(meters)s", _SERIES_COLUMNS)
    yield "installations", _insert("installation", "%(installed)s", _INSTALLATION_COLUMNS)


def _insert(table: str, count: int | str, columns: dict[str, str]) -> str:
    """Rows 0 to ``count`` - 1; columns are expressions over their number ``n``."""
    names = ", ".join(["tenant_id", *columns])
    values = ", ".join(["%(tenant)s", *columns.values()])
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(0, {count} - 1) n"


def _tree(hierarchy: str, first: int, levels: tuple[tuple[str, int], ...]) -> Iterator[tuple[str, str]]:
    count, parent = 1, "NULL::uuid"
    for own, (kind, each) in enumerate(levels, first):
        above, count = count, count * each
        node = {
            "node_id": _sql_id(own, "n"),
            "hierarchy": f"'{hierarchy}'",
            "kind": f"'{kind}'",
            "code": f"'{kind}-' || n",
            "display_name": "''",
            "tags": "'{}'",
        }
        yield f"nodes: {kind}", _insert("node", count, {**node, **_RESOURCE})
        edge = {"node_id": node["node_id"], "parent_id": parent.format(above=above), "valid": "'(,)'"}
        yield f"edges: {kind}", _insert("node_edge", count, edge)
        parent = _sql_id(own, f"n %% {count}")
