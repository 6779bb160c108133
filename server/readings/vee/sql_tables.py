"""SQL of a run: the tables that it works in, and the arithmetic that they share with the pure rules.

Each run has tables of its own (``Memory`` engine, names ``vee_<run>_…``), dropped at its end: ``series``,
``feed`` and ``day`` say what is run, the others hold what the steps make of it. Times are integers in
milliseconds, values integers in 10^-6 of the unit, so that SQL and pure rules agree to the last digit.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from server.readings.vee import rules

KIND_REGISTER = 1
KIND_INTERVAL = 2

MS = "toUnixTimestamp64Milli(ts)"
MICRO = "reinterpretAsInt64(value)"

STEPS = (
    *(
        "grid",
        "bounds",
        "reading",
        "judged",
        "pair",
        "stretch",
        "given",
        "cell",
        "spike",
        "step",
        "gap",
    ),
    *("window", "estimate", "mismatch", "final", "old", "standing", "finding"),
    *("read", "dense", "judged", "mended", "open", "hard"),
)
"""The tables that the steps make."""

_COLUMNS = {
    # Days are numbered since 1970. Days from first_day on are looked at, those from out_first to out_last are
    # written. Intervals within [expect_from, expect_to) should have a value. `unit`: one of a register.
    "series": """
        series UInt64, usage_point_id UUID, tz LowCardinality(String), interval_ms Int64,
        first_day Int32, last_day Int32, out_first Int32, out_last Int32,
        load_from Int64, load_to Int64, expect_from Int64, expect_to Int64, unit Int64,
        rule_set_version Int64, spike_per_mille Int64, spike_least Int64, spike_whole UInt8, linear_ms Int64,
        longest_ms Int64, unsound UInt32, reference_days UInt32, reach_days Int32, last_year UInt8,
        average_days Int32, scaling UInt8, negative_scaling UInt8, dense_per_mille Int64,
        step_per_mille Int64, sums UInt8, sum_per_mille Int64""",
    # Which channel feeds which series. A tenure is the whole time of a channel at a series, through which its
    # register runs; the multiplier may change within it. modulus 0: no rollover; max_hour -1: no bound.
    "feed": """
        series UInt64, channel UInt64, kind UInt8, interval_ms Int64, load_from Int64, load_to Int64,
        tenure_from Int64, tenure_to Int64, valid_from Int64, valid_to Int64,
        mult Int64, modulus Int64, max_hour Int64, neg UInt8, least Int64, turn Int64,
        replace_least Int64, replace_per_mille Int64, tolerance Int64,
        bits UInt32, outage_fails UInt8""",
    "day": """
        tz LowCardinality(String), day Int32, start_ms Int64, end_ms Int64,
        base_ms Int64, shift_ms Int64, delta_ms Int64, plain UInt8""",
    # Which rules hold under each version of a rule set, and how grave they are.
    "severity": "rule_set_version Int64, rule String, severity UInt8",
    # Which methods estimate under each version, and in which order.
    "method": "rule_set_version Int64, method UInt8, place UInt8",
    # For each day to estimate by a method, the days that it learns from.
    "reference": "series UInt64, day Int32, method UInt8, ref Int32, refs UInt64",
    # What methods say of intervals; of several the one with the first place counts.
    "candidate": "series UInt64, cell Int64, place UInt8, method UInt8, guess Int64",
    # What each day to write comes to, as the table `measurement_day` has it: empty arrays say the usual.
    "vector": """
        series UInt64, day Int32, start_ms Int64, until_ms Int64, interval_ms Int64, cells UInt32,
        micro Array(Int64), state Array(UInt8), quality Array(UInt32), method Array(UInt8),
        rule Array(String)""",
    # Series that one interval channel feeds all day long; see ``sql_lanes``.
    "lane": """
        series UInt64, channel UInt64, usage_point_id UUID, interval_ms Int64, first_day Int32,
        last_day Int32, expect_from Int64, expect_to Int64, mult Int64, max_hour Int64, neg UInt8,
        before_ms Int64, after_ms Int64, rule_set_version Int64""",
    "knobs": """
        rule_set_version Int64, spike_per_mille Int64, spike_least Int64, linear_ms Int64, unsound UInt32,
        bits UInt32, outage_fails UInt8, least Int64""",
    # Values that a person sets.
    "change": """
        series UInt64, ms Int64, micro Int64, state UInt8, quality UInt32, method UInt8, rule String""",
}
RUN_TABLES = ("series", "feed", "day", "vector", "severity", "method", "reference", "candidate")
"""The tables that a run of the rules fills."""
LANE_TABLES = ("lane", "knobs", "day", "severity")
"""The tables that a run of lanes fills."""


def create_tables(p: str, names: Sequence[str] = RUN_TABLES) -> Iterator[str]:
    """SQL of the tables that are not made by one step, for a run with the prefix ``p``."""
    for name in names:
        yield f"CREATE TABLE {p}_{name} ({_COLUMNS[name]}) ENGINE = Memory"


def drop_tables(p: str) -> str:
    """SQL that drops all tables of a run."""
    return f"DROP TABLE IF EXISTS {', '.join(f'{p}_{name}' for name in dict.fromkeys((*_COLUMNS, *STEPS)))}"


def prefix_of(tenant_id: UUID) -> str:
    """How the names of the tables of a tenant's runs begin."""
    return f"vee_{tenant_id.hex}_"


