"""SQL of the lanes of a run: whole days of many series at once, one row a day.

A *lane* is a series that one interval channel feeds, all day long, without a register beside it: most of
them, on most days. What the rules make of such a day is known from the day itself, so its values stay arrays
throughout. Days that want more than themselves go to the steps of ``sql_registers`` to ``sql_estimates``:
repeated times, values off their places, gaps at midnight or above two hours. The result is the same to the
last digit; a property test keeps it so.
"""

from server.readings.domain import Method, Quality, State
from server.readings.vee import rules
from server.readings.vee.sql_tables import MICRO, MS, rounded, scaled

_NEGATIVE, _LIMIT, _SPIKE = int(Quality.NEGATIVE), int(Quality.LIMIT), int(Quality.SPIKE)
_FLAGS = int(Quality.DEVICE_FLAG | Quality.CLOCK_INVALID)
_OUTAGE, _FLAG = int(Quality.POWER_DOWN), int(Quality.DEVICE_FLAG)
_LARGE = 10**14
"""Values from here on, in 10^-6 of the unit, are for the other steps: sums and products stay in 64 bits."""


def read(p: str) -> str:
    """SQL that makes ``read``: the readings of each lane and day in order of time, and whether all is well.

    ``clean``: every expected interval is there, once, in its place, and no rule has anything to say. Then
    ``v`` is what is stored, and ``t`` and ``q`` are left empty.
    """
    hour = rules.HOUR_MS
    return f"""
    CREATE TABLE {p}_read ENGINE = Memory AS
    SELECT series, day, start_ms, until_ms, interval_ms, cells, clean, mult, bound, least, bits,
        outage_fails, unsound, linear_ms, spike_per_mille, spike_least,
        if(clean, [], t) AS t, if(clean, [], q) AS q, if(clean, scaled, v) AS v
    FROM (
        SELECT l.series AS series, g.day AS day, l.mult AS mult, l.interval_ms AS interval_ms,
            if(l.neg, -{rules.NEVER}, k.least) AS least, k.bits AS bits, k.outage_fails AS outage_fails,
            k.unsound AS unsound, k.linear_ms AS linear_ms, k.spike_per_mille AS spike_per_mille,
            k.spike_least AS spike_least,
            if(l.max_hour < 0, -1, toInt64(intDiv(toInt128(l.max_hour) * interval_ms, {hour}))) AS bound,
            intDiv(d.start_ms + interval_ms - 1, interval_ms) * interval_ms AS grid_ms,
            toUInt32(intDiv(d.end_ms - grid_ms + interval_ms - 1, interval_ms)) AS cells,
            intDiv(greatest(grid_ms, l.expect_from) + interval_ms - 1, interval_ms) * interval_ms AS start_ms,
            least(grid_ms + cells * interval_ms, intDiv(l.expect_to, interval_ms) * interval_ms) AS until_ms,
            arraySort(g.t) AS t,
            arraySort((x, k) -> k, g.v, g.t) AS v,
            if(g.some = 0, g.q, arraySort((x, k) -> k, g.q, g.t)) AS q,
            arrayMin(v) AS low, arrayMax(v) AS high,
            if(mult = {rules.NANO}, v, arrayMap(x -> {scaled("x", "mult")}, v)) AS scaled,
            arrayMax(scaled) AS peak,
            intDiv(peak * 1000 + 999 + spike_per_mille, 1000 + spike_per_mille) AS near,
            toUInt8(t = range(start_ms, until_ms, interval_ms) AND bitAnd(g.some, bits) = 0
                AND (NOT outage_fails OR bitAnd(g.some, {_OUTAGE}) = 0) AND low >= least
                AND (bound < 0 OR greatest(high, -low) <= bound)
                AND greatest(high, -low) < {_LARGE} AND peak < {_LARGE}
                AND (length(v) < greatest(cells, spike_least) OR {_not_spiked()})) AS clean
        FROM (
            SELECT channel, toInt32(toDate(ts, {{tz:String}})) AS day, groupArray({MS}) AS t,
                groupArray({MICRO}) AS v, groupArray(quality) AS q, groupBitOr(quality) AS some
            FROM raw_reading
            WHERE tenant_id = {{tenant:UUID}} AND channel IN (SELECT channel FROM {p}_lane)
              AND ts >= fromUnixTimestamp64Milli({{load_from:Int64}})
              AND ts < fromUnixTimestamp64Milli({{load_to:Int64}})
            GROUP BY channel, day) AS g
        INNER JOIN {p}_lane AS l ON l.channel = g.channel
        INNER JOIN {p}_day AS d ON d.day = g.day
        INNER JOIN {p}_knobs AS k ON k.rule_set_version = l.rule_set_version
        WHERE g.day >= l.first_day AND g.day <= l.last_day)"""


def _not_spiked() -> str:
    """SQL of whether the highest value does not stand out; ``rules.spike`` without sorting."""
    return "arrayCount(x -> x >= near, scaled) >= 3 OR arrayCount(x -> x > 0, scaled) < 3"


