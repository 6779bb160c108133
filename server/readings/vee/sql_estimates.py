"""SQL of a run, third step: spikes, gaps, methods of estimation, and scaling to the registers.

Every method adds its candidates for the intervals that no method before it, in the order of the rule set, has
said anything of; of several the first in that order counts.
"""

from server.readings.domain import Method, Quality, State
from server.readings.vee import rules
from server.readings.vee.sql_tables import rounded

_TROUBLED = "series IN (SELECT DISTINCT series FROM {p}_cell WHERE need)"


def spikes(p: str) -> str:
    """SQL that makes ``spike``: the highest interval of each whole day on which it stands out (V11)."""
    return f"""
    CREATE TABLE {p}_spike ENGINE = Memory AS
    SELECT c.series AS series, argMax(c.cell, (assumeNotNull(c.v), -c.cell)) AS cell,
        any(d.top[1]) AS peak1, any(d.top[3]) AS peak3, any(d.per_mille) AS per_mille
    FROM {p}_cell AS c
    INNER JOIN {p}_series AS s ON s.series = c.series
    INNER JOIN (
        SELECT x.series AS series, if(z.spike_whole, 0, x.day) AS chunk, any(z.spike_per_mille) AS per_mille,
            arraySlice(arrayReverseSort(groupArrayIf(assumeNotNull(x.v), x.need = 0)), 1, 3) AS top
        FROM {p}_cell AS x INNER JOIN {p}_series AS z ON z.series = x.series
        GROUP BY series, chunk
        HAVING (any(z.spike_whole) OR count() = any(x.day_cells))
           AND countIf(x.need = 0) >= any(z.spike_least)
           AND top[3] > 0 AND toInt128(top[1] - top[3]) * 1000 > toInt128(top[3]) * per_mille
    ) AS d ON d.series = c.series AND d.chunk = if(s.spike_whole, 0, c.day)
    WHERE c.need = 0
    GROUP BY c.series, d.chunk"""


def steps(p: str) -> str:
    """SQL that makes ``step``: the intervals that are too far from the one before them (V14)."""
    return f"""
    CREATE TABLE {p}_step ENGINE = Memory AS
    SELECT series, cell, before, per_mille
    FROM (
        SELECT c.series AS series, c.cell AS cell, assumeNotNull(c.v) AS now, s.step_per_mille AS per_mille,
            lagInFrame(now, 1, toInt64(0)) OVER (PARTITION BY c.series ORDER BY c.cell
                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
        FROM {p}_cell AS c INNER JOIN {p}_series AS s ON s.series = c.series
        WHERE c.need = 0 AND s.step_per_mille >= 0)
    WHERE before != 0 AND toInt128(abs(now - before)) * 1000 > toInt128(abs(before)) * per_mille"""


def _sound(p: str) -> str:
    """SQL of the cells of troubled series with ``sound``: measured and without any fault."""
    return f"""(
        SELECT c.*, s.linear_ms AS linear_ms, s.longest_ms AS longest_ms,
            toUInt8(c.need = 0 AND bitAnd(c.q, s.unsound) = 0
                AND (c.series, c.cell) NOT IN (SELECT series, cell FROM {p}_spike)
                AND (c.series, c.cell) NOT IN (SELECT series, cell FROM {p}_step)) AS sound
        FROM {p}_cell AS c INNER JOIN {p}_series AS s ON s.series = c.series
        WHERE c.{_TROUBLED.format(p=p)})"""


