"""SQL of a run, first step: what channels gave, brought to the grid of their series and judged value by value."""

from server.readings.domain import Quality
from server.readings.vee import rules
from server.readings.vee.sql_tables import KIND_INTERVAL, KIND_REGISTER, grid, raw_rows, rounded, scaled

_HOUR = rules.HOUR_MS
_NEGATIVE, _LIMIT, _ROLLOVER = int(Quality.NEGATIVE), int(Quality.LIMIT), int(Quality.ROLLOVER)


def cells(p: str) -> str:
    """SQL that makes ``cell``: one row for each expected interval.

    ``source`` 1: an interval channel gave ``v``; 2: the registers did, close enough together; 0: nobody. ``need``:
    there is no value, or none to trust. ``reg`` is what the registers say of the interval where they ``cover`` it,
    ``win`` the register reading from which its beginning counts.
    """
    return f"""
    CREATE TABLE {p}_cell ENGINE = Memory AS
    SELECT
        series, day, plain, day_cells, cell, cell_end, wall,
        toUInt8(covered_ms = cell_end - cell) AS covers, if(covers, window_from, 0) AS win, if(covers, register_sum, 0) AS reg,
        multiIf(given > 0, 1, covers AND span <= intDiv((cell_end - cell) * {rules.DENSE_PER_CENT}, 100), 2, 0) AS source,
        multiIf(source = 1, value_sum, source = 2, reg, NULL) AS v,
        bitOr(multiIf(source = 1, value_q, source = 2, bitOr(register_q, {int(Quality.DERIVED)}), 0),
              if(source = 0, fault_q, 0)) AS q,
        toUInt8(source = 0 OR (source = 1 AND bitAnd(value_q, {rules.DISTRUST_BITS}) != 0)) AS need,
        value_sum AS given_value, cap, repeats, conflicts, off, fault_q, fault_amount, fault_bound, rolled_amount
    FROM (
        SELECT
            series, cell, max(expected) AS wanted, max(day) AS day, max(plain) AS plain, max(day_cells) AS day_cells,
            max(cell_end) AS cell_end, max(wall) AS wall,
            sum(present) AS given, sum(value) AS value_sum, groupBitOr(value_quality) AS value_q, max(cap) AS cap,
            sum(repeats) AS repeats, sum(conflict) AS conflicts, sum(off) AS off,
            sum(part) AS register_sum, sum(part_ms) AS covered_ms, max(span) AS span, max(pair) AS window_from,
            groupBitOr(part_quality) AS register_q, groupBitOr(fault) AS fault_q,
            argMax(amount, abs(amount) * (fault != 0)) AS fault_amount,
            argMax(bound, abs(amount) * (fault != 0)) AS fault_bound, max(rolled) AS rolled_amount
        FROM (
            SELECT series, cell, expected, day, plain, day_cells, cell_end, wall, {_NOTHING_GIVEN}, {_NOTHING_COUNTED}
            FROM {grid(p)}
            UNION ALL
            SELECT series, cell, {_NO_GRID}, present, value, value_quality, cap, repeats, conflict, off, {_NOTHING_COUNTED}
            FROM ({_given(p)})
            UNION ALL
            SELECT series, cell, {_NO_GRID}, {_NOTHING_GIVEN}, part, part_ms, span, pair, part_quality,
                fault, amount, bound, rolled
            FROM ({_counted(p)})
        )
        GROUP BY series, cell
        HAVING wanted = 1)"""


_NO_GRID = (
    "toUInt8(0) AS expected, toInt32(-1) AS day, toUInt8(0) AS plain, toUInt32(0) AS day_cells, "
    "toInt64(0) AS cell_end, toInt64(0) AS wall"
)
_NOTHING_GIVEN = (
    "toUInt8(0) AS present, toInt64(0) AS value, toUInt32(0) AS value_quality, toInt64(-1) AS cap, "
    "toInt64(0) AS repeats, toUInt8(0) AS conflict, toUInt64(0) AS off"
)
_NOTHING_COUNTED = (
    "toInt64(0) AS part, toInt64(0) AS part_ms, toInt64(0) AS span, toInt64(0) AS pair, "
    "toUInt32(0) AS part_quality, toUInt32(0) AS fault, toInt64(0) AS amount, toInt64(0) AS bound, toInt64(0) AS rolled"
)


def _given(p: str) -> str:
    """SQL of the values of interval channels, one row a channel and interval, multiplied."""
    short = _gathered(p, "<=", "intDiv(r.ms + tolerance, f.interval_ms) * f.interval_ms", "")
    begin = f"ASOF INNER JOIN (SELECT * FROM {grid(p)} WHERE interval_ms > {_HOUR}) AS g ON g.series = f.series AND g.cell <= "
    long = _gathered(p, ">", "g.cell", f"{begin} r.ms + toInt64({rules.GRID_TOLERANCE_LIMIT_MS})")
    bound = f"toInt64(intDiv(toInt128(max_hour) * interval_ms, {_HOUR}))"
    return f"""
        SELECT
            series, cell, off, toUInt8(n > 0) AS present, {scaled("v", "mult")} AS value,
            toUInt32(bitOr(bitAnd(q, {rules.SENDER_BITS}), bitOr(
                if(v < 0 AND neg = 0, {_NEGATIVE}, 0), if(max_hour >= 0 AND abs(v) > {bound}, {_LIMIT}, 0)))) AS value_quality,
            if(max_hour >= 0, {scaled(bound, "mult")}, -1) AS cap,
            greatest(toInt64(n) - 1, 0) AS repeats, toUInt8(low != high) AS conflict
        FROM ({short} UNION ALL {long})"""


