"""SQL of derived series: columns of final intervals in, columns of intervals out.

Parameters beside the numbered ones of a :class:`Parameters`: those of :mod:`server.readings.final`, with
``start`` and ``end`` wide enough for whole intervals on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from server.readings import final
from server.readings.calendar import HOUR_MS
from server.readings.domain import Quality, State
from server.readings.queries.intervals import RANK, WORST_FIRST
from server.readings.queries.spans import bucket_sql

_BEST = len(RANK)
_MISSING, _ESTIMATED = int(State.MISSING), int(State.ESTIMATED)
_COUNTED = (State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.EDITED)
_ESTIMATED_RANK = WORST_FIRST.index(State.ESTIMATED) + 1
_DERIVED, _FILLED = int(Quality.DERIVED), int(Quality.QUESTIONABLE)
COLUMNS = ("ms", "length_ms", "micro", "state", "quality", "method")


@dataclass(frozen=True, slots=True)
class Grid:
    """Where intervals lie: up to an hour on multiples of their length, longer ones from midnight on."""

    step_ms: int
    tz: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured input: some series added up, or a derived series."""

    name: str
    zero: bool
    """Whether a missing value counts as 0."""
    series: tuple[int, ...] = ()
    derived: "Plan | None" = None

    @property
    def members(self) -> int:
        """How many values an instant has."""
        return len(self.series) if self.derived is None else 1


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor: from when to when it has which value; times that follow one another, milliseconds."""

    name: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    """In 10^-9, positive."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One version, for the intervals that begin in ``[start, end)``."""

    start_ms: int
    end_ms: int
    micro: str
    """SQL of the value, over the columns :func:`amount` and :func:`factor_column`."""
    measured: tuple[Measured, ...]
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A derived series as it is to be computed."""

    grid: Grid
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class Parameters:
    """Query parameters, and tables that go along, named as they come."""

    values: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, tuple[pa.Table, str]] = field(default_factory=dict)

    def add(self, kind: str, value: Any) -> str:
        """SQL of a new parameter."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"

    def table(self, structure: str, *columns: pa.Array) -> str:
        """Name of a new table; ``structure`` are names and types of its columns."""
        name = f"derived_{len(self.tables)}"
        names = [one.split()[0] for one in structure.split(", ")]
        self.tables[name] = pa.table(list(columns), names=names), structure
        return name


def amount(place: int) -> str:
    """Column of a measured input, in 10^-6."""
    return f"v{place}"


def factor_column(place: int) -> str:
    """Column of a factor, in 10^-9; 1 where there is none."""
    return f"f{place}"


def evaluation(plan: Plan, given: Parameters) -> str:
    """SQL of the intervals of a derived series: :data:`COLUMNS`, in no order; ``micro`` is Int256."""
    if not plan.pieces:
        empty = "0 AS ms, 0 AS length_ms, toInt256(0) AS micro, toUInt8(0) AS state"
        return f"(SELECT {empty}, toUInt32(0) AS quality, toUInt8(0) AS method WHERE 0)"
    return f"({' UNION ALL '.join(_piece(plan.grid, one, given) for one in plan.pieces)})"


def page(plan: Plan, given: Parameters, limit: int) -> str:
    """SQL of the intervals that begin in ``[low, high)`` (Int64), in order."""
    return f"""
        SELECT {", ".join(COLUMNS)} FROM {evaluation(plan, given)}
        WHERE ms >= {{low:Int64}} AND ms < {{high:Int64}} ORDER BY ms LIMIT {int(limit)}"""


def totals(plan: Plan, resolution: str, given: Parameters, limit: int) -> str:
    """SQL of the sums of the intervals that begin in ``[low, high)``, by spans of ``tz``, in order.

    Columns: span, see :mod:`server.readings.queries.spans`; sum, least and largest value; place of the worst
    state; bits; how many have a value, and of each state that has one.
    """
    there = f"state != {_MISSING}"
    return f"""
        SELECT {bucket_sql(resolution)} AS bucket, sumIf(micro, {there}), minIf(micro, {there}),
            maxIf(micro, {there}), min(indexOf({RANK}, state)), groupBitOr(quality), countIf({there}),
            {", ".join(f"countIf(state = {int(state)})" for state in _COUNTED)}
        FROM {evaluation(plan, given)}
        WHERE ms >= {{low:Int64}} AND ms < {{high:Int64}}
        GROUP BY bucket ORDER BY bucket LIMIT {int(limit)}"""