def gaps(p: str) -> str:
    """SQL that makes ``gap``: the intervals to estimate, with the straight line where there is one (E04).

    ``dead``: the values on both sides come from an outage. Left out is what is missing for too long.
    """
    line = f"""before + {rounded("toInt128(after - before) * k", "n + 1")}"""
    return f"""
    CREATE TABLE {p}_gap ENGINE = Memory AS
    SELECT series, cell, day, wall, length_ms, day_ms, if(bridged, {line}, NULL) AS guess, dead
    FROM (
        SELECT
            series, g, length(members) AS n, before,
            leadInFrame(toNullable(before)) OVER w AS after_value,
                leadInFrame(before_sound) OVER w AS after_sound,
                leadInFrame(before_dead) OVER w AS after_dead,
            ifNull(after_value, 0) AS after,
            toUInt8(before_sound AND after_sound AND gap_ms <= linear_ms) AS bridged,
            toUInt8(before_dead AND after_dead) AS dead,
            if(gap_ms <= longest_ms, members, []) AS kept
        FROM (
            SELECT
                series, g, anyIf(assumeNotNull(v), need = 0) AS before,
                    maxIf(sound, need = 0) AS before_sound,
                    toUInt8(maxIf(bitAnd(q, {int(Quality.POWER_DOWN)}), need = 0) != 0) AS before_dead,
                arraySort(groupArrayIf((cell, day, wall, cell_end - cell, day_ms), need)) AS members,
                maxIf(cell_end, need) - minIf(cell, need) AS gap_ms, any(linear_ms) AS linear_ms,
                any(longest_ms) AS longest_ms
            FROM (
                SELECT *, sum(1 - need) OVER (PARTITION BY series ORDER BY cell ROWS UNBOUNDED PRECEDING) AS g
                FROM {_sound(p)})
            GROUP BY series, g)
        WINDOW w AS (PARTITION BY series ORDER BY g ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
    ARRAY JOIN arrayEnumerate(kept) AS k, kept.1 AS cell, kept.2 AS day, kept.3 AS wall,
        kept.4 AS length_ms, kept.5 AS day_ms"""


def known_at_once(p: str) -> str:
    """SQL of candidates that the gaps themselves give: straight lines (E04), and zero in outages (E10)."""
    return f"""
    INSERT INTO {p}_candidate
    SELECT g.series, g.cell, m.place, m.method, if(m.method = {int(Method.ZERO)}, 0, assumeNotNull(g.guess))
    FROM {p}_gap AS g
    INNER JOIN {p}_series AS s ON s.series = g.series
    INNER JOIN {p}_method AS m ON m.rule_set_version = s.rule_set_version
    WHERE (m.method = {int(Method.LINEAR)} AND g.guess IS NOT NULL)
       OR (m.method = {int(Method.ZERO)} AND g.dead)"""


def wanted(p: str, method: Method) -> str:
    """SQL of the intervals that a method is to estimate: no method before it has said anything."""
    return f"""
        SELECT g.series AS series, g.cell AS cell, g.day AS day, g.wall AS wall, g.length_ms AS length_ms,
            g.day_ms AS day_ms, m.place AS place
        FROM {p}_gap AS g
        INNER JOIN {p}_series AS s ON s.series = g.series
        INNER JOIN (SELECT * FROM {p}_method WHERE method = {int(method)}) AS m
            ON m.rule_set_version = s.rule_set_version
        LEFT JOIN (SELECT series, cell, min(place) AS first FROM {p}_candidate GROUP BY series, cell) AS o
            ON o.series = g.series AND o.cell = g.cell
        WHERE o.first = 0 OR o.first > m.place"""


def nearest_days(p: str) -> str:
    """SQL that adds to ``reference``, for each day to estimate, the days to learn from (E05).

    Three whole, sound days of the same weekday, the nearest ones, before or after; where there are not
    three, up to three of the same kind, working day or weekend.
    """
    return f"""
    INSERT INTO {p}_reference
    SELECT series, day, {int(Method.NEAREST_DAYS)}, arrayJoin(chosen).2, length(chosen)
    FROM (
        SELECT
            t.series AS series, t.day AS day,
            arraySort(groupArray((abs(d.day - t.day), d.day,
                toDayOfWeek(toDate32(d.day)) = toDayOfWeek(toDate32(t.day))))) AS near,
            any(s.reference_days) AS count,
            arraySlice(arrayFilter(x -> x.3, near), 1, count) AS same,
            if(length(same) = count, same, arraySlice(near, 1, count)) AS chosen
        FROM (SELECT DISTINCT series, day FROM ({wanted(p, Method.NEAREST_DAYS)})) AS t
        INNER JOIN ({_sound_days(p, "{first_day:Int32} - {reach:Int32}", "{last_day:Int32} + {reach:Int32}")})
            AS d ON d.series = t.series
        INNER JOIN {p}_series AS s ON s.series = t.series
        WHERE d.day != t.day AND abs(d.day - t.day) <= s.reach_days
          AND (toDayOfWeek(toDate32(d.day)) >= 6) = (toDayOfWeek(toDate32(t.day)) >= 6)
        GROUP BY t.series, t.day)"""