def _gathered(p: str, which: str, cell: str, join: str) -> str:
    key = "(received, sequence, micro)"
    return f"""
        SELECT
            series, channel, cell,
            argMaxIf(micro, {key}, aligned) AS v, argMaxIf(quality, {key}, aligned) AS q,
            countIf(aligned) AS n, minIf(micro, aligned) AS low, maxIf(micro, aligned) AS high,
            countIf(NOT aligned) AS off, any(mult) AS mult, any(max_hour) AS max_hour, any(neg) AS neg, any(length) AS interval_ms
        FROM (
            SELECT
                f.series AS series, f.channel AS channel, f.mult AS mult, f.max_hour AS max_hour, f.neg AS neg,
                f.interval_ms AS length, r.micro AS micro, r.quality AS quality, r.received AS received, r.sequence AS sequence,
                least(intDiv(length * {rules.GRID_TOLERANCE_PER_CENT}, 100), {rules.GRID_TOLERANCE_LIMIT_MS}) AS tolerance,
                {cell} AS cell, abs(r.ms - cell) <= tolerance AS aligned
            FROM {raw_rows(p, KIND_INTERVAL)} AS r
            INNER JOIN {p}_feed AS f ON f.channel = r.channel {join}
            WHERE f.kind = {KIND_INTERVAL} AND f.interval_ms {which} {_HOUR}
              AND r.ms >= f.valid_from AND r.ms < f.valid_to AND r.ms >= f.load_from AND r.ms < f.load_to)
        GROUP BY series, channel, cell"""


def _counted(p: str) -> str:
    """SQL of what registers counted: one row for each stretch of a pair of readings within one interval.

    The register runs on a straight line between two readings; a stretch is the difference of its two ends, each
    rounded by itself, so that the stretches add up exactly to the difference of the readings.
    """
    at = f"t0_value + {rounded('toInt128(amount) * (x - t0)', 't1 - t0')}"
    return f"""
        SELECT
            series, stretch.1 AS cell, stretch.2 AS part, stretch.3 AS part_ms, t1 - t0 AS span,
            if(t0 <= stretch.1, t0, 0) AS pair, q AS part_quality,
            toUInt32(0) AS fault, toInt64(0) AS amount, toInt64(0) AS bound, toInt64(0) AS rolled
        FROM (
            SELECT
                series, t0, t1, mult, amount, t0_value,
                toUInt32(bitOr(bitAnd(t1_quality, {rules.SENDER_BITS}), if(rolled, {_ROLLOVER}, 0))) AS q,
                greatest(t0, period.1) AS a, least(t1, period.2) AS b, period.3 AS mult,
                if(interval_ms <= {_HOUR}, range(intDiv(a, interval_ms) * interval_ms + interval_ms, b, interval_ms),
                   arrayFilter(x -> x > a AND x < b, bounds)) AS inner,
                if(interval_ms <= {_HOUR}, intDiv(a, interval_ms) * interval_ms,
                   arrayMax(arrayFilter(x -> x <= a, arrayConcat([toInt64(0)], bounds)))) AS first_cell,
                arrayMap(x -> {scaled(f"({at})", "mult")}, arrayConcat([a], inner, [b])) AS readings,
                arrayJoin(arrayZip(
                    arrayConcat([first_cell], inner),
                    arrayMap((end, start) -> end - start, arrayPopFront(readings), arrayPopBack(readings)),
                    arrayMap((end, start) -> end - start, arrayConcat(inner, [b]), arrayConcat([a], inner)))) AS stretch
            FROM (SELECT *, arrayJoin(periods) AS period FROM ({_pairs(p)}) WHERE fault = 0)
            WHERE a < b)
        UNION ALL
        SELECT
            series, if(interval_ms <= {_HOUR}, intDiv(found.1 - 1, interval_ms) * interval_ms,
                       arrayMax(arrayFilter(x -> x < found.1, arrayConcat([toInt64(0)], bounds)))) AS cell,
            toInt64(0), toInt64(0), toInt64(0), toInt64(0), toUInt32(0),
            found.2.3, found.2.1, found.2.4, if(found.2.2, found.2.1, 0)
        FROM (
            SELECT series, interval_ms, bounds, arrayJoin(arrayConcat(odd, arrayFilter(x -> x.2.3 != 0 OR x.2.2, arrayMap(
                (b, a) -> (b.1, {_judged("a", "b")}), arrayPopFront(kept), arrayPopBack(kept))))) AS found
            FROM ({_kept(p)}))"""


