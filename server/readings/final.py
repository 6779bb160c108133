"""SQL of final data: the newest version, up to a watermark, of every interval and of every local day.

All that reads final data reads it through here: how it is stored is known to this module and to the engine
that writes it (``server/readings/vee``, table ``measurement_day``). The fragments take the query parameters
``tenant`` (UUID), ``start`` and ``end`` (Int64, milliseconds, half-open) and ``watermark`` (UInt64, see
:mod:`server.readings.vee.versions`).
"""

from collections.abc import Sequence

from server.readings.domain import Quality, State

GIVEN_SERIES = "{series:Array(UInt64)}"
"""The series as a query parameter; a subquery in parentheses does as well."""

DAYS = (
    "day >= toDate(least(greatest(intDiv({start:Int64}, 86400000) - 1, 0), 65535))"
    " AND day <= toDate(least(greatest(intDiv({end:Int64}, 86400000) + 1, 0), 65535))"
)
"""SQL of a condition that holds for each local day of any zone that has an instant in ``[start, end)``."""

_VALID, _VALIDATED, _MISSING = int(Quality.VALID), int(State.VALIDATED), int(State.MISSING)
_EVERY = {
    "state": f"toUInt8({_VALIDATED})",
    "quality": f"toUInt32({_VALID})",
    "method": "toUInt8(0)",
    "rule": "''",
    "revision": "toUInt16(1)",
}
"""What an empty array says of every interval."""

COLUMNS = ("micro", "state", "quality", "method", "rule", "revision")
"""The columns of :func:`interval_rows` that may be asked for."""


def vector(name: str, row: str = "") -> str:
    """SQL of one of the arrays of a row of ``measurement_day``, written out."""
    column = f"{row}{name}"
    if name == "micro":
        return column
    every = f"{row}version" if name == "since" else _EVERY[name]
    return f"if(empty({column}), arrayWithConstant(length({row}micro), {every}), {column})"


def newest(columns: Sequence[str], series: str = GIVEN_SERIES, days: str = DAYS) -> str:
    """SQL of the row of each series and day that counts up to the watermark, as a tuple ``last``."""
    return f"""(
        SELECT series, day, argMax(({", ".join(columns)}), (generation, version)) AS last
        FROM measurement_day
        WHERE tenant_id = {{tenant:UUID}} AND series IN {series} AND {days}
            AND generation <= {{watermark:UInt64}}
        GROUP BY series, day)"""


def interval_rows(series: str = GIVEN_SERIES, where: str = "", columns: Sequence[str] = COLUMNS) -> str:
    """SQL of the intervals that begin in ``[start, end)``, in no order.

    Columns ``series`` UInt64, ``day`` Date (local), ``ms`` Int64 (start), ``length_ms`` Int64, ``since``
    UInt64 (the version that brought the value), and of ``columns``: ``micro`` Int64 (0 where the state is
    MISSING), ``state`` UInt8, ``quality`` UInt32, ``method`` UInt8, ``rule`` String, ``revision`` UInt16
    (how many values the interval has had). ``where``: a further condition on ``series`` and ``ms``,
    beginning with AND.
    """
    parts = [vector(name) for name in columns]
    heads = (
        "toUnixTimestamp64Milli(start)",
        "toUnixTimestamp64Milli(until)",
        "toInt64(interval_ms)",
        vector("since"),
    )
    taken = [f"last.{place + len(heads) + 1}[i] AS {name}" for place, name in enumerate(columns)]
    return f"""(
        SELECT series, day, last.1 + (i - 1) * last.3 AS ms, least(last.3, last.2 - ms) AS length_ms,
            last.4[i] AS since{"".join(f", {one}" for one in taken)}
        FROM {newest([*heads, *parts], series)}
        ARRAY JOIN arrayEnumerate(last.4) AS i
        WHERE ms >= {{start:Int64}} AND ms < {{end:Int64}} AND since <= {{watermark:UInt64}} {where})"""


