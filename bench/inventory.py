"""An inventory of any size, made inside PostgreSQL: models, two trees, usage points, meters, who is where.

Everything is a function of its number, so that whoever knows the size knows every id: rows are generated where
they are stored, at the speed of the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from bench.fleet import make_model
from bench.report import Say
from bench.stage import Stage

INSTALLED_SHARE: Final = 0.9
_REGIONS, _DISTRICTS, _SETTLEMENTS, _BUILDINGS = 10, 10, 10, 24
_SUBSTATIONS, _TRANSFORMERS, _FEEDERS = 40, 25, 24
_PLACES: Final = (
    ("region", _REGIONS),
    ("district", _DISTRICTS),
    ("settlement", _SETTLEMENTS),
    ("building", _BUILDINGS),
)
_GRID: Final = (("substation", _SUBSTATIONS), ("transformer", _TRANSFORMERS), ("feeder", _FEEDERS))
_ROUTES: Final = 500
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _id(kind: int, number: int) -> UUID:
    return UUID(f"01900000-0000-7000-8{kind:03x}-{number:012x}")


def _sql_id(kind: int, number: str) -> str:
    return f"('01900000-0000-7000-8{kind:03x}-' || lpad(to_hex({number}), 12, '0'))::uuid"


_METER, _POINT, _INSTALLATION = 0, 1, 2
_NODE: Final = 16
"""The first of the kinds of nodes: one for each level of each tree."""
_RESOURCE: Final = "false, now(), now(), 1"


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was made, by number, and how PostgreSQL alone would be asked for it."""

    meters: int
    rows: int
    seconds: float
    models: Sequence[UUID]

    silent_before = _NOW - timedelta(days=30)
    meter_sql = "SELECT * FROM meter WHERE tenant_id = %(tenant)s AND meter_id = %(id)s"

    @property
    def model(self) -> UUID:
        """One of the models."""
        return self.models[0]

    @property
    def settlement(self) -> UUID:
        """A settlement, with its buildings below it."""
        return _id(_NODE + 2, 17)

    @property
    def substation(self) -> UUID:
        """A substation, with its transformers and feeders below it."""
        return _id(_NODE + 4, 7)

    @staticmethod
    def meter(number: int) -> UUID:
        """The id of a meter."""
        return _id(_METER, number)

    @staticmethod
    def serial(number: int) -> str:
        """The serial number of a meter."""
        return f"S{number:09}"

    @staticmethod
    def dev_eui(number: int) -> str:
        """The address of a meter."""
        return f"70b3d5{number:010x}"

    def depths(self) -> list[UUID | None]:
        """Where pages are asked for: at the beginning, in the middle, near the end."""
        return [None, _id(_METER, self.meters // 2), _id(_METER, self.meters - self.meters // 50)]


def fill(stage: Stage, meters: int, models: Sequence[UUID], say: Say) -> Inventory:
    """Makes ``meters`` meters and as many usage points, a tree of places and one of the network."""
    began = perf_counter()
    rows = 0
    with psycopg.connect(stage.postgres) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'")
        for what, sql in _statements(meters, models):
            say(what)
            done = connection.execute(sql, {"tenant": stage.tenant_id, "meters": meters, "now": _NOW})
            rows += max(done.rowcount, 0)
        connection.commit()
        connection.autocommit = True
        say("analysing")
        connection.execute("VACUUM (ANALYZE, FREEZE)")
    return Inventory(meters, rows, perf_counter() - began, models)
