"""SQL of windows and their maxima, over final intervals.

Parameters beside those of :mod:`server.readings.final`: ``anchor``, ``step`` (Int64, milliseconds) and
``first`` (Int64, the first period that is the last one of a window). The series are those of a table
:data:`MEMBERS` that goes along: there may be very many.
"""

from server.readings import final
from server.readings.demand.domain import DAY, MONTH
from server.readings.domain import State
from server.readings.queries.intervals import WORST_FIRST

MEMBERS = "demand_members"
_MISSING, _ESTIMATED = int(State.MISSING), int(State.ESTIMATED)
_SERIES = f"(SELECT series FROM {MEMBERS})"
_RANK = [int(state) for state in WORST_FIRST]
_SPANS = {
    DAY: "toDate(fromUnixTimestamp64Milli({anchor:Int64} + p * {step:Int64}, {tz:String}))",
    MONTH: "toStartOfMonth(fromUnixTimestamp64Milli({anchor:Int64} + p * {step:Int64}, {tz:String}))",
}
COLUMNS = ("total", "have", "covered", "estimated", "worst", "bits")
_OVER = {
    "total": "sum",
    "have": "sum",
    "covered": "sum",
    "estimated": "sum",
    "worst": "min",
    "bits": "groupBitOr",
}


def _periods(*, coincident: bool) -> str:
    """Sums of each period: an interval that is not within one does not count as there."""
    return f"""(
        SELECT {"toUInt64(0)" if coincident else "series"} AS k,
            intDiv(ms - {{anchor:Int64}} - within, {{step:Int64}}) AS p,
            sumIf(toInt128(micro), there) AS total, countIf(there) AS have,
            sumIf(length_ms, there) AS covered, countIf(state = {_ESTIMATED}) AS estimated,
            min(indexOf({_RANK}, state)) AS worst, groupBitOr(quality) AS bits
        FROM (
            SELECT series, ms, length_ms, micro, state, quality,
                positiveModulo(ms - {{anchor:Int64}}, {{step:Int64}}) AS within,
                (state != {_MISSING} AND within + length_ms <= {{step:Int64}}) AS there
            FROM {final.interval_rows(_SERIES, columns=("micro", "state", "quality"))})
        GROUP BY k, p)"""


def windows(periods: int, *, coincident: bool) -> str:
    """SQL of windows: ``k`` (series, or 0), ``p`` (the last period) and :data:`COLUMNS`, in no order.

    ``covered`` is the time for which there are values, milliseconds; ``worst`` a place in ``WORST_FIRST``.
    """
    frame = f"PARTITION BY k ORDER BY p RANGE BETWEEN {int(periods) - 1} PRECEDING AND CURRENT ROW"
    inner = _periods(coincident=coincident)
    if periods > 1:
        sums = ", ".join(f"{_OVER[name]}(one.{name}) OVER w AS {name}" for name in COLUMNS)
        inner = f"(SELECT one.k AS k, one.p AS p, {sums} FROM {inner} AS one WINDOW w AS ({frame}))"
    return f"(SELECT k, p, {', '.join(COLUMNS)} FROM {inner} WHERE p >= {{first:Int64}})"


def page(periods: int, limit: int, *, coincident: bool) -> str:
    """SQL of a page of windows in order, from behind ``after_k`` (UInt64) and ``after_p`` (Int64) on."""
    return f"""
        SELECT k, p, {", ".join(COLUMNS)} FROM {windows(periods, coincident=coincident)}
        WHERE (k, p) > ({{after_k:UInt64}}, {{after_p:Int64}}) ORDER BY k, p LIMIT {int(limit)}"""


def maxima(periods: int, span: str, limit: int, *, coincident: bool, incomplete: bool, follows: bool) -> str:
    """SQL of a page of maxima: ``k``, day on which the span begins, the window as a tuple, counts of windows.

    ``whole`` Int64 is the time that a complete window covers. The tuple is ``p`` and :data:`COLUMNS`; it is
    to be read only where windows count. Where the page follows another one, ``after_k`` and ``after_span``
    (Date) say which.
    """
    counts = "have > 0" if incomplete else "covered >= {whole:Int64}"
    behind = "HAVING (k, span) > ({after_k:UInt64}, {after_span:Date})" if follows else ""
    day = _SPANS.get(span, "toDate(0)")
    return f"""
        SELECT k, {day} AS span,
            argMaxIf((p, {", ".join(COLUMNS)}), (total, -p), {counts}), countIf({counts}),
            countIf(covered >= {{whole:Int64}})
        FROM {windows(periods, coincident=coincident)}
        GROUP BY k, span {behind}
        ORDER BY k, span LIMIT {int(limit)}"""