def dense(p: str) -> str:
    """SQL that makes ``dense``: the other days on their grid; ``m`` is 0 where a value is missing.

    Left out are the days that want more than themselves.
    """
    return f"""
    CREATE TABLE {p}_dense ENGINE = Memory AS
    SELECT *,
        arrayMap(x -> if(x = 0, 0, v[x]), m) AS raw,
        arrayMap((x, r) -> if(x = 0, 0, toUInt32(bitOr(bitOr(bitAnd(q[x], bits),
                if(outage_fails AND bitAnd(q[x], {_OUTAGE}) != 0, {_FLAG}, 0)),
            bitOr(if(r < least, {_NEGATIVE}, 0),
                if(bound >= 0 AND abs(r) > bound, {_LIMIT}, 0))))), m, raw) AS faults,
        arrayMap((x, b) -> toUInt8(x = 0 OR bitAnd(b, {rules.DISTRUST_BITS}) != 0), m, faults) AS need,
        arrayMap(r -> {scaled("r", "mult")}, raw) AS value,
        if(bound < 0, -1, {scaled("bound", "mult")}) AS cap
    FROM (
        SELECT *, arrayMap(s -> indexOf(t, s), range(start_ms, until_ms, interval_ms)) AS m
        FROM {p}_read
        WHERE NOT clean AND until_ms > start_ms
            AND arrayAll(x -> x >= start_ms AND x < until_ms AND modulo(x, interval_ms) = 0, t)
            AND length(arrayDistinct(t)) = length(t)
            AND greatest(arrayMax(v), -arrayMin(v)) < {_LARGE})"""


def judged(p: str) -> str:
    """SQL that makes ``judged``: each interval's fault, and the straight lines over what is to estimate."""
    line = rounded("toInt128(value[b] - value[a]) * (i - a)", "greatest(b - a, 1)")
    return f"""
    CREATE TABLE {p}_judged ENGINE = Memory AS
    SELECT *,
        arrayMap((n, b, k) -> toUInt8(n = 0 AND bitAnd(b, unsound) = 0 AND k = 0), need, faults, spiked)
            AS sound,
        arrayFill((x, n) -> n = 0, arrayEnumerate(need), need) AS befores,
        arrayReverseFill((x, n) -> n = 0, arrayEnumerate(need), need) AS afters,
        need[1] = 0 AND need[-1] = 0 AND arrayAll(
            (n, a, b) -> n = 0 OR ((b - a - 1) * interval_ms <= linear_ms
                AND sound[a] AND sound[b]), need, befores, afters) AS mendable,
        arrayMap((n, v, i, a, b) -> if(n = 0, v, value[a] + {line}), need, value, arrayEnumerate(need),
            befores, afters) AS guessed
    FROM (
        SELECT *,
            arrayFilter((v, n) -> n = 0, value, need) AS trusted,
            arraySlice(arrayReverseSort(trusted), 1, 3) AS top,
            toUInt8(length(need) = cells AND length(trusted) >= spike_least AND top[3] > 0
                AND toInt128(top[1] - top[3]) * 1000 > toInt128(top[3]) * spike_per_mille) AS has_spike,
            arrayFirstIndex((v, n) -> n = 0 AND v = top[1], value, need) AS peak,
            arrayMap(i -> toUInt8(has_spike AND i = peak), arrayEnumerate(need)) AS spiked
        FROM {p}_dense)"""


def mended(p: str) -> str:
    """SQL that makes ``mended``: the days that are settled here, each interval as it is to stand."""
    rule = f"""multiIf(bitAnd(b, {_NEGATIVE}) != 0, 'V08', bitAnd(b, {_LIMIT}) != 0, 'V13',
            bitAnd(b, {_FLAGS}) != 0, 'V07', n, 'V06', k, 'V11', '')"""
    return f"""
    CREATE TABLE {p}_mended ENGINE = Memory AS
    SELECT *,
        arrayMap((b, n, k) -> {rule}, faults, need, spiked) AS rule,
        arrayMap((n, r) -> toUInt8(multiIf(n, {int(State.ESTIMATED)}, r != '', {int(State.SUSPECT)},
            {int(State.VALIDATED)})), need, rule) AS state,
        arrayMap((b, s, k) -> toUInt32(bitOr(b, multiIf(
            s = {int(State.ESTIMATED)}, {int(Quality.ESTIMATED_LINEAR)},
            s = {int(State.SUSPECT)}, bitOr({int(Quality.QUESTIONABLE)}, if(k, {_SPIKE}, 0)),
            {int(Quality.VALID)}))), faults, state, spiked) AS quality,
        arrayMap(n -> toUInt8(if(n, {int(Method.LINEAR)}, 0)), need) AS method
    FROM {p}_judged WHERE mendable"""