def like_days(p: str) -> str:
    """SQL that adds to ``reference`` the like days of two weeks, else those of a year ago (E06)."""
    steps = ", ".join(str(list(days)) for days in rules.LIKE_DAYS)
    far = f"{{first_day:Int32}} - {rules.LIKE_REACH + rules.YEAR_OF_WEEKS}"
    return f"""
    INSERT INTO {p}_reference
    SELECT series, day, {int(Method.LIKE_DAYS)}, arrayJoin(chosen), length(chosen)
    FROM (
        SELECT
            t.series AS series, t.day AS day, groupArray(d.day) AS there,
            arrayMap(x -> toInt32(t.day + x), [{steps}][toDayOfWeek(toDate32(t.day))]) AS list,
            arrayFilter(x -> has(there, x), list) AS now,
            if(notEmpty(now) OR NOT any(s.last_year), now,
                arrayFilter(x -> has(there, x), arrayMap(x -> toInt32(x - {rules.YEAR_OF_WEEKS}), list)))
                AS chosen
        FROM (SELECT DISTINCT series, day FROM ({wanted(p, Method.LIKE_DAYS)})) AS t
        INNER JOIN ({_sound_days(p, far, "{last_day:Int32}")}) AS d ON d.series = t.series
        INNER JOIN {p}_series AS s ON s.series = t.series
        WHERE d.day < t.day
        GROUP BY t.series, t.day)"""


def days_before(p: str) -> str:
    """SQL that adds to ``reference`` the sound days that the average is made of (E09)."""
    return f"""
    INSERT INTO {p}_reference
    SELECT series, day, {int(Method.AVERAGE_LOAD)}, arrayJoin(chosen), length(chosen)
    FROM (
        SELECT t.series AS series, t.day AS day, groupArray(d.day) AS chosen
        FROM (SELECT DISTINCT series, day FROM ({wanted(p, Method.AVERAGE_LOAD)})) AS t
        INNER JOIN ({_sound_days(p, "{first_day:Int32} - {learn:Int32}", "{last_day:Int32}")}) AS d
            ON d.series = t.series
        INNER JOIN {p}_series AS s ON s.series = t.series
        WHERE d.day < t.day AND d.day >= t.day - s.average_days
        GROUP BY t.series, t.day)"""


def _sound_days(p: str, first: str, last: str) -> str:
    """SQL of whole ordinary days without fault or outage: of this run, and of what was stored before."""
    return f"""
        SELECT series, day FROM {_sound(p)} GROUP BY series, day
        HAVING any(plain) AND count() = any(day_cells) AND min(sound) = 1
            AND max(bitAnd(q, {int(Quality.POWER_DOWN)})) = 0
        UNION ALL
        SELECT series, toInt32(u.day) AS day
        FROM (
            SELECT series, day, argMax((cells, valid, qualities), (generation, version)) AS last
            FROM measurement_day
            WHERE tenant_id = {{tenant:UUID}} AND {_TROUBLED.format(p=p)}
              AND day >= toDate({first}) AND day <= toDate({last})
            GROUP BY series, day) AS u
        INNER JOIN {p}_series AS s ON s.series = u.series
        INNER JOIN {p}_day AS d ON d.tz = s.tz AND d.day = toInt32(u.day)
        WHERE d.plain AND u.last.1 = u.last.2 AND u.last.1 > 0
          AND bitAnd(u.last.3, {int(Quality.POWER_DOWN)}) = 0
          AND (series, toInt32(u.day)) NOT IN (SELECT series, day FROM {p}_cell
              WHERE {_TROUBLED.format(p=p)})"""