def _piece(grid: Grid, piece: Piece, given: Parameters) -> str:
    counted = range(len(piece.measured))
    sums = "".join(
        f", toInt256(sumIf(micro, place = {n} AND there)) AS {amount(n)},"
        f" sumIf(length_ms, place = {n} AND there) AS c{n}"
        for n in counted
    )
    lacks = {n: f"c{n} != span * {one.members}" for n, one in enumerate(piece.measured)}
    filled = " OR ".join(lacks[n] for n in counted if piece.measured[n].zero) or "0"
    gone = [lacks[n] for n in counted if not piece.measured[n].zero]
    gone += [f"{factor_column(n)}_is = 0" for n in range(len(piece.factors))]
    rows = " UNION ALL ".join(_rows(piece.measured, given))
    low, high = int(piece.start_ms), int(piece.end_ms)
    slots = f"""
        SELECT slot, span, 1 AS one, minIf(indexOf({RANK}, state), there) AS worst,
            groupBitOr(quality) AS bits, minIf(method, method > 0) AS least_method,
            max(method) AS most_method{sums}
        FROM (
            SELECT place, length_ms, micro, state, quality, method, state != {_MISSING} AS there,
                {_slot(grid, given)}
            FROM ({rows}))
        WHERE slot >= {low} AND slot < {high}
        GROUP BY slot, span"""
    return f"""
        SELECT slot AS ms, span AS length_ms, if(lost, toInt256(0), {piece.micro}) AS micro,
            if(lost, toUInt8({_MISSING}), toUInt8({RANK}[least(if(worst = 0, {_BEST}, worst),
                if(filled, {_ESTIMATED_RANK}, {_BEST}))])) AS state,
            toUInt32(bitOr(bitOr(bits, {_DERIVED}), if(filled, {_FILLED}, 0))) AS quality,
            toUInt8(if(least_method = most_method, most_method, 0)) AS method
        FROM (
            SELECT *, {" OR ".join(gone) or "0"} AS lost, {filled} AS filled
            FROM {_with_factors(slots, piece.factors, given)})"""


def _slot(grid: Grid, given: Parameters) -> str:
    """SQL of ``slot``, the begin of the interval in which ``ms`` lies, and ``span``, its length."""
    step = int(grid.step_ms)
    if step <= HOUR_MS:
        return f"ms - positiveModulo(ms, {step}) AS slot, toInt64({step}) AS span"
    zone = given.add("String", grid.tz)
    day = f"toStartOfDay(fromUnixTimestamp64Milli(ms, {zone}))"
    return (
        f"toInt64(toUnixTimestamp({day})) * 1000 AS midnight,"
        f" toInt64(toUnixTimestamp(addDays({day}, 1))) * 1000 AS next_midnight,"
        f" midnight + intDiv(ms - midnight, {step}) * {step} AS slot,"
        f" least(toInt64({step}), next_midnight - slot) AS span"
    )


def _rows(measured: Sequence[Measured], given: Parameters) -> list[str]:
    """SQL of the values of all inputs, each with the ``place`` of its input."""
    found = []
    pairs = [(number, n) for n, one in enumerate(measured) for number in one.series]
    if pairs:
        numbers, places = zip(*pairs, strict=True)
        table = given.table(
            "series UInt64, place UInt16", pa.array(numbers, pa.uint64()), pa.array(places, pa.uint16())
        )
        columns = ("micro", "state", "quality", "method")
        # A million values of 64 bits add up in 128; those of derived series may need 256.
        found.append(f"""
            SELECT toInt64(p.place) AS place, ms, length_ms, toInt128(micro) AS micro, state, quality, method
            FROM {final.interval_rows(f"(SELECT series FROM {table})", columns=columns)} AS r
            INNER JOIN {table} AS p ON p.series = r.series""")
    for n, one in enumerate(measured):
        if one.derived is not None:
            found.append(f"""
                SELECT toInt64({n}) AS place, ms, length_ms, micro, state, quality, method
                FROM {evaluation(one.derived, given)}""")
    return found


def _with_factors(slots: str, factors: Sequence[Factor], given: Parameters) -> str:
    """SQL of slots with the columns of factors: that which holds when an interval begins."""
    made = f"({slots})"
    for n, one in enumerate(factors):
        column = factor_column(n)
        table = given.table(
            "begin Int64, until Int64, value Int64",
            *(pa.array(values, pa.int64()) for values in (one.starts, one.ends, one.values)),
        )
        made = f"""(
            SELECT s.*, f.value != 0 AND s.slot < f.until AS {column}_is,
                if({column}_is, toInt256(f.value), toInt256(1)) AS {column}
            FROM {made} AS s
            ASOF LEFT JOIN (
                SELECT 1 AS one, begin, until, value FROM {table}) AS f
            ON s.one = f.one AND s.slot >= f.begin)"""
    return made
