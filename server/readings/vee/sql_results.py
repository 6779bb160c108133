"""SQL of a run, last step: what differs from what is stored, and its insertion as a new version."""

from server.readings.domain import Quality, State
from server.readings.vee import rules
from server.readings.vee.rules import RULES
from server.readings.vee.sql_tables import KIND_REGISTER

_EDITED, _ESTIMATED, _MISSING = int(State.EDITED), int(State.ESTIMATED), int(State.MISSING)
_DECIMAL = "reinterpret({}, 'Decimal64(6)')"


def standing(p: str) -> str:
    """SQL that makes ``standing``: each interval to write beside what is stored; an edit stands (V17)."""
    return f"""
    CREATE TABLE {p}_standing ENGINE = Memory AS
    SELECT
        f.series AS series, f.day AS day, f.cell AS cell, f.cell_end AS cell_end, f.day_cells AS day_cells,
        old.last.2 AS old_state, old.last.1 AS old_micro, toUInt8(old_state = {_EDITED}) AS kept,
        if(kept, old.last.1, f.micro) AS micro, if(kept, old.last.2, f.state) AS state,
        if(kept, old.last.3, f.quality) AS quality, if(kept, old.last.4, f.method) AS method,
        if(kept, old.last.5, f.rule) AS rule,
        toUInt8(kept = 0 AND (old_state = 0 OR old.last != (f.micro, f.state, f.quality, f.method,
            f.rule))) AS changed
    FROM {p}_final AS f
    LEFT JOIN (
        SELECT series, toUnixTimestamp64Milli(ts) AS cell,
            argMax((reinterpretAsInt64(value), state, quality, method, toString(rule)), version) AS last
        FROM measurement
        WHERE tenant_id = {{tenant:UUID}} AND series IN (SELECT series FROM {p}_series)
          AND ts >= fromUnixTimestamp64Milli({{out_from:Int64}})
              AND ts < fromUnixTimestamp64Milli({{out_to:Int64}})
        GROUP BY series, cell) AS old ON old.series = f.series AND old.cell = f.cell"""


def days(p: str) -> str:
    """SQL that makes ``usage``: sums of days that differ from what is stored."""
    fresh = f"""
        SELECT
            series, day, any(day_cells) AS cells, sumIf(toInt128(micro), state != {_MISSING}) AS total,
            countIf(state = {int(State.VALIDATED)}) AS valid,
                countIf(state = {int(State.SUSPECT)}) AS suspect,
            countIf(state = {_ESTIMATED}) AS estimated, countIf(state = {_EDITED}) AS edited,
            countIf(state = {_MISSING}) AS missing, groupBitOr(quality) AS bits
        FROM {p}_standing GROUP BY series, day"""
    return f"""
    CREATE TABLE {p}_usage ENGINE = Memory AS
    SELECT
        n.series AS series, n.day AS day, d.start_ms AS start_ms, n.cells AS cells, n.total AS total,
            n.valid AS valid,
        n.suspect AS suspect, n.estimated AS estimated, n.edited AS edited, n.missing AS missing,
            n.bits AS bits
    FROM ({fresh}) AS n
    INNER JOIN {p}_series AS s ON s.series = n.series
    INNER JOIN {p}_day AS d ON d.tz = s.tz AND d.day = n.day
    LEFT JOIN (
        SELECT u.series AS series, toInt32(u.day) AS day,
            argMax((toInt128(value * 1000000), cells, valid, suspect, estimated, edited, missing, quality),
                version) AS last
        FROM usage_day AS u
        WHERE tenant_id = {{tenant:UUID}} AND u.series IN (SELECT series FROM {p}_series)
          AND u.day >= toDate({{first_day:Int32}}) AND u.day <= toDate({{last_day:Int32}})
        GROUP BY u.series, u.day) AS old ON old.series = n.series AND old.day = n.day
    WHERE old.last.2 = 0
       OR old.last != (n.total, n.cells, n.valid, n.suspect, n.estimated, n.edited, n.missing, n.bits)"""