def rounded(numerator: str, denominator: str) -> str:
    """SQL of :func:`server.readings.domain.round_div`; wide enough for any product of two Int64."""
    n = f"toInt128({numerator})"
    return f"toInt64(intDiv({n} + if({n} < 0, -1, 1) * intDiv(toInt128({denominator}), 2), {denominator}))"


def scaled(value: str, mult: str) -> str:
    """SQL of :func:`server.readings.vee.rules.scaled`."""
    return f"if({mult} = {rules.NANO}, {value}, {rounded(f'toInt128({value}) * {mult}', str(rules.NANO))})"


def raw_rows(p: str, kind: int) -> str:
    """SQL of the raw readings of the channels of one kind, within the span that the run loads."""
    return f"""(
        SELECT channel, {MS} AS ms, {MICRO} AS micro, quality, received, sequence
        FROM raw_reading
        WHERE tenant_id = {{tenant:UUID}}
          AND channel IN (SELECT channel FROM {p}_feed WHERE kind = {kind})
          AND ts >= fromUnixTimestamp64Milli({{load_from:Int64}})
              AND ts <= fromUnixTimestamp64Milli({{load_to:Int64}}))"""


def bounds(p: str) -> str:
    """SQL that makes ``bounds``: for each series of intervals above an hour, where they begin."""
    return f"""
    CREATE TABLE {p}_bounds ENGINE = Memory AS
    SELECT series, arraySort(groupArray(cell)) AS bounds FROM {p}_grid WHERE interval_ms > {rules.HOUR_MS}
        GROUP BY series"""


def grid(p: str) -> str:
    """SQL that makes ``grid``: all intervals of the days looked at, the expected ones and the others.

    The same grid as :func:`server.readings.calendar.grid_of`.
    """
    hour = rules.HOUR_MS
    return f"""
        CREATE TABLE {p}_grid ENGINE = Memory AS
        SELECT
            s.series AS series, d.day AS day, d.plain AS plain, s.interval_ms AS interval_ms,
            range(if(s.interval_ms <= {hour},
                     intDiv(d.start_ms + s.interval_ms - 1, s.interval_ms) * s.interval_ms, d.start_ms),
                  d.end_ms, s.interval_ms) AS starts,
            toUInt32(length(starts)) AS day_cells, d.end_ms - d.start_ms AS day_ms,
            s.dense_per_mille AS dense,
            arrayJoin(starts) AS cell,
            if(s.interval_ms <= {hour}, cell + s.interval_ms, least(cell + s.interval_ms, d.end_ms))
                AS cell_end,
            d.base_ms + cell - d.start_ms + if(cell >= d.shift_ms, d.delta_ms, 0) AS wall,
            toUInt8(cell >= s.expect_from AND cell_end <= s.expect_to) AS expected
        FROM (SELECT *, arrayJoin(range(first_day, last_day + 1)) AS day FROM {p}_series) AS s
        INNER JOIN {p}_day AS d ON d.tz = s.tz AND d.day = s.day"""
