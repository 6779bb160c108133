"""SQL of supply quality over columns. All of it runs in the engine: what comes back are figures.

Statements take the parameters ``tenant`` (UUID), ``start`` and ``end`` (Int64, milliseconds, half-open),
``tz`` (String, the zone of days) and, of equal length, ``channels`` (Array(UInt64)) and what is to be known
of each: ``mean_ms``, ``floor``, ``squared``, … (see :func:`facts`).
"""

from collections.abc import Iterable, Sequence

from server.readings.domain import Quality
from server.readings.queries.raw import Piece, condition_of
from server.readings.supply_quality.domain import (
    LINE_TO_LINE,
    LINE_TO_NEUTRAL,
    PERCENTILES,
    ROOT_MEAN_SQUARE,
    TEN_MINUTES_MS,
    Measured,
    Span,
)
from server.readings.supply_quality.limits import DIP, INTERRUPTION, SWELL, Limits

LOWEST, HIGHEST = -(1 << 62), 1 << 62
RULES = 2
"""Most rules that a channel has."""
_GAP = 2
"""An event goes on over a pause of so many intervals, not longer."""
_LEVELS = ", ".join(map(str, PERCENTILES))
_DAY = "toDate(fromUnixTimestamp64Milli({ms}), {{tz:String}})"


def facts(channels: Sequence[Measured], limits: Limits, period: Span) -> dict[str, object]:
    """The parameters of channels; ``tenant`` and ``tz`` come beside."""
    nominal = [limits.nominal_micro(one) for one in channels]
    rules = [limits.rules(one) for one in channels]
    given: dict[str, object] = {
        "channels": [one.info.channel for one in channels],
        "start": period.low,
        "end": period.high,
        "mean_ms": [one.mean_ms for one in channels],
        "gap_ms": [_GAP * one.interval_ms or HIGHEST for one in channels],
        "squared": [int(one.info.quantity in ROOT_MEAN_SQUARE) for one in channels],
        "floor": [round(one * INTERRUPTION) if one else LOWEST for one in nominal],
        "dip": [round(one * DIP) if one else LOWEST for one in nominal],
        "swell": [round(one * SWELL) if one else HIGHEST for one in nominal],
    }
    for place in range(RULES):
        bounds = [own[place].bounds if place < len(own) else None for own in rules]
        given[f"lower{place}"] = [LOWEST if one is None or one.lower is None else one.lower for one in bounds]
        given[f"upper{place}"] = [
            HIGHEST if one is None or one.upper is None else one.upper for one in bounds
        ]
    return given


def of_channel(name: str, kind: str = "Int64") -> str:
    """SQL of one of the facts about the row's channel."""
    return f"transform(channel, {{channels:Array(UInt64)}}, {{{name}:Array({kind})}}, to{kind}(0))"


def readings(channels: Iterable[Measured], period: Span) -> str:
    """SQL of the values: ``channel``, ``ms``, ``micro``. Of several of one time, the one that came last.

    Values whose time is not to be trusted are left out. A channel that counts for part of the period only is
    narrowed to that.
    """
    partly = [one for one in channels if one.spans != (period,)]
    where = ""
    if partly:
        numbers = ", ".join(str(one.info.channel) for one in partly)
        pieces = [Piece(one.info.channel, span.low, span.high) for one in partly for span in one.spans]
        where = f"AND (channel NOT IN ({numbers}) OR {' OR '.join(map(condition_of, pieces))})"
    return f"""(
        SELECT channel, toUnixTimestamp64Milli(ts) AS ms,
            argMax(reinterpretAsInt64(value), (received, sequence, value)) AS micro
        FROM raw_reading
        WHERE tenant_id = {{tenant:UUID}} AND channel IN {{channels:Array(UInt64)}}
            AND ts >= fromUnixTimestamp64Milli({{start:Int64}})
            AND ts < fromUnixTimestamp64Milli({{end:Int64}})
            AND bitAnd(quality, {int(Quality.CLOCK_INVALID)}) = 0 {where}
        GROUP BY channel, ts)"""


