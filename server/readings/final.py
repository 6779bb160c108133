"""SQL of final data: the newest version, up to a watermark, of every interval and of every local day.

All that reads final data reads it through here: how it is stored is known to this module and to the engine
that writes it. The fragments take the query parameters ``tenant`` (UUID), ``start`` and ``end`` (Int64,
milliseconds, half-open) and ``watermark`` (UInt64, see :mod:`server.readings.vee.versions`).
"""

GIVEN_SERIES = "{series:Array(UInt64)}"
"""The series as a query parameter; a subquery in parentheses does as well."""


def interval_rows(series: str = GIVEN_SERIES, where: str = "") -> str:
    """SQL of the intervals that begin in ``[start, end)``, in no order.

    Columns ``series`` UInt64, ``ms`` Int64 (start), ``length_ms`` Int64, ``micro`` Int64 (0 where the state
    is MISSING), ``state`` UInt8, ``quality`` UInt32, ``method`` UInt8, ``rule`` String, ``revision`` UInt64
    (how many values the interval has had) and ``since`` UInt64 (the version that brought this one).
    ``where``: a further condition on ``series`` and ``ms``, beginning with AND.
    """
    return f"""(
        SELECT series, ms, length_ms, last.1 AS micro, last.2 AS state, last.3 AS quality, last.4 AS method,
            last.5 AS rule, revision, since
        FROM (
            SELECT series, toUnixTimestamp64Milli(ts) AS ms, toInt64(any(interval_ms)) AS length_ms,
                argMax((reinterpretAsInt64(value), state, quality, method, toString(rule)), version) AS last,
                count() AS revision, max(version) AS since
            FROM measurement
            WHERE tenant_id = {{tenant:UUID}} AND series IN {series} AND version <= {{watermark:UInt64}}
                AND ts >= fromUnixTimestamp64Milli({{start:Int64}})
                AND ts < fromUnixTimestamp64Milli({{end:Int64}}) {where}
            GROUP BY series, ms))"""


def day_rows(series: str = GIVEN_SERIES) -> str:
    """SQL of the local days that begin in ``[start, end)``, in no order.

    Columns ``series`` UInt64, ``day`` Date (local), ``start_ms`` Int64, ``micro`` Int128 (sum of the
    intervals that have a value), ``cells`` UInt32 (intervals that the day has), ``valid``, ``suspect``,
    ``estimated``, ``edited``, ``missing`` UInt32 (intervals of each state) and ``quality`` UInt32 (bits of
    all of them).
    """
    return f"""(
        SELECT series, day, last.1 AS start_ms, last.2 AS micro, last.3 AS cells, last.4 AS valid,
            last.5 AS suspect, last.6 AS estimated, last.7 AS edited, last.8 AS missing, last.9 AS quality
        FROM (
            SELECT u.series AS series, u.day AS day, argMax((toUnixTimestamp64Milli(start),
                toInt128(value * 1000000), cells, valid, suspect, estimated, edited, missing, quality),
                version) AS last
            FROM usage_day AS u
            WHERE tenant_id = {{tenant:UUID}} AND u.series IN {series} AND version <= {{watermark:UInt64}}
                AND start >= fromUnixTimestamp64Milli({{start:Int64}})
                AND start < fromUnixTimestamp64Milli({{end:Int64}})
            GROUP BY series, day))"""
