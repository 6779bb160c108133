"""SQL of a run, last step: what differs from what is stored, and its insertion as a new version."""

from server.readings.domain import Quality, State
from server.readings.final import vector
from server.readings.vee.sql_tables import KIND_REGISTER

_EDITED, _ESTIMATED, _MISSING = int(State.EDITED), int(State.ESTIMATED), int(State.MISSING)
_VALIDATED, _VALID = int(State.VALIDATED), int(Quality.VALID)
_FACTS = ("micro", "state", "quality", "method", "rule")
"""What makes up a value."""
_STORED = {
    "micro": "toInt64(0)",
    "state": "toUInt8(0)",
    "quality": "toUInt32(0)",
    "method": "toUInt8(0)",
    "rule": "''",
    "revision": "toUInt16(0)",
    "since": "toUInt64(0)",
}
"""The arrays of a stored day, and what stands where nothing was stored."""
_DECIMAL = "reinterpret({}, 'Decimal64(6)')"


def vectors(p: str) -> str:
    """SQL that adds the days of ``final`` to ``vector``."""

    def column(place: int, usual: str, kind: str) -> str:
        array = f"arrayMap(x -> x.{place}, all)"
        return f"if(arrayAll(x -> x.{place} = {usual}, all), CAST([], 'Array({kind})'), {array})"

    return f"""
    INSERT INTO {p}_vector
    SELECT series, day, all[1].1, until, step, cells, arrayMap(x -> x.2, all),
        {column(3, str(_VALIDATED), "UInt8")}, {column(4, str(_VALID), "UInt32")},
        {column(5, "0", "UInt8")}, {column(6, "''", "String")}
    FROM (
        SELECT f.series AS series, f.day AS day, max(f.cell_end) AS until, any(s.interval_ms) AS step,
            any(f.day_cells) AS cells,
            arraySort(x -> x.1, groupArray((f.cell, f.micro, f.state, f.quality, f.method,
                toString(f.rule)))) AS all
        FROM {p}_final AS f INNER JOIN {p}_series AS s ON s.series = f.series
        GROUP BY f.series, f.day)"""


def finals(p: str) -> str:
    """SQL of every interval of ``vector``, in order."""
    facts = ", ".join(f"{vector(name)} AS all_{name}" for name in _FACTS)
    return f"""
    SELECT series, start_ms + (i - 1) * interval_ms AS ms, {", ".join(f"all_{name}[i]" for name in _FACTS)}
    FROM (SELECT *, {facts} FROM {p}_vector)
    ARRAY JOIN arrayEnumerate(micro) AS i
    ORDER BY series, ms"""


def old(p: str, of: str = "series") -> str:
    """SQL that makes ``old``: what is stored of the days to write, its arrays written out.

    ``of`` names the table of the run with the series.
    """
    columns = ", ".join(vector(name, "m.") for name in _STORED)
    return f"""
    CREATE TABLE {p}_old ENGINE = Memory AS
    SELECT series, toInt32(m.day) AS number,
        argMax((generation, toUnixTimestamp64Milli(m.start), toInt64(m.interval_ms), {columns}),
            (generation, version)) AS last, last.2 AS begin,
        argMax(toUnixTimestamp64Milli(m.until), (generation, version)) AS until,
        argMax(m.cells, (generation, version)) AS cells
    FROM measurement_day AS m
    WHERE tenant_id = {{tenant:UUID}} AND series IN (SELECT series FROM {p}_{of})
      AND day >= toDate({{first_day:Int32}}) AND day <= toDate({{last_day:Int32}})
    GROUP BY series, number"""