def findings(p: str) -> str:
    """SQL that makes ``finding``: what each rule found on each day, where it differs from what is stored."""
    negative, limit = int(Quality.NEGATIVE), int(Quality.LIMIT)
    flags = int(Quality.DEVICE_FLAG | Quality.CLOCK_INVALID)
    by_value = "source = 1 AND bitAnd(quality, {bit}) != 0"
    by_register = "bitAnd(fault_q, {bit}) != 0"
    cases = {
        "V03": ("off > 0", "toInt64(off) * 1000000", "0"),
        "V05": ("repeats > 0", "repeats * 1000000", "0"),
        "V06": ("source = 0", "0", "0"),
        "V07": (f"bitAnd(quality, {flags}) != 0", "0", "0"),
        "V08": (
            f"({by_value.format(bit=negative)}) OR {by_register.format(bit=negative)}",
            f"if({by_value.format(bit=negative)}, given_value, fault_amount)",
            "0",
        ),
        "V09": ("rolled_amount != 0", "rolled_amount", "0"),
        "V10": ("mismatched", "known", "counted"),
        "V11": ("spiked", "peak1", f"toInt64(intDiv(toInt128(peak3) * {100 + rules.SPIKE_PERCENT}, 100))"),
        "V13": (
            f"({by_value.format(bit=limit)}) OR {by_register.format(bit=limit)}",
            f"if({by_value.format(bit=limit)}, given_value, fault_amount)",
            f"if({by_value.format(bit=limit)}, cap, fault_bound)",
        ),
        "V17": ("conflicts > 0", "toInt64(conflicts) * 1000000", "0"),
    }
    each = " UNION ALL ".join(
        f"SELECT series, day, '{rule}' AS rule, toUInt8({int(RULES[rule].severity)}) AS severity,"
        " cell, cell_end, "
        f"toInt64({observed}) AS seen, toInt64({bound}) AS limit_seen FROM {p}_final WHERE {condition}"
        for rule, (condition, observed, bound) in cases.items()
    )
    return f"""
    CREATE TABLE {p}_finding ENGINE = Memory AS
    SELECT
        if(n.cells > 0, n.series, old.series) AS series, if(n.cells > 0, n.day, old.day) AS day,
        if(n.cells > 0, n.rule, old.rule) AS rule, if(n.cells > 0, n.severity, old.severity) AS severity,
        if(n.cells > 0, n.first, old.last.1) AS first, if(n.cells > 0, n.until, old.last.2) AS until,
        n.cells AS cells, n.observed AS observed, n.bound AS bound
    FROM (
        SELECT series, day, rule, any(severity) AS severity, min(cell) AS first, max(cell_end) AS until,
            toUInt32(count()) AS cells, argMax(seen, (abs(seen), -cell)) AS observed,
            argMax(limit_seen, (abs(seen), -cell)) AS bound
        FROM ({each}) GROUP BY series, day, rule) AS n
    FULL OUTER JOIN (
        SELECT e.series AS series, toInt32(e.day) AS day, toString(e.rule) AS rule,
            any(e.severity) AS severity,
            argMax((toUnixTimestamp64Milli(first_ts), toUnixTimestamp64Milli(end_ts), cells,
                reinterpretAsInt64(observed),
                    reinterpretAsInt64(bound)), version) AS last
        FROM vee_exception AS e
        INNER JOIN {p}_series AS s ON s.series = e.series
        WHERE tenant_id = {{tenant:UUID}} AND e.series IN (SELECT series FROM {p}_series)
          AND toInt32(e.day) >= s.out_first AND toInt32(e.day) <= s.out_last
        GROUP BY e.series, e.day, e.rule
        HAVING last.3 > 0) AS old ON old.series = n.series AND old.day = n.day AND old.rule = n.rule
    WHERE (n.cells > 0 AND old.last.3 > 0 AND old.last != (n.first, n.until, n.cells, n.observed, n.bound))
       OR (n.cells > 0) != (old.last.3 > 0)"""


def counts(p: str) -> str:
    """SQL of what the run found: intervals, changed, estimated, missing, findings, days that differ."""
    return f"""
    SELECT
        count(), countIf(changed), countIf(state = {_ESTIMATED}), countIf(state = {_MISSING}),
        (SELECT countIf(cells > 0) FROM {p}_finding), (SELECT count() FROM {p}_finding), (SELECT count()
            FROM {p}_usage),
        countIf(changed AND old_state NOT IN (0, {_MISSING}) AND old_micro != micro)
    FROM {p}_standing"""


def insert_measurements(p: str) -> str:
    """SQL that stores the intervals that differ, as ``version``."""
    return f"""
    INSERT INTO measurement
        (tenant_id, series, ts, version, value, interval_ms, state, quality, method, rule, run_id)
    SELECT {{tenant:UUID}}, series,
        fromUnixTimestamp64Milli(cell, 'UTC'), {{version:UInt64}}, {_DECIMAL.format("micro")},
        toUInt32(cell_end - cell), state, quality, method, rule, {{run:UUID}}
    FROM {p}_standing WHERE changed"""


def insert_days(p: str) -> str:
    """SQL that stores the days that differ."""
    return f"""
    INSERT INTO usage_day
        (tenant_id, series, day, version, start, value, cells, valid, suspect, estimated, edited, missing,
            quality)
    SELECT {{tenant:UUID}}, series, toDate(day), {{version:UInt64}},
        fromUnixTimestamp64Milli(start_ms, 'UTC'),
        toDecimal128(total, 6) / 1000000, cells, valid, suspect, estimated, edited, missing, bits
    FROM {p}_usage"""


def insert_scope(p: str) -> str:
    """SQL that keeps what the run looked at, so that it can be explained later."""
    return f"""
    INSERT INTO vee_scope
        (tenant_id, run_id, series, channel, kind, tz, first_day, last_day, interval_ms, multiplier, dials,
         max_per_hour, negative_allowed, valid_from, valid_to)
    SELECT {{tenant:UUID}}, {{run:UUID}}, s.series, f.channel,
        if(f.kind = {KIND_REGISTER}, 'REGISTER', 'INTERVAL'), s.tz, toDate(s.out_first), toDate(s.out_last),
        toUInt32(s.interval_ms), reinterpret(f.mult, 'Decimal64(9)'),
        if(f.modulus = 0, 0, toUInt8(length(toString(f.modulus)) - 7)),
        if(f.max_hour < 0, NULL, {_DECIMAL.format("f.max_hour")}), f.neg,
        fromUnixTimestamp64Milli(f.valid_from, 'UTC'), fromUnixTimestamp64Milli(f.valid_to, 'UTC')
    FROM {p}_feed AS f INNER JOIN {p}_series AS s ON s.series = f.series"""


def insert_findings(p: str) -> str:
    """SQL that stores what the rules found."""
    return f"""
    INSERT INTO vee_exception
        (tenant_id, series, day, usage_point_id, rule, severity, first_ts, end_ts, cells, observed, bound,
            run_id, version)
    SELECT {{tenant:UUID}}, f.series, toDate(f.day), s.usage_point_id, rule, severity,
        fromUnixTimestamp64Milli(first, 'UTC'),
        fromUnixTimestamp64Milli(until, 'UTC'),
            cells, {_DECIMAL.format("observed")}, {_DECIMAL.format("bound")},
        {{run:UUID}}, {{version:UInt64}}
    FROM {p}_finding AS f INNER JOIN {p}_series AS s ON s.series = f.series"""
