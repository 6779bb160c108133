"""SQL of a run, second step: what channels gave, on the grid of their series, judged value by value."""

from server.readings.domain import Quality
from server.readings.vee import rules
from server.readings.vee.sql_tables import KIND_INTERVAL, raw_rows, scaled

_HOUR = rules.HOUR_MS
_NEGATIVE, _LIMIT = int(Quality.NEGATIVE), int(Quality.LIMIT)
_OUTAGE, _FLAG = int(Quality.POWER_DOWN), int(Quality.DEVICE_FLAG)


def cells(p: str) -> str:
    """SQL that makes ``cell``: one row for each expected interval.

    ``source`` 1: an interval channel gave ``v``; 2: the registers did, close enough together; 0: nobody.
    ``need``: there is no value, or none to trust. ``reg`` is what the registers say of the interval where
    they ``cover`` it, ``win`` the register reading from which its beginning counts.
    """
    return f"""
    CREATE TABLE {p}_cell ENGINE = Memory AS
    SELECT
        series, day, plain, day_cells, day_ms, cell, cell_end, wall,
        toUInt8(covered_ms = cell_end - cell) AS covers, if(covers, window_from, 0) AS win,
            if(covers, register_sum, 0) AS reg,
        multiIf(given > 0, 1, covers AND span <= intDiv((cell_end - cell) * dense, 1000),
            2, 0) AS source,
        multiIf(source = 1, value_sum, source = 2, reg, NULL) AS v,
        bitOr(multiIf(source = 1, value_q, source = 2, bitOr(register_q, {int(Quality.DERIVED)}), 0),
              if(source = 0, fault_q, 0)) AS q,
        toUInt8(source = 0 OR (source = 1 AND bitAnd(value_q, {rules.DISTRUST_BITS}) != 0)) AS need,
        value_sum AS given_value, cap, repeats, conflicts, off, fault_q, fault_amount, fault_bound,
            rolled_amount
    FROM (
        SELECT
            series, cell, max(expected) AS wanted, max(day) AS day, max(plain) AS plain,
                max(day_cells) AS day_cells, max(day_ms) AS day_ms, max(dense) AS dense,
            max(cell_end) AS cell_end, max(wall) AS wall,
            sum(present) AS given, sum(value) AS value_sum, groupBitOr(value_quality) AS value_q,
                max(cap) AS cap,
            sum(repeats) AS repeats, sum(conflict) AS conflicts, sum(off) AS off,
            sum(part) AS register_sum, sum(part_ms) AS covered_ms, max(span) AS span,
                max(pair) AS window_from,
            groupBitOr(part_quality) AS register_q, groupBitOr(fault) AS fault_q,
            argMax(amount, abs(amount) * (fault != 0)) AS fault_amount,
            argMax(bound, abs(amount) * (fault != 0)) AS fault_bound, max(rolled) AS rolled_amount
        FROM (
            SELECT series, cell, expected, day, plain, day_cells, day_ms, dense, cell_end,
                wall, {_NOTHING_GIVEN}, {_NOTHING_COUNTED}
            FROM {p}_grid
            UNION ALL
            SELECT series, cell, {_NO_GRID}, present, value, value_quality, cap, repeats, conflict,
                off, {_NOTHING_COUNTED}
            FROM {p}_given
            UNION ALL
            SELECT series, cell, {_NO_GRID}, {_NOTHING_GIVEN}, part, part_ms, span, pair, part_quality,
                fault, amount, bound, rolled
            FROM {p}_stretch
        )
        GROUP BY series, cell
        HAVING wanted = 1)"""


_NO_GRID = (
    "toUInt8(0) AS expected, toInt32(-1) AS day, toUInt8(0) AS plain, toUInt32(0) AS day_cells, "
    "toInt64(0) AS day_ms, toInt64(0) AS dense, toInt64(0) AS cell_end, toInt64(0) AS wall"
)
_NOTHING_GIVEN = (
    "toUInt8(0) AS present, toInt64(0) AS value, toUInt32(0) AS value_quality, toInt64(-1) AS cap, "
    "toInt64(0) AS repeats, toUInt8(0) AS conflict, toUInt64(0) AS off"
)
_NOTHING_COUNTED = (
    "toInt64(0) AS part, toInt64(0) AS part_ms, toInt64(0) AS span, toInt64(0) AS pair, "
    "toUInt32(0) AS part_quality, toUInt32(0) AS fault, toInt64(0) AS amount, toInt64(0) AS bound, "
    "toInt64(0) AS rolled"
)