def opened(p: str) -> str:
    """SQL that makes ``open``: the days that concern the ones next to them, or hold more than is expected.

    A day concerns its neighbour where that one is not there up to midnight, or is not measured up to there:
    a gap across midnight has come to its end, or has another end now.
    """
    measured = f"IN ({int(State.VALIDATED)}, {int(State.SUSPECT)})"
    return f"""
    CREATE TABLE {p}_open ENGINE = Memory AS
    WITH beside AS (
        SELECT series, toInt32(m.day) AS number, argMax((toUnixTimestamp64Milli(m.start),
            toUnixTimestamp64Milli(m.until), if(empty(state), {int(State.VALIDATED)}, state[1]),
            if(empty(state), {int(State.VALIDATED)}, state[-1])), (generation, version)) AS last
        FROM measurement_day AS m
        WHERE tenant_id = {{tenant:UUID}}
          AND series IN (SELECT series FROM {p}_lane WHERE before_ms != 0 OR after_ms != 0)
          AND day >= toDate({{first_day:Int32}} - 1) AND day <= toDate({{last_day:Int32}} + 1)
        GROUP BY series, number)
    SELECT series, first_day AS day FROM {p}_lane WHERE before_ms != 0 AND (series, before_ms) NOT IN (
        SELECT series, last.2 FROM beside WHERE last.4 {measured})
    UNION DISTINCT
    SELECT series, last_day FROM {p}_lane WHERE after_ms != 0 AND (series, after_ms) NOT IN (
        SELECT series, last.1 FROM beside WHERE last.3 {measured})
    UNION DISTINCT
    SELECT r.series, r.day FROM {p}_read AS r INNER JOIN {p}_old AS o
        ON o.series = r.series AND o.number = r.day
    WHERE o.begin < r.start_ms OR o.until > r.until_ms"""


def hard(p: str) -> str:
    """SQL that makes ``hard``: the days that are left for the other steps, those without any reading too."""
    return f"""
    CREATE TABLE {p}_hard ENGINE = Memory AS
    SELECT l.channel AS channel, h.day AS day, d.start_ms AS low, d.end_ms - 1 AS high
    FROM {p}_lane AS l
    INNER JOIN (
        SELECT series, day FROM {p}_read
        WHERE NOT clean AND (series, day) NOT IN (SELECT series, day FROM {p}_mended)
        UNION DISTINCT
        SELECT series, day FROM {p}_open
        UNION DISTINCT
        SELECT series, arrayJoin(range(first_day, last_day + 1)) AS day FROM {p}_lane
        WHERE (SELECT count() FROM {p}_read) < (SELECT sum(last_day - first_day + 1) FROM {p}_lane)
            AND (series, day) NOT IN (SELECT series, day FROM {p}_read)
    ) AS h ON h.series = l.series
    INNER JOIN {p}_day AS d ON d.day = h.day"""


def vector(p: str) -> str:
    """SQL that makes ``vector``, a view: the days that are settled, as the other steps give them."""
    heads = "series, day, start_ms, until_ms, interval_ms, cells"

    def empty(kind: str) -> str:
        return f"CAST([], 'Array({kind})')"

    return f"""
    CREATE VIEW {p}_vector AS
    SELECT {heads}, v AS micro, {empty("UInt8")} AS state, {empty("UInt32")} AS quality,
        {empty("UInt8")} AS method, {empty("String")} AS rule
    FROM {p}_read WHERE clean AND (series, day) NOT IN (SELECT series, day FROM {p}_open)
    UNION ALL
    SELECT {heads}, guessed, state, quality, method, rule FROM {p}_mended
    WHERE (series, day) NOT IN (SELECT series, day FROM {p}_open)"""


def found(p: str) -> str:
    """SQL of what the rules found on the days that are settled; the columns of ``sql_results.found``."""
    cases = {
        "V06": ("m = 0", "toInt64(0)", "toInt64(0)"),
        "V07": (f"bitAnd(b, {_FLAGS}) != 0", "toInt64(0)", "toInt64(0)"),
        "V08": (f"bitAnd(b, {_NEGATIVE}) != 0", "x", "toInt64(0)"),
        "V11": ("k", "top[1]", "toInt64(intDiv(toInt128(top[3]) * (1000 + spike_per_mille), 1000))"),
        "V13": (f"bitAnd(b, {_LIMIT}) != 0", "x", "cap"),
    }
    each = [
        f"""
        SELECT series, day, '{rule}' AS rule,
            start_ms + (hits[1] - 1) * interval_ms AS first,
            start_ms + hits[-1] * interval_ms AS until, toUInt32(length(hits)) AS cells,
            worst.2 AS observed, {bound} AS bound
        FROM (
            SELECT *, arrayFilter((i, m, b, k) -> {condition}, arrayEnumerate(m), m, faults, spiked) AS hits,
                arraySort(h -> (-abs(h.2), h.1), arrayMap((i, x) -> (i, {observed}), hits,
                    arrayMap(i -> value[i], hits)))[1] AS worst
            FROM {p}_mended
            WHERE notEmpty(hits) AND (series, day) NOT IN (SELECT series, day FROM {p}_open))"""
        for rule, (condition, observed, bound) in cases.items()
    ]
    return " UNION ALL ".join(each)


def looked_at(p: str) -> str:
    """SQL of a condition on findings ``e`` beside their series ``s``: that they are of a day settled here."""
    return (
        "toInt32(e.day) >= s.first_day AND toInt32(e.day) <= s.last_day"
        f" AND (s.channel, toInt32(e.day)) NOT IN (SELECT channel, day FROM {p}_hard)"
    )