def means(p: str, method: Method) -> str:
    """SQL of candidates: for each interval a method is to estimate, the mean of the days it learns from."""
    return f"""
    INSERT INTO {p}_candidate
    SELECT g.series, g.cell, any(g.place), {int(method)}, {rounded("sum(x.v)", "count()")}
    FROM ({wanted(p, method)}) AS g
    INNER JOIN (SELECT * FROM {p}_reference WHERE method = {int(method)}) AS r
        ON r.series = g.series AND r.day = g.day
    INNER JOIN (
        SELECT series, day, wall, assumeNotNull(v) AS v FROM {p}_cell WHERE {_TROUBLED.format(p=p)}
            AND need = 0
        UNION ALL
        SELECT w.series AS series, w.day AS day, m.last.1 + (i - 1) * m.last.2 - w.start_ms AS wall,
            m.last.3[i] AS v
        FROM (
            SELECT DISTINCT s.series AS series, ref AS day, d.start_ms AS start_ms
            FROM {p}_reference AS r
            INNER JOIN {p}_series AS s ON s.series = r.series
            INNER JOIN {p}_day AS d ON d.tz = s.tz AND d.day = r.ref
            WHERE r.method = {int(method)} AND (s.series, ref) NOT IN ({_own_days(p)})) AS w
        INNER JOIN {_stored_days(p, method)} AS m ON m.series = w.series AND m.number = w.day
        ARRAY JOIN arrayEnumerate(m.last.3) AS i
    ) AS x ON x.series = g.series AND x.day = r.ref AND x.wall = g.wall
    GROUP BY g.series, g.cell
    HAVING count() = any(r.refs)"""


def averages(p: str, method: Method) -> str:
    """SQL of candidates: the mean use of the days it is learnt from, evenly over the day (``rules.flat``)."""
    return f"""
    INSERT INTO {p}_candidate
    SELECT g.series, g.cell, g.place, {int(method)},
        {rounded("a.total * g.length_ms", "a.days * g.day_ms")}
    FROM ({wanted(p, method)}) AS g
    INNER JOIN (
        SELECT r.series AS series, r.day AS day, sum(x.total) AS total, toInt64(count()) AS days
        FROM (SELECT * FROM {p}_reference WHERE method = {int(method)}) AS r
        INNER JOIN (
            SELECT series, day, sum(toInt128(assumeNotNull(v))) AS total FROM {p}_cell
            WHERE {_TROUBLED.format(p=p)} AND need = 0 GROUP BY series, day
            UNION ALL
            SELECT series, number, arraySum(x -> toInt128(x), last.3) FROM {_stored_days(p, method)}
            WHERE (series, number) NOT IN ({_own_days(p)})
        ) AS x ON x.series = r.series AND x.day = r.ref
        GROUP BY r.series, r.day) AS a ON a.series = g.series AND a.day = g.day"""


def _own_days(p: str) -> str:
    """SQL of the days that the run looks at."""
    return f"SELECT series, day FROM {p}_cell WHERE {_TROUBLED.format(p=p)}"


def _stored_days(p: str, method: Method) -> str:
    """SQL of the stored days that a method learns from: where they begin, their interval and values."""
    return f"""(
            SELECT series, toInt32(n.day) AS number,
                argMax((toUnixTimestamp64Milli(n.start), toInt64(n.interval_ms), n.micro),
                    (generation, version)) AS last
            FROM measurement_day AS n
            WHERE tenant_id = {{tenant:UUID}}
              AND (series, toInt32(n.day)) IN (
                  SELECT series, ref FROM {p}_reference WHERE method = {int(method)})
            GROUP BY series, number)"""


