"""SQL of a run, first step: what registers counted between their readings; twin of ``registers``."""

from server.readings.domain import Quality
from server.readings.vee import rules
from server.readings.vee.sql_tables import KIND_REGISTER, raw_rows, rounded, scaled

_HOUR = rules.HOUR_MS
_NEGATIVE, _LIMIT, _ROLLOVER = int(Quality.NEGATIVE), int(Quality.LIMIT), int(Quality.ROLLOVER)
_REGISTER = (
    "PARTITION BY series, channel, tenure_from ORDER BY ms"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
)


def readings(p: str) -> str:
    """SQL that makes ``reading``: the readings of each register in order, beside their neighbours."""
    return f"""
    CREATE TABLE {p}_reading ENGINE = Memory AS
    SELECT *, lagInFrame(ms) OVER w AS before_ms, lagInFrame(v) OVER w AS before_v,
        leadInFrame(ms) OVER w AS after_ms, leadInFrame(v) OVER w AS after_v
    FROM ({_points(p)}) WINDOW w AS ({_REGISTER})"""


def judged_readings(p: str) -> str:
    """SQL that makes ``judged``: the readings, and which of them are ``odd``.

    A reading is odd when it does not follow from the one before, while the one after does without it.
    """
    inward = _judged(f"{p}_reading", "before_ms", "before_v", "ms", "v", "in")
    around = _judged(f"({inward})", "before_ms", "before_v", "after_ms", "after_v", "past")
    return f"""
    CREATE TABLE {p}_judged ENGINE = Memory AS
    SELECT series, channel, tenure_from, interval_ms, modulus, max_hour, neg, least, turn, ms, v, q,
        before_ms, before_v,
        in_told, in_rolls, in_fault, in_bound,
        toUInt8(before_ms != 0 AND after_ms != 0 AND in_fault != 0 AND past_fault = 0) AS odd
    FROM ({around})"""


def pairs(p: str) -> str:
    """SQL that makes ``pair``: neighbouring register readings with their difference, and the odd readings."""
    kept = f"""
        SELECT *, lagInFrame(ms) OVER w AS t0, lagInFrame(v) OVER w AS t0_value
        FROM {p}_judged WHERE odd = 0 WINDOW w AS ({_REGISTER})"""
    told = "{0}_told AS amount, {0}_rolls AS rolled, {0}_fault AS fault, {0}_bound AS bound"
    return f"""
    CREATE TABLE {p}_pair ENGINE = Memory AS
    SELECT series, channel, tenure_from, interval_ms, t0, t0_value, ms AS t1, q, {told.format("kept")},
        toUInt8(0) AS odd
    FROM ({_judged(f"(SELECT * FROM ({kept}) WHERE t0 != 0)", "t0", "t0_value", "ms", "v", "kept")})
    UNION ALL
    SELECT series, channel, tenure_from, interval_ms, before_ms, before_v, ms, q, {told.format("in")}, odd
    FROM {p}_judged WHERE odd"""


def _judged(source: str, a_ms: str, a: str, b_ms: str, b: str, name: str) -> str:
    """SQL of ``source`` with the difference of two readings, see ``rules.register_delta``.

    One level of subqueries for each step: expressions that are used twice would be parsed twice.
    """
    return f"""
        SELECT *, if({name}_turned AND {name}_fault != 0, {name}_plain, {name}_amount) AS {name}_told,
            toUInt8({name}_turned AND {name}_fault = 0) AS {name}_rolls
        FROM (
            SELECT *, toUInt32(multiIf(
                {name}_amount < least, {_NEGATIVE},
                {name}_bound >= 0 AND abs({name}_amount) > {name}_bound,
                    if({name}_turned, {_NEGATIVE}, {_LIMIT}), 0)) AS {name}_fault
            FROM (
                SELECT *, toUInt8({name}_amount != {name}_plain) AS {name}_turned, multiIf(
                    max_hour >= 0,
                        toInt64(intDiv(toInt128(max_hour) * greatest({b_ms} - {a_ms}, {_HOUR}), {_HOUR})),
                    {name}_turned, turn, toInt64(-1)) AS {name}_bound
                FROM (
                    SELECT *, multiIf(
                        modulus = 0 OR ({name}_plain >= 0 AND neg = 0), {name}_plain,
                        neg = 1, positiveModulo({name}_plain + intDiv(modulus, 2),
                            greatest(modulus, 1)) - intDiv(modulus, 2),
                        {name}_plain + modulus) AS {name}_amount
                    FROM (SELECT *, {b} - {a} AS {name}_plain FROM {source}))))"""