def edited(p: str) -> str:
    """SQL that adds the days of ``old`` to ``vector``, with the values of ``change`` in their places."""

    def column(place: int, name: str) -> str:
        return (
            f"arrayMap((old, at) -> if(at = 0, old, changed[at].{place}), o.last.{place + 2}, places)"
            f" AS {name}"
        )

    return f"""
    INSERT INTO {p}_vector
    SELECT series, number, o.last.2, o.until, o.last.3, o.cells,
        {", ".join(column(place, name) for place, name in enumerate(_FACTS, start=2))}
    FROM (
        SELECT n.series AS series, n.number AS number, any(n.last) AS last, any(n.until) AS until,
            any(n.cells) AS cells,
            groupArray((c.ms, c.micro, c.state, c.quality, c.method, c.rule)) AS changed,
            arrayMap(i -> indexOf(changed.1, last.2 + (i - 1) * last.3), arrayEnumerate(last.4)) AS places
        FROM {p}_change AS c
        ASOF INNER JOIN {p}_old AS n ON n.series = c.series AND c.ms >= n.begin
        GROUP BY n.series, n.number) AS o"""


def standing(p: str, *, edits_stand: bool = True) -> str:
    """SQL that makes ``standing``: the days that were stored before and differ now.

    An edit stands, and what a person has verified, whatever the rules say (V17). The arrays are aligned with
    the intervals of the day as it is now; old ones are 0 where there was nothing.
    """
    aligned = ", ".join(
        f"arrayResize(arrayConcat(arrayWithConstant(shift, {empty}), o.last.{place}), n) AS old_{name}"
        for place, (name, empty) in enumerate(_STORED.items(), start=4)
    )
    merged = ", ".join(
        f"arrayMap((k, o, f) -> if(k, o, f), kept, old_{name}, {vector(name, 'v.')}) AS {name}"
        for name in _FACTS
    )
    verified = f"s = {_EDITED} OR bitAnd(q, {int(Quality.VERIFIED)}) != 0"
    kept = f"arrayMap((s, q) -> toUInt8({verified if edits_stand else '0'}), old_state, old_quality)"
    fresh = ", ".join(f"w.{name}" for name in _FACTS)
    before = ", ".join(f"w.old_{name}" for name in _FACTS)
    names = ", ".join(f"f{n}" for n in range(len(_FACTS)))
    olds = ", ".join(f"o{n}" for n in range(len(_FACTS)))
    return f"""
    CREATE TABLE {p}_standing ENGINE = Memory AS
    SELECT w.*,
        arrayMap((s, {names}, {olds}) -> toUInt8(s = 0 OR ({names}) != ({olds})),
            w.old_state, {fresh}, {before}) AS changed,
        arrayExists((c, s) -> c AND s != 0, changed, w.old_state) AS replaced
    FROM (
        SELECT v.series AS series, v.day AS day, v.start_ms AS start_ms, v.until_ms AS until_ms,
            v.interval_ms AS interval_ms, v.cells AS cells, o.last.1 AS generation,
            toUInt32(length(v.micro)) AS n,
            if(o.last.3 = v.interval_ms, greatest(intDiv(o.last.2 - v.start_ms, v.interval_ms), 0), n)
                AS shift,
            {aligned},
            {kept} AS kept,
            {merged}
        FROM {p}_vector AS v INNER JOIN {p}_old AS o ON o.series = v.series AND o.number = v.day) AS w
    WHERE arrayExists(c -> c, changed)"""