def windows(p: str) -> str:
    """SQL that makes ``window``: what is known and what is to estimate of each stretch between registers."""
    return f"""
    CREATE TABLE {p}_window ENGINE = Memory AS
    SELECT
        c.series AS series, if(b.lead = 0, c.win, b.lead) AS win, sum(c.reg) AS counted,
            sumIf(assumeNotNull(c.v), c.need = 0) AS known,
        counted - known AS rest, toUInt8(min(c.covers) AND win != 0) AS whole,
        arraySort(x -> x.1, groupArrayIf((c.cell, g.guess, g.method), c.need)) AS members,
        any(s.scaling != {int(rules.Scaling.NONE)}) AND (rest >= 0 OR any(s.negative_scaling)) AS scaling,
        any(s.sums) AS sums
    FROM (SELECT * FROM {p}_cell WHERE {_TROUBLED.format(p=p)}) AS c
    INNER JOIN {p}_series AS s ON s.series = c.series
    LEFT JOIN ({_leads(p)}) AS b ON b.series = c.series AND b.win = c.win
    LEFT JOIN (
        SELECT series, cell, toNullable(argMin(guess, place)) AS guess, argMin(method, place) AS method
        FROM {p}_candidate GROUP BY series, cell) AS g ON g.series = c.series AND g.cell = c.cell
    GROUP BY c.series, win
    HAVING notEmpty(members)"""


def _leads(p: str) -> str:
    """SQL of the first reading of the day in which a stretch begins, where whole days are scaled."""
    return f"""
        SELECT x.series AS series, x.win AS win, min(x.win) OVER (PARTITION BY x.series, d.day) AS lead
        FROM (
            SELECT DISTINCT c.series AS series, c.win AS win, s.tz AS tz
            FROM {p}_cell AS c INNER JOIN {p}_series AS s ON s.series = c.series
            WHERE c.win != 0 AND s.scaling = {int(rules.Scaling.BOUNDARY)}) AS x
        ASOF INNER JOIN {p}_day AS d ON d.tz = x.tz AND d.start_ms <= x.win"""


def estimates(p: str) -> str:
    """SQL that makes ``estimate``: what each interval to estimate becomes (``rules.share_out``)."""
    weights = "arrayMap(x -> ifNull(x.2, 0), members)"
    return f"""
    CREATE TABLE {p}_estimate ENGINE = Memory AS
    SELECT
        series, member.1 AS cell,
        if(scale, share, member.2) AS value,
        toUInt8(multiIf(scale AND flat, {int(Method.FLAT_TO_REGISTER)}, value IS NULL, 0, member.3))
            AS method,
        scale AS is_scaled
    FROM (
        SELECT
            series, members,
            toUInt8(whole AND scaling) AS scale,
            toUInt8(arrayExists(x -> x.2 IS NULL, members) OR arrayExists(x -> x < 0, {weights})
                    OR arraySum(x -> toInt128(x), {weights}) <= 0) AS flat,
            arrayMap(x -> if(flat, toInt128(1), toInt128(ifNull(x.2, 0))), members) AS weights,
            arraySum(weights) AS total,
            arrayMap(w -> toInt64(intDiv(toInt128(rest) * w, if(total = 0, 1, total))),
                arrayPopBack(weights)) AS down,
            arrayPushBack(down, toInt64(rest - arraySum(down))) AS shares
        FROM {p}_window)
    ARRAY JOIN members AS member, shares AS share"""


def mismatches(p: str) -> str:
    """SQL that makes ``mismatch``: intervals that do not add up to the registers around them (V10)."""
    return f"""
    CREATE TABLE {p}_mismatch ENGINE = Memory AS
    SELECT series, arrayJoin(found) AS cell, known, counted
    FROM (
        SELECT c.series AS series, groupArray(c.cell) AS found, sum(assumeNotNull(c.v)) AS known,
            sum(c.reg) AS counted, any(s.unit) AS one
        FROM (SELECT * FROM {p}_cell WHERE win != 0
            AND series IN (SELECT DISTINCT series FROM {p}_cell WHERE source = 1 AND win != 0)) AS c
        INNER JOIN {p}_series AS s ON s.series = c.series
        GROUP BY c.series, c.win
        HAVING min(c.covers) = 1 AND max(c.need) = 0 AND min(c.source) = 1 AND max(c.source) = 1
           AND any(s.sums) AND abs(known - counted) > greatest(one,
               intDiv(abs(counted) * any(s.sum_per_mille), 1000))
        UNION ALL
        SELECT series, arrayMap(x -> x.1, members), known, counted, toInt64(0) FROM {p}_window WHERE whole
            AND rest < 0 AND NOT scaling AND sums)"""