def changed_series() -> str:
    """SQL of the series that versions behind the parameter ``after`` (UInt64) brought values of.

    Columns ``series`` UInt64, ``first_day`` and ``last_day`` Date (local, of the days concerned) and
    ``cells`` UInt64 (intervals of those days, or more). Versions that are not to be seen may be among them:
    what changed is told by ``since`` of :func:`interval_rows`.
    """
    return """(
        SELECT series, min(day) AS first_day, max(day) AS last_day, sum(cells) AS cells
        FROM measurement_day
        WHERE tenant_id = {tenant:UUID} AND version > {after:UInt64}
        GROUP BY series)"""


_COUNTED = ("valid", "suspect", "estimated", "edited", "missing")
_OF = {
    "valid": State.VALIDATED,
    "suspect": State.SUSPECT,
    "estimated": State.ESTIMATED,
    "edited": State.EDITED,
    "missing": State.MISSING,
}


def day_rows(series: str = GIVEN_SERIES) -> str:
    """SQL of the local days whose first interval begins in ``[start, end)``, in no order.

    Columns ``series`` UInt64, ``day`` Date (local), ``start_ms`` Int64, ``micro`` Int128 (sum of the
    intervals that have a value), ``cells`` UInt32 (intervals that the day has), ``valid``, ``suspect``,
    ``estimated``, ``edited``, ``missing`` UInt32 (intervals of each state) and ``quality`` UInt32 (bits of
    all of them).
    """
    # A row may say more than was to be seen at the watermark: then its sums do not count, its intervals do.
    seen = "arrayMap(s -> s <= {watermark:UInt64}, since)"
    states, qualities = vector("state"), vector("quality")

    def cut(whole: str, part: str) -> str:
        return f"if(version <= {{watermark:UInt64}}, {whole}, {part})"

    sums = [
        "toUnixTimestamp64Milli(start)",
        cut(
            "toInt128(total * 1000000)",
            f"arraySum((m, s, k) -> if(k AND s != {_MISSING}, toInt128(m), toInt128(0)),"
            f" micro, {states}, {seen})",
        ),
        "cells",
        *(
            cut(name, f"toUInt32(arrayCount((s, k) -> k AND s = {int(_OF[name])}, {states}, {seen}))")
            for name in _COUNTED
        ),
        cut("qualities", f"arrayFold((a, q, k) -> bitOr(a, if(k, q, 0)), {qualities}, {seen}, toUInt32(0))"),
    ]
    names = ("start_ms", "micro", "cells", *_COUNTED, "quality")
    return f"""(
        SELECT series, day, {", ".join(f"last.{n} AS {name}" for n, name in enumerate(names, start=1))}
        FROM {newest(sums, series)}
        WHERE start_ms >= {{start:Int64}} AND start_ms < {{end:Int64}})"""


def value_rows() -> str:
    """SQL of every value that the interval beginning at ``start`` has had up to the watermark, in no order.

    Takes the parameter ``end``, too: any time within the interval. Columns of :func:`interval_rows`.
    """
    facts = ", ".join(f"{vector(name)}[place] AS one_{name}" for name in (*COLUMNS, "since"))
    told = ", ".join(f"any(one_{name}) AS {name}" for name in COLUMNS)
    return f"""(
        SELECT series, ms, any(length) AS length_ms, one_since AS since, {told}
        FROM (
            SELECT series, {{start:Int64}} AS ms, toInt64(interval_ms) AS step,
                least(step, toUnixTimestamp64Milli(until) - ms) AS length,
                intDiv(ms - toUnixTimestamp64Milli(m.start), step) + 1 AS place,
                toUnixTimestamp64Milli(m.start) + (place - 1) * step AS begin, {facts}
            FROM measurement_day AS m
            WHERE tenant_id = {{tenant:UUID}} AND series IN {GIVEN_SERIES} AND {DAYS}
                AND m.start <= fromUnixTimestamp64Milli({{start:Int64}})
                AND until > fromUnixTimestamp64Milli({{start:Int64}}))
        WHERE one_since <= {{watermark:UInt64}} AND begin = ms
        GROUP BY series, ms, one_since)"""