def _pairs(p: str) -> str:
    """SQL of neighbouring register readings with their difference; see :func:`server.readings.vee.rules.register_delta`."""
    return f"""
        SELECT series, interval_ms, bounds, periods, pair.1 AS t0, pair.2 AS t1, pair.3 AS t0_value, pair.4 AS t1_quality,
            pair.5.1 AS amount, pair.5.2 AS rolled, pair.5.3 AS fault
        FROM (
            SELECT *, arrayJoin(arrayMap(
                (b, a) -> (a.1, b.1, a.2, b.3, {_judged("a", "b")}), arrayPopFront(kept), arrayPopBack(kept))) AS pair
            FROM ({_kept(p)}))"""


def _kept(p: str) -> str:
    """SQL of the readings of each register without the ``odd`` ones.

    A reading is odd when it does not follow from the one before, while the one after does without it.
    """
    return f"""
        SELECT *,
            arrayPushFront(arrayPopBack(points), {_NO_POINT}) AS preceding,
            arrayPushBack(arrayPopFront(points), {_NO_POINT}) AS following,
            arrayMap((x, before, after) -> toUInt8(before.1 != 0 AND after.1 != 0 AND {_judged("before", "x")}.3 != 0
                AND {_judged("before", "after")}.3 = 0), points, preceding, following) AS faulty,
            arrayFilter((x, is_faulty) -> is_faulty = 0, points, faulty) AS kept,
            arrayFilter((x, is_faulty) -> is_faulty,
                arrayMap((x, before) -> (x.1, {_judged("before", "x")}), points, preceding), faulty) AS odd
        FROM ({_points(p)})"""


_NO_POINT = "(toInt64(0), toInt64(0), toUInt32(0))"


def _judged(a: str, b: str) -> str:
    """SQL of (amount, rolled, fault, bound) of two readings (ms, micro, quality)."""
    plain = f"({b}.2 - {a}.2)"
    wrapped = f"(positiveModulo({plain} + intDiv(modulus, 2), greatest(modulus, 1)) - intDiv(modulus, 2))"
    amount = f"multiIf(modulus = 0 OR ({plain} >= 0 AND neg = 0), {plain}, neg = 1, {wrapped}, {plain} + modulus)"
    rolled = f"({amount} != {plain})"
    bound = (
        f"multiIf(max_hour >= 0, toInt64(intDiv(toInt128(max_hour) * greatest({b}.1 - {a}.1, {_HOUR}), {_HOUR})), "
        f"{rolled}, intDiv(modulus, {rules.ROLLOVER_PART}), toInt64(-1))"
    )
    fault = (
        f"toUInt32(multiIf({amount} < 0 AND neg = 0, {_NEGATIVE}, {bound} >= 0 AND abs({amount}) > {bound}, "
        f"if({rolled}, {_NEGATIVE}, {_LIMIT}), 0))"
    )
    told = f"if({rolled} AND {fault} != 0, {plain}, {amount})"
    return f"({told}, toUInt8({rolled} AND {fault} = 0), {fault}, {bound})"


def _points(p: str) -> str:
    """SQL of the readings of each register during each tenure, in order of time, the latest received of each time."""
    return f"""
        SELECT
            t.series AS series, t.interval_ms AS interval_ms, t.modulus AS modulus, t.max_hour AS max_hour, t.neg AS neg,
            t.periods AS periods, t.bounds AS bounds,
            arraySort(x -> x.1, groupArray((r.ms, r.v, r.q))) AS points
        FROM (
            SELECT channel, ms, argMax(micro, (received, sequence, micro)) AS v,
                argMax(quality, (received, sequence, micro)) AS q
            FROM {raw_rows(p, KIND_REGISTER)} GROUP BY channel, ms) AS r
        INNER JOIN (
            SELECT f.*, g.bounds AS bounds
            FROM (
                SELECT series, channel, tenure_from, any(tenure_to) AS tenure_to, any(interval_ms) AS interval_ms,
                    any(load_from) AS load_from, any(load_to) AS load_to, any(modulus) AS modulus,
                    any(max_hour) AS max_hour, any(neg) AS neg, groupArray((valid_from, valid_to, mult)) AS periods
                FROM {p}_feed WHERE kind = {KIND_REGISTER} GROUP BY series, channel, tenure_from) AS f
            LEFT JOIN (
                SELECT series, arraySort(groupArray(cell)) AS bounds FROM {grid(p)}
                WHERE interval_ms > {_HOUR} GROUP BY series) AS g ON g.series = f.series) AS t
            ON t.channel = r.channel
        WHERE r.ms >= greatest(t.tenure_from, t.load_from) AND r.ms <= least(t.tenure_to, t.load_to)
        GROUP BY t.series, t.channel, t.tenure_from, t.interval_ms, t.modulus, t.max_hour, t.neg, t.periods, t.bounds"""