def _points(p: str) -> str:
    """SQL of the readings of each register during each tenure, the latest received of each time."""
    return f"""
        SELECT t.series AS series, t.channel AS channel, t.tenure_from AS tenure_from,
            t.interval_ms AS interval_ms,
            t.modulus AS modulus, t.max_hour AS max_hour, t.neg AS neg, t.least AS least, t.turn AS turn,
            r.ms AS ms, r.v AS v, r.q AS q
        FROM (
            SELECT channel, ms, argMax(micro, (received, sequence, micro)) AS v,
                argMax(quality, (received, sequence, micro)) AS q
            FROM {raw_rows(p, KIND_REGISTER)} GROUP BY channel, ms) AS r
        INNER JOIN (
            SELECT series, channel, tenure_from, any(tenure_to) AS tenure_to, any(interval_ms) AS interval_ms,
                any(load_from) AS load_from, any(load_to) AS load_to, any(modulus) AS modulus,
                any(max_hour) AS max_hour, any(neg) AS neg, any(least) AS least, any(turn) AS turn
            FROM {p}_feed WHERE kind = {KIND_REGISTER} GROUP BY series, channel, tenure_from)
                AS t ON t.channel = r.channel
        WHERE r.ms >= greatest(t.tenure_from, t.load_from) AND r.ms <= least(t.tenure_to, t.load_to)"""


def stretches(p: str) -> str:
    """SQL that makes ``stretch``: what a pair of readings counted within one interval.

    The register runs on a straight line between two readings; a stretch is the difference of its two ends,
    each rounded by itself, so that the stretches add up exactly to the difference of the readings. Pairs with
    a fault give no stretches; faults, odd readings and rollovers are told to the interval in which they end.
    """
    at = f"t0_value + {rounded('toInt128(amount) * (x - t0)', 't1 - t0')}"
    periods = f"""
        SELECT x.series AS series, x.t0 AS t0, x.t1 AS t1, x.t0_value AS t0_value, x.amount AS amount,
            f.mult AS mult,
            x.interval_ms AS interval_ms, g.bounds AS bounds,
            toUInt32(bitOr(bitAnd(x.q, f.bits), if(x.rolled, {_ROLLOVER}, 0))) AS part_quality,
            greatest(x.t0, f.valid_from) AS a, least(x.t1, f.valid_to) AS b
        FROM (SELECT * FROM {p}_pair WHERE fault = 0) AS x
        INNER JOIN (SELECT * FROM {p}_feed WHERE kind = {KIND_REGISTER}) AS f
            ON f.series = x.series AND f.channel = x.channel AND f.tenure_from = x.tenure_from
        LEFT JOIN {p}_bounds AS g ON g.series = x.series
        WHERE greatest(x.t0, f.valid_from) < least(x.t1, f.valid_to)"""
    cut = f"""
        SELECT *,
            if(interval_ms <= {_HOUR}, range(intDiv(a, interval_ms) * interval_ms + interval_ms, b,
                interval_ms),
               arrayFilter(x -> x > a AND x < b, bounds)) AS inner,
            if(interval_ms <= {_HOUR}, intDiv(a, interval_ms) * interval_ms,
               arrayMax(arrayFilter(x -> x <= a, arrayConcat([toInt64(0)], bounds)))) AS first_cell
        FROM ({periods})"""
    read = f"""
        SELECT *, arrayConcat([first_cell], inner) AS cells, arrayConcat([a], inner) AS begins,
            arrayConcat(inner, [b]) AS ends,
            arrayMap(x -> {scaled(f"({at})", "mult")}, arrayConcat([a], inner, [b])) AS readings
        FROM ({cut})"""
    return f"""
        CREATE TABLE {p}_stretch ENGINE = Memory AS
        SELECT series, cell, after - before AS part, until - since AS part_ms, t1 - t0 AS span,
            if(t0 <= cell, t0, 0) AS pair, part_quality,
            toUInt32(0) AS fault, toInt64(0) AS amount, toInt64(0) AS bound, toInt64(0) AS rolled
        FROM ({read})
        ARRAY JOIN cells AS cell, begins AS since, ends AS until,
            arrayPopBack(readings) AS before, arrayPopFront(readings) AS after
        UNION ALL
        SELECT x.series, if(x.interval_ms <= {_HOUR}, intDiv(x.t1 - 1, x.interval_ms) * x.interval_ms,
                arrayMax(arrayFilter(start -> start < x.t1, arrayConcat([toInt64(0)], g.bounds)))),
            toInt64(0), toInt64(0), toInt64(0), toInt64(0), toUInt32(0),
            x.fault, x.amount, x.bound, if(x.rolled, x.amount, 0)
        FROM (SELECT * FROM {p}_pair WHERE fault != 0 OR rolled) AS x
        LEFT JOIN {p}_bounds AS g ON g.series = x.series"""