def found(p: str) -> str:
    """SQL of what each rule found on each day of ``final``."""
    negative, limit = int(Quality.NEGATIVE), int(Quality.LIMIT)
    flags = int(Quality.DEVICE_FLAG | Quality.CLOCK_INVALID)
    by_value = "source = 1 AND bitAnd(quality, {bit}) != 0"
    by_register = "bitAnd(fault_q, {bit}) != 0"
    cases = {
        "V03": ("off > 0 AND crowded", "toInt64(off) * 1000000", "0"),
        "V04": ("off > 0 AND NOT crowded", "toInt64(off) * 1000000", "0"),
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
        "V11": ("spiked", "peak1", "toInt64(intDiv(toInt128(peak3) * (1000 + per_mille), 1000))"),
        "V13": (
            f"({by_value.format(bit=limit)}) OR {by_register.format(bit=limit)}",
            f"if({by_value.format(bit=limit)}, given_value, fault_amount)",
            f"if({by_value.format(bit=limit)}, cap, fault_bound)",
        ),
        "V14": (
            "stepped",
            "micro",
            "step_from + if(micro < step_from, -1, 1) * intDiv(abs(step_from) * step_per_mille, 1000)",
        ),
        "V17": ("conflicts > 0", "toInt64(conflicts) * 1000000", "0"),
    }
    each = " UNION ALL ".join(
        f"SELECT series, day, '{rule}' AS rule, cell, cell_end, "
        f"toInt64({observed}) AS seen, toInt64({bound}) AS limit_seen FROM {p}_final WHERE {condition}"
        for rule, (condition, observed, bound) in cases.items()
    )
    return f"""
        SELECT series, day, rule, min(cell) AS first, max(cell_end) AS until,
            toUInt32(count()) AS cells, argMax(seen, (abs(seen), -cell)) AS observed,
            argMax(limit_seen, (abs(seen), -cell)) AS bound
        FROM ({each}) GROUP BY series, day, rule"""


def looked_at(_: str) -> str:
    """SQL of a condition on findings ``e`` beside their series ``s``: that they are of a day to write."""
    return "toInt32(e.day) >= s.out_first AND toInt32(e.day) <= s.out_last"


def findings(p: str, found_sql: str, looked_at_sql: str, of: str = "series") -> str:
    """SQL that makes ``finding``: what was found (:func:`found`), where it differs from what is stored."""
    return f"""
    CREATE TABLE {p}_finding ENGINE = Memory AS
    SELECT
        if(n.cells > 0, n.series, old.series) AS series, if(n.cells > 0, n.day, old.number) AS day,
        if(n.cells > 0, n.rule, old.rule) AS rule, if(n.cells > 0, n.severity, old.severity) AS severity,
        if(n.cells > 0, n.first, old.last.1) AS first, if(n.cells > 0, n.until, old.last.2) AS until,
        n.cells AS cells, n.observed AS observed, n.bound AS bound
    FROM (
        SELECT f.series AS series, f.day AS day, f.rule AS rule, v.severity AS severity, f.first AS first,
            f.until AS until, f.cells AS cells, f.observed AS observed, f.bound AS bound
        FROM ({found_sql}) AS f
        INNER JOIN {p}_{of} AS s ON s.series = f.series
        INNER JOIN {p}_severity AS v ON v.rule_set_version = s.rule_set_version AND v.rule = f.rule) AS n
    FULL OUTER JOIN (
        SELECT e.series AS series, toInt32(e.day) AS number, toString(e.rule) AS rule,
            any(e.severity) AS severity,
            argMax((toUnixTimestamp64Milli(first_ts), toUnixTimestamp64Milli(end_ts), cells,
                reinterpretAsInt64(observed), reinterpretAsInt64(bound)), version) AS last
        FROM vee_exception AS e
        INNER JOIN {p}_{of} AS s ON s.series = e.series
        WHERE tenant_id = {{tenant:UUID}} AND e.series IN (SELECT series FROM {p}_{of}) AND {looked_at_sql}
        GROUP BY e.series, number, e.rule
        HAVING last.3 > 0) AS old ON old.series = n.series AND old.number = n.day AND old.rule = n.rule
    WHERE (n.cells > 0 AND old.last.3 > 0 AND old.last != (n.first, n.until, n.cells, n.observed, n.bound))
       OR (n.cells > 0) != (old.last.3 > 0)"""


_TOTAL = f"""if(greatest(arrayMax(micro), -arrayMin(micro)) < {10**16},
            toInt128(arraySum(micro)), arraySum(x -> toInt128(x), micro))"""
