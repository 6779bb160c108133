"""From what a derived series says to what is computed: units, intervals, members, SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kernel.codec.units import canonical
from server.platform.errors import InvalidField
from server.readings.calendar import to_ms
from server.readings.derived.domain import (
    ALWAYS,
    MEASURED,
    Content,
    DerivedSeries,
    Input,
    Missing,
    Source,
    Span,
    spans,
)
from server.readings.derived.errors import DerivedSeriesNotFound, InputRefused
from server.readings.derived.formula import NANO, Compiled, Symbol, compiled
from server.readings.derived.graph import DEEPEST, Graph
from server.readings.derived.sql import Factor, Grid, Measured, Piece, Plan, amount, factor_column
from server.readings.derived.syntax import FUNCTIONS
from server.readings.derived.units import is_known
from server.readings.ports import SeriesInfo

_HOUR, _DAY = 3600, 86_400
_MOST_SERIES = 100_000
_FOREVER_MS = 2**62
_LONGEST_MS = 2 * _DAY * 1000
"""An interval of a derived series may begin as much before those that it is an input of."""
_MOST_PIECES = 64
"""What one query takes."""


def whole(graph: Graph, draft: DerivedSeries) -> DerivedSeries:
    """A derived series with what it leaves to its inputs; checked. Raises InvalidField."""
    _check_names(draft.content.inputs)
    if not draft.unit or not is_known(draft.unit):
        raise InvalidField("derived_series.unit", f"{draft.unit!r} is not a known unit", "unit.known")
    times = [
        one
        for place, given in enumerate(draft.content.inputs)
        if given.source in MEASURED
        for one in _times(graph, given, place)
    ]
    zones = sorted({zone for _, zone in times})
    if not draft.time_zone and len(zones) > 1:
        said = f"the inputs lie in several time zones, {', '.join(zones)}: say which one days are of"
        raise InvalidField("derived_series.time_zone", said, "derived.time_zone")
    step = draft.interval_seconds or max((seconds for seconds, _ in times), default=_HOUR)
    if (_HOUR % step) if step <= _HOUR else (step % _HOUR or _DAY % step):
        said = f"{step} s divides neither an hour nor, in whole hours, a day"
        raise InvalidField("derived_series.interval", said, "derived.interval")
    made = replace(draft, interval_seconds=step, time_zone=draft.time_zone or next(iter(zones), "UTC"))
    # Of what it is made of, only what holds from now on has to fit.
    lasting = Window(_FOREVER_MS - 1, _FOREVER_MS)
    used = _prepared(graph, made, made.content, lasting, 0)[2].names
    for place, one in enumerate(made.content.inputs):
        if one.name not in used:
            raise InputRefused(place, "name", f"the formula does not use {one.name!r}", "used")
    return made


@dataclass(slots=True)
class Window:
    """A time in milliseconds, half-open, and how many pieces may still be computed in it."""

    start_ms: int
    end_ms: int
    left: int = _MOST_PIECES

    def take(self) -> None:
        """Takes one piece. Raises InvalidField when there were too many."""
        self.left -= 1
        if self.left < 0:
            said = f"more than {_MOST_PIECES} versions of derived series are in it, all the way down"
            raise InvalidField("derived_series.inputs", said, "derived.size")


def plan(graph: Graph, one: DerivedSeries, held: Sequence[Span], window: Window, depth: int = 0) -> Plan:
    """How to compute what the versions of a derived series say, each in its time within a window."""
    # Only two changes at the same moment could have made a circle.
    if depth > DEEPEST:
        raise DerivedSeriesNotFound(one.derived_series_id)
    pieces = []
    for span in held:
        low = -_FOREVER_MS if span.start <= ALWAYS else to_ms(span.start)
        high = _FOREVER_MS if span.end is None else to_ms(span.end)
        if low - _LONGEST_MS < window.end_ms and window.start_ms < high + _LONGEST_MS:
            window.take()
            measured, factors, formula = _prepared(graph, one, span.version.content, window, depth)
            pieces.append(Piece(low, high, formula.micro, measured, factors))
    return Plan(Grid(one.interval_seconds * 1000, one.time_zone), tuple(pieces))


def _check_names(inputs: Sequence[Input]) -> None:
    names = [one.name for one in inputs]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputRefused(place, "name", f"{name!r} is the name of two inputs", "name")
        if name in FUNCTIONS:
            raise InputRefused(place, "name", f"{name!r} is a function", "name")


def _prepared(
    graph: Graph, one: DerivedSeries, content: Content, window: Window, depth: int
) -> tuple[tuple[Measured, ...], tuple[Factor, ...], Compiled]:
    measured: list[Measured] = []
    factors: list[Factor] = []
    symbols: dict[str, Symbol] = {}
    for place, given in enumerate(content.inputs):
        if given.source is Source.CONSTANT:
            symbols[given.name] = _constant(given, place)
        elif given.source is Source.FACTORS:
            unit, factor = _factor(graph, given, place)
            symbols[given.name] = Symbol(unit, factor_column(len(factors)))
            factors.append(factor)
        else:
            _check_interval(graph, one, given, place)
            unit, value = _measured(graph, given, place, window, depth)
            symbols[given.name] = Symbol(unit, amount(len(measured)), measured=True)
            measured.append(value)
    if sum(value.members for value in measured) > _MOST_SERIES:
        raise InputRefused(0, "", f"all inputs together are more than {_MOST_SERIES} series", "size")
    return tuple(measured), tuple(factors), compiled(content.formula, symbols, one.unit)


def _constant(given: Input, place: int) -> Symbol:
    assert given.value is not None
    if not is_known(given.unit):
        raise InputRefused(place, "constant.unit", f"{given.unit!r} is no known unit or rate", "unit")
    return Symbol(given.unit, constant=Fraction(given.value))


def _factor(graph: Graph, given: Input, place: int) -> tuple[str, Factor]:
    found = None if given.factor_set_id is None else graph.factor_sets.get(given.factor_set_id)
    if found is None:
        said = f"factor set {given.factor_set_id} does not exist"
        raise InputRefused(place, "factor_set_id", said, "known")
    held = graph.segments.get(found.factor_set_id, [])
    return found.unit, Factor(
        given.name,
        tuple(to_ms(one.start) for one in held),
        tuple(_FOREVER_MS if one.end is None else to_ms(one.end) for one in held),
        tuple(int(one.value * NANO) for one in held),
    )


def _measured(graph: Graph, given: Input, place: int, window: Window, depth: int) -> tuple[str, Measured]:
    zero = given.missing is Missing.ZERO
    if given.source is Source.DERIVED:
        other = _derived(graph, given, place)
        below = plan(graph, other, spans(graph.versions[other.derived_series_id]), window, depth + 1)
        return other.unit, Measured(given.name, zero, derived=below)
    infos = _infos(graph, given, place)
    units = sorted({canonical(info.unit) for info in infos})
    if len(units) > 1:
        said = f"the series that are added have several units: {', '.join(units)}"
        raise InputRefused(place, "", said, "unit")
    return units[0], Measured(given.name, zero, tuple(info.series for info in infos))


def _derived(graph: Graph, given: Input, place: int) -> DerivedSeries:
    found = None if given.derived_series_id is None else graph.derived.get(given.derived_series_id)
    if found is None:
        said = f"derived series {given.derived_series_id} does not exist"
        raise InputRefused(place, "derived_series_id", said, "known")
    return found


def _infos(graph: Graph, given: Input, place: int) -> list[SeriesInfo]:
    """The series that an input adds up."""
    if given.source is Source.NODE:
        assert given.node_id is not None
        found = graph.members.get((given.node_id, given.quantity), [])
        if not found:
            said = f"node {given.node_id} has no series of {given.quantity}"
            raise InputRefused(place, "node.node_id", said, "known")
        return found
    if len(set(given.series)) < len(given.series):
        raise InputRefused(place, "series.series", "a series is named twice", "series")
    for number in given.series:
        if number not in graph.series:
            raise InputRefused(place, "series.series", f"series {number} does not exist", "known")
    return [graph.series[number] for number in given.series]


def _times(graph: Graph, given: Input, place: int) -> Iterator[tuple[int, str]]:
    """Length of the intervals in seconds, and time zone, of what an input is made of."""
    if given.source is Source.DERIVED:
        other = _derived(graph, given, place)
        yield other.interval_seconds, other.time_zone
        return
    for info in _infos(graph, given, place):
        yield info.interval_seconds or _HOUR, info.tz


def _check_interval(graph: Graph, one: DerivedSeries, given: Input, place: int) -> None:
    for seconds, zone in _times(graph, given, place):
        if one.interval_seconds % seconds:
            said = f"its intervals of {seconds} s do not make up intervals of {one.interval_seconds} s"
            raise InputRefused(place, "", said, "interval")
        if seconds > _HOUR and zone != one.time_zone:
            said = (
                f"its intervals lie in the days of {zone}, those of the series in the days of {one.time_zone}"
            )
            raise InputRefused(place, "", said, "time_zone")