def finals(p: str) -> str:
    """SQL that makes ``final``: each interval of the days to write, as it is to stand."""
    estimated = (
        f"multiIf(e.method = {int(Method.LINEAR)}, {int(Quality.ESTIMATED_LINEAR)}, "
        f"e.method IN ({int(Method.NEAREST_DAYS)}, {int(Method.LIKE_DAYS)}),"
        f" {int(Quality.ESTIMATED_REFERENCE_DAY)}, 0)"
    )
    return f"""
    CREATE TABLE {p}_final ENGINE = Memory AS
    SELECT
        c.series AS series, c.day AS day, c.cell AS cell, c.cell_end AS cell_end, c.day_cells AS day_cells,
        toInt64(if(need, ifNull(e.value, 0), assumeNotNull(v))) AS micro,
        toUInt8(multiIf(need AND e.value IS NULL, {int(State.MISSING)}, need, {int(State.ESTIMATED)},
            rule != '', {int(State.SUSPECT)}, {int(State.VALIDATED)})) AS state,
        toUInt32(bitOr(q, multiIf(
            state = {int(State.MISSING)}, 0,
            state = {int(State.ESTIMATED)}, bitOr({estimated}, if(e.is_scaled, {int(Quality.SCALED)}, 0)),
            state = {int(State.SUSPECT)}, bitOr({int(Quality.QUESTIONABLE)},
                if(spiked, {int(Quality.SPIKE)}, 0)),
            {int(Quality.VALID)}))) AS quality,
        toUInt8(if(need, e.method, 0)) AS method,
        multiIf(
            bitAnd(q, {int(Quality.NEGATIVE)}) != 0, 'V08', bitAnd(q, {int(Quality.LIMIT)}) != 0, 'V13',
            bitAnd(q, {int(Quality.DEVICE_FLAG | Quality.CLOCK_INVALID)}) != 0, 'V07',
            need, 'V06', spiked, 'V11', stepped, 'V14', m.cell != 0, 'V10', '') AS rule,
        toUInt8(k.cell != 0) AS spiked, toUInt8(t.cell != 0) AS stepped, toUInt8(w.day != 0) AS crowded,
        toUInt8(m.cell != 0) AS mismatched,
        c.source AS source, c.need AS need, c.given_value AS given_value, c.cap AS cap, c.repeats AS repeats,
        c.conflicts AS conflicts, c.off AS off, c.fault_q AS fault_q, c.fault_amount AS fault_amount,
        c.fault_bound AS fault_bound, c.rolled_amount AS rolled_amount, k.peak1 AS peak1, k.peak3 AS peak3,
        k.per_mille AS per_mille, t.before AS step_from, t.per_mille AS step_per_mille,
        m.known AS known, m.counted AS counted
    FROM {p}_cell AS c
    INNER JOIN {p}_series AS s ON s.series = c.series
    LEFT JOIN {p}_estimate AS e ON e.series = c.series AND e.cell = c.cell
    LEFT ANY JOIN {p}_spike AS k ON k.series = c.series AND k.cell = c.cell
    LEFT ANY JOIN {p}_step AS t ON t.series = c.series AND t.cell = c.cell
    LEFT JOIN (
        SELECT series, day FROM {p}_cell GROUP BY series, day
        HAVING sum(off) + countIf(source = 1) > any(day_cells)) AS w ON w.series = c.series AND w.day = c.day
    LEFT ANY JOIN {p}_mismatch AS m ON m.series = c.series AND m.cell = c.cell
    WHERE c.day >= s.out_first AND c.day <= s.out_last"""