"""SQL of a sum that does not overflow: in 64 bits where they do."""


def counts(p: str) -> str:
    """SQL of what the run found: intervals, changed, estimated, missing, findings, corrected."""
    stale = f"(series, day) IN (SELECT series, number FROM {p}_old)"
    return f"""
    WITH
        (SELECT (sum(length(micro)), sumIf(length(micro), NOT ({stale})),
            sum(countEqual(state, {_ESTIMATED})), sum(countEqual(state, {_MISSING}))) FROM {p}_vector) AS v,
        (SELECT (countIf(cells > 0), count()) FROM {p}_finding) AS f,
        (SELECT (sum(arraySum(changed)), sum(arrayCount((c, s, a, b) -> c AND s NOT IN (0, {_MISSING})
            AND a != b, changed, old_state, old_micro, micro))) FROM {p}_standing) AS s
    SELECT v.1, v.2 + s.1, v.3, v.4, f.1, f.2, s.2"""


def insert_days(p: str) -> str:
    """SQL that stores the days that differ, as ``version``: new ones, and those with other values."""
    columns = (
        "(tenant_id, series, day, generation, version, start, until, interval_ms, cells, total, valid,"
        " suspect, estimated, edited, missing, qualities, micro, state, quality, method, rule, revision,"
        " since, run_id)"
    )
    return f"""
    INSERT INTO measurement_day {columns}
    SELECT {{tenant:UUID}}, series, toDate(day), generation, {{version:UInt64}},
        fromUnixTimestamp64Milli(start_ms, 'UTC'), fromUnixTimestamp64Milli(until_ms, 'UTC'),
        toUInt32(interval_ms), cells, toDecimal128({_TOTAL}, 6) / 1000000,
        if(empty(state), length(micro), countEqual(state, {_VALIDATED})),
        countEqual(state, {int(State.SUSPECT)}), countEqual(state, {_ESTIMATED}),
        countEqual(state, {_EDITED}), countEqual(state, {_MISSING}),
        if(empty(quality), {_VALID}, arrayReduce('groupBitOr', quality)),
        micro, state, quality, method, rule, revision, since, {{run:UUID}}
    FROM (
        SELECT series, day, start_ms, until_ms, interval_ms, cells, micro, state, quality, method, rule,
            {{version:UInt64}} AS generation, CAST([], 'Array(UInt16)') AS revision,
            CAST([], 'Array(UInt64)') AS since
        FROM {_fresh(p)}
        UNION ALL
        SELECT series, day, start_ms, until_ms, interval_ms, cells, micro, state, quality, method, rule,
            if(replaced, {{version:UInt64}}, generation),
            arrayMap((c, r) -> toUInt16(r + c), changed, old_revision),
            arrayMap((c, s) -> if(c, {{version:UInt64}}, s), changed, old_since)
        FROM {p}_standing)"""


def _fresh(p: str) -> str:
    """SQL of the days of which nothing is stored."""
    return f"(SELECT * FROM {p}_vector WHERE (series, day) NOT IN (SELECT series, number FROM {p}_old))"


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


def insert_findings(p: str, of: str = "series") -> str:
    """SQL that stores what the rules found; ``of`` names the table of the run with the series."""
    return f"""
    INSERT INTO vee_exception
        (tenant_id, series, day, usage_point_id, rule, severity, first_ts, end_ts, cells, observed, bound,
            run_id, version)
    SELECT {{tenant:UUID}}, f.series, toDate(f.day), s.usage_point_id, rule, severity,
        fromUnixTimestamp64Milli(first, 'UTC'),
        fromUnixTimestamp64Milli(until, 'UTC'),
            cells, {_DECIMAL.format("observed")}, {_DECIMAL.format("bound")},
        {{run:UUID}}, {{version:UInt64}}
    FROM {p}_{of} AS s INNER JOIN {p}_finding AS f ON f.series = s.series"""