def figures(value: str) -> str:
    """SQL of count, least, greatest, sum and percentiles of a column of Int64."""
    return (
        f"count() AS n, min({value}) AS low, max({value}) AS high, sum(toInt128({value})) AS total,"
        f" quantilesExact({_LEVELS})({value}) AS percentiles"
    )


def by_day(key: str) -> str:
    """SQL that groups by a key and its days, and by the key alone; ``whole`` tells which."""
    return f"GROUP BY GROUPING SETS (({key}, day), ({key}))"


def values_by_day(source: str) -> str:
    """Figures of values: ``channel``, ``whole``, ``day``, then those of :func:`figures`."""
    return f"""
        SELECT channel, grouping(day) AS whole, day, {figures("micro")}
        FROM (SELECT channel, micro, {_DAY.format(ms="ms")} AS day FROM {source})
        {by_day("channel")}"""


def _mean() -> str:
    return (
        f"toInt64(round(if(any({of_channel('squared', 'UInt8')}) = 1,"
        " sqrt(avg(toFloat64(micro) * micro)), avg(micro))))"
    )


def means(source: str) -> str:
    """SQL of the means: ``channel``, ``ms`` (start of what the mean is of), ``mean``.

    What is below the floor of a voltage is an interruption, which EN 50160 4.2.2.1 leaves out.
    """
    length = of_channel("mean_ms")
    return f"""(
        SELECT channel, begin AS ms, {_mean()} AS mean
        FROM (
            SELECT channel, micro, {length} AS length,
                if(length = 0, ms, intDiv(ms, if(length = 0, 1, length)) * length) AS begin
            FROM {source}
            WHERE micro >= {of_channel("floor")})
        GROUP BY channel, begin)"""


def means_by_day(source: str) -> str:
    """Figures of means, as :func:`values_by_day`, then how many are within each rule's bounds."""
    within = ", ".join(
        f"countIf(mean >= {of_channel(f'lower{n}')} AND mean <= {of_channel(f'upper{n}')}) AS within{n}"
        for n in range(RULES)
    )
    return f"""
        SELECT channel, grouping(day) AS whole, day, {figures("mean")}, {within}
        FROM (SELECT channel, mean, {_DAY.format(ms="ms")} AS day FROM {means(source)})
        {by_day("channel")}"""


def events_by_day(source: str) -> str:
    """Beginnings of events: ``channel``, ``whole``, ``day``, ``dips``, ``swells``, ``interruptions``."""
    return f"""
        SELECT channel, grouping(day) AS whole, day,
            countIf(kind = 1) AS dips, countIf(kind = 2) AS swells, countIf(kind = 3) AS interruptions
        FROM (
            SELECT channel, kind, {_DAY.format(ms="ms")} AS day,
                kind != lagInFrame(kind) OVER w OR ms - lagInFrame(ms) OVER w > {of_channel("gap_ms")}
                    AS begins
            FROM (
                SELECT channel, ms, multiIf(micro < {of_channel("floor")}, 3, micro < {of_channel("dip")}, 1,
                    micro > {of_channel("swell")}, 2, 0) AS kind
                FROM {source})
            WINDOW w AS (PARTITION BY channel ORDER BY ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
        WHERE kind > 0 AND begins
        {by_day("channel")}"""


def usual_steps(source: str) -> str:
    """The middle of the times between values: ``channel``, ``step`` in milliseconds."""
    return f"""
        SELECT channel, arrayReduce('quantileExact(0.5)',
            arrayPopFront(arrayDifference(arraySort(groupArray(ms))))) AS step
        FROM {source} GROUP BY channel HAVING count() > 1"""


_DEVIATION = "100 * greatest(abs(a - m), abs(b - m), abs(c - m)) / m"
_ROOT = "sqrt(greatest(0, least(1, 3 - 6 * beta)))"
_SEQUENCES = f"100 * sqrt((1 - {_ROOT}) / (1 + {_ROOT}))"