def given(p: str) -> str:
    """SQL that makes ``given``: the values of interval channels, one row a channel and interval."""
    short = _gathered(p, "<=", "intDiv(r.ms + tolerance, f.interval_ms) * f.interval_ms", "")
    begin = (
        f"ASOF INNER JOIN (SELECT * FROM {p}_grid WHERE interval_ms > {_HOUR}) AS g"
        " ON g.series = f.series AND g.cell <= "
    )
    long = _gathered(p, ">", "g.cell", f"{begin} r.ms + toInt64({rules.LONG_TOLERANCE_LIMIT_MS})")
    bound = f"toInt64(intDiv(toInt128(max_hour) * interval_ms, {_HOUR}))"
    return f"""
        CREATE TABLE {p}_given ENGINE = Memory AS
        SELECT
            series, cell, off, toUInt8(n > 0) AS present, {scaled("v", "mult")} AS value,
            toUInt32(bitOr(bitOr(bitAnd(q, bits), if(outage_fails AND bitAnd(q, {_OUTAGE}) != 0, {_FLAG}, 0)),
                bitOr(if(v < least, {_NEGATIVE}, 0),
                    if(max_hour >= 0 AND abs(v) > {bound}, {_LIMIT}, 0)))) AS value_quality,
            if(max_hour >= 0, {scaled(bound, "mult")}, -1) AS cap,
            greatest(toInt64(n) - 1, 0) AS repeats, toUInt8(low != high) AS conflict
        FROM ({short} UNION ALL {long})"""


def _gathered(p: str, which: str, cell: str, join: str) -> str:
    key = "(received, sequence, micro, quality)"
    # Of values that differ by less than V17 says the earlier one stays; the usual sets have no such limit.
    limited = "(replace_least > 0 OR replace_per_mille > 0)"
    far = "abs(x.3 - kept.1) >= greatest(few, intDiv(abs(kept.1) * part, 1000))"
    fold = (
        f"arrayFold((kept, x) -> if({far}, (x.3, x.4), kept), arrayPopFront(versions),"
        " (versions[1].3, versions[1].4))"
    )
    return f"""
        SELECT
            series, channel, cell,
            arraySort(groupArrayIf({key}, aligned AND {limited})) AS versions,
            any(replace_least) AS few, any(replace_per_mille) AS part,
            argMaxIf((micro, quality), {key}, aligned) AS newest,
            if(notEmpty(versions), {fold}, newest) AS taken, taken.1 AS v, taken.2 AS q,
            countIf(aligned) AS n, minIf(micro, aligned) AS low, maxIf(micro, aligned) AS high,
            countIf(NOT aligned) AS off, any(mult) AS mult, any(max_hour) AS max_hour,
            any(least) AS least, any(bits) AS bits, any(outage_fails) AS outage_fails,
                any(length) AS interval_ms
        FROM (
            SELECT
                f.series AS series, f.channel AS channel, f.mult AS mult, f.max_hour AS max_hour,
                    f.least AS least, f.bits AS bits, f.outage_fails AS outage_fails,
                f.interval_ms AS length, r.micro AS micro, r.quality AS quality, r.received AS received,
                    r.sequence AS sequence,
                f.tolerance AS tolerance, f.replace_least AS replace_least,
                    f.replace_per_mille AS replace_per_mille,
                {cell} AS cell, abs(r.ms - cell) <= tolerance AS aligned
            FROM {raw_rows(p, KIND_INTERVAL)} AS r
            INNER JOIN {p}_feed AS f ON f.channel = r.channel {join}
            WHERE f.kind = {KIND_INTERVAL} AND f.interval_ms {which} {_HOUR}
              AND r.ms >= f.valid_from AND r.ms < f.valid_to AND r.ms >= f.load_from AND r.ms < f.load_to)
        GROUP BY series, channel, cell"""