def unbalance_by_day(source: str) -> str:
    """Unbalance in 10^-6 per cent: ``triple``, ``whole``, ``day``, figures, and how many are up to ``most``.

    Further parameters: ``triple``, ``place`` (1 to 3) and ``exact`` of each channel, and ``most``.
    """
    one = "sqrt(avgIf(toFloat64(micro) * micro, place = {n}))"
    sides = ", ".join(f"{one.format(n=n)} AS {name}" for n, name in enumerate("abc", start=1))
    return f"""
        SELECT triple, grouping(day) AS whole, day, {figures("percent")},
            countIf(percent <= {{most:Int64}}) AS within0
        FROM (
            SELECT triple, {_DAY.format(ms="begin")} AS day, (a + b + c) / 3 AS m,
                (pow(a, 4) + pow(b, 4) + pow(c, 4)) / pow(a * a + b * b + c * c, 2) AS beta,
                toInt64(round(1000000 * if(exact, {_SEQUENCES}, {_DEVIATION}))) AS percent
            FROM (
                SELECT triple, intDiv(ms, {TEN_MINUTES_MS}) * {TEN_MINUTES_MS} AS begin, any(sides) AS exact,
                    {sides}
                FROM (
                    SELECT ms, micro, {of_channel("triple", "UInt64")} AS triple,
                        {of_channel("place", "UInt8")} AS place, {of_channel("exact", "UInt8")} AS sides
                    FROM {source}
                    WHERE micro >= {of_channel("floor")} AND micro > 0)
                GROUP BY triple, begin
                HAVING countIf(place = 1) > 0 AND countIf(place = 2) > 0 AND countIf(place = 3) > 0))
        {by_day("triple")}"""


def triples(channels: Sequence[Measured]) -> list[tuple[Measured, ...]]:
    """Three phases of one quantity of one meter, each time that a meter has them; sides before stars."""
    found = []
    for meter_id in dict.fromkeys(one.info.meter_id for one in channels):
        for quantity in ("VOLTAGE", "CURRENT"):
            mine = {
                one.phase: one
                for one in reversed(channels)
                if one.info.meter_id == meter_id and one.info.quantity == quantity
            }
            for phases in (LINE_TO_LINE, LINE_TO_NEUTRAL):
                if all(phase in mine for phase in phases):
                    found.append(tuple(mine[phase] for phase in phases))
                    break
    return found


BUCKETS = {
    "TEN_MINUTES": f"intDiv(ms, {TEN_MINUTES_MS}) * {TEN_MINUTES_MS}",
    "HOUR": "toInt64(toUnixTimestamp(toStartOfInterval(fromUnixTimestamp64Milli(ms), INTERVAL 1 HOUR,"
    " {tz:String}))) * 1000",
    "DAY": "toInt64(toUnixTimestamp(toStartOfDay(fromUnixTimestamp64Milli(ms), {tz:String}))) * 1000",
}
"""Start of the span of a profile that a value lies in, by the name of its resolution."""


def profile(source: str, resolution: str, limit: int) -> str:
    """Points of a profile: ``begin``, ``n``, ``mean``, ``low``, ``high``, in order of time."""
    return f"""
        SELECT {BUCKETS[resolution]} AS begin, count() AS n, {_mean()} AS mean,
            min(micro) AS low, max(micro) AS high
        FROM {source} GROUP BY channel, begin ORDER BY begin LIMIT {limit}"""


def ranks(source: str) -> str:
    """``channel``, means, of these those outside of the first rule, least and greatest."""
    return f"""
        SELECT channel, count() AS n,
            countIf(mean < {of_channel("lower0")} OR mean > {of_channel("upper0")}) AS outside,
            min(mean) AS low, max(mean) AS high
        FROM {means(source)} GROUP BY channel"""
