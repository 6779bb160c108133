"""Validation and estimation by the worker's loop, on real engines."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from server.platform.tables import outbox
from server.readings.calendar import grid_of, local_day
from server.readings.domain import Method, Quality, State
from server.readings.final import interval_rows
from server.readings.vee.scope import FOREVER
from simba.readings.v1 import events_pb2
from tests.support.readings import block

HALF = 1_800_000
LONDON = "Europe/London"
SPRING = date(2025, 3, 30)
AUTUMN = date(2024, 10, 27)


def grid(day: date, length: int = HALF, tz: str = LONDON) -> list[int]:
    return list(grid_of(local_day(tz, day), length))


async def final(lone_platform, owner, series):
    """The newest version of each interval: start → (value, state, quality, method, rule)."""
    rows = await lone_platform.store.rows(
        f"SELECT ms, (micro, state, quality, method, rule) FROM {interval_rows()} ORDER BY ms",
        always(owner, series),
    )
    return {int(ms): tuple(last) for ms, last in rows}


def always(owner, series):
    """Parameters of everything that there is of a series."""
    return {
        "tenant": str(owner),
        "series": [series.series],
        "start": 0,
        "end": FOREVER,
        "watermark": 2**63,
    }


async def versions_of(lone_platform, owner, series):
    """How many values the intervals have had, all together."""
    rows = await lone_platform.store.rows(
        f"SELECT sum(revision) FROM {interval_rows()}", always(owner, series)
    )
    return rows[0][0]


async def rules_found(lone_platform, owner, series):
    rows = await lone_platform.store.rows(
        "SELECT toString(day), toString(rule), argMax(cells, version) FROM vee_exception"
        " WHERE tenant_id = {tenant:UUID} AND series = {series:UInt64}"
        " GROUP BY day, rule HAVING argMax(cells, version) > 0 ORDER BY day, rule",
        {"tenant": str(owner), "series": series.series},
    )
    return [tuple(row) for row in rows]


async def test_days_of_23_and_25_hours_are_whole(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    for sequence, (day, count) in enumerate([(SPRING, 46), (AUTUMN, 50)]):
        starts = grid(day)
        assert len(starts) == count
        await pipeline.store(owner, block("cis", sequence, [number] * count, starts, [1_000_000] * count))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    inside = {ms: value for ms, value in found.items() if ms in {*grid(SPRING), *grid(AUTUMN)}}
    assert len(inside) == 96
    assert {value[:2] for value in inside.values()} == {(1_000_000, State.VALIDATED)}
    days = await lone_platform.store.rows(
        "SELECT toString(day), toString(total), cells, valid, missing FROM measurement_day"
        " WHERE tenant_id = {t:UUID} AND day IN ('2025-03-30', '2024-10-27') ORDER BY day",
        {"t": str(owner)},
    )
    assert [tuple(row) for row in days] == [("2024-10-27", "50", 50, 50, 0), ("2025-03-30", "46", 46, 46, 0)]


async def test_a_run_without_news_stores_nothing(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    starts = grid(date(2025, 6, 2))
    await pipeline.store(owner, block("cis", 1, [number] * 40, starts[:40], range(0, 4_000_000, 100_000)))
    await runner.run_touched()
    before = await versions_of(lone_platform, owner, series)
    assert before == 40
    assert await runner.run_touched() == 0
    await pipeline.store(owner, block("other", 1, [number] * 40, starts[:40], range(0, 4_000_000, 100_000)))
    assert await runner.run_touched() == 1
    assert await versions_of(lone_platform, owner, series) == before
    assert await rules_found(lone_platform, owner, series) == [("2025-06-02", "V05", 40)]
    outcome = await runner.run_series(
        owner, [series.series], datetime(2025, 6, 2, tzinfo=UTC), datetime(2025, 6, 2, 12, tzinfo=UTC)
    )
    # Asked for, the whole day is expected; what did not come is missing.
    assert (outcome.counts.intervals, outcome.counts.changed, outcome.counts.missing) == (48, 8, 8)


async def test_short_gaps_by_a_line_long_ones_by_like_days(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    days = [date(2025, 3, 10) + timedelta(days=n) for n in range(29)]
    gone = {grid(days[28])[n] for n in (5, 6, 7)} | set(grid(days[21])[20:30])
    starts, values = [], []
    for n, day in enumerate(days):
        for k, start in enumerate(grid(day)):
            if start not in gone:
                starts.append(start)
                values.append((100 + k + (n % 7) * 10 + n) * 1000)
    await pipeline.store(owner, block("cis", 1, [number] * len(starts), starts, values))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    line = [found[grid(days[28])[n]] for n in (5, 6, 7)]
    before, after = found[grid(days[28])[4]][0], found[grid(days[28])[8]][0]
    assert [value for value, *_ in line] == [before + (after - before) * k // 4 for k in (1, 2, 3)]
    assert {tuple(rest) for _, *rest in line} == {
        (State.ESTIMATED, Quality.ESTIMATED_LINEAR, Method.LINEAR, "V06")
    }
    # 31 March: the Mondays before and after, and the one before that; the clock on the wall counts.
    long = [found[start] for start in grid(days[21])[20:30]]
    like = [[found[grid(days[n])[k]][0] for n in (14, 7, 0)] for k in range(20, 30)]
    assert days[28].weekday() == days[21].weekday() == 0
    assert [value for value, *_ in long] == [round(sum(three) / 3) for three in like]
    assert {tuple(rest) for _, *rest in long} == {
        (State.ESTIMATED, Quality.ESTIMATED_REFERENCE_DAY, Method.NEAREST_DAYS, "V06")
    }


async def test_late_data_supersede_estimates_and_are_told(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    starts = grid(date(2025, 5, 7))
    keep = [start for n, start in enumerate(starts) if n not in (10, 11)]
    await pipeline.store(owner, block("cis", 1, [number] * 46, keep, [2_000_000] * 46))
    await runner.run_touched()
    assert (await final(lone_platform, owner, series))[starts[10]][:2] == (2_000_000, State.ESTIMATED)
    await pipeline.store(owner, block("cis", 2, [number] * 2, starts[10:12], [3_000_000, 2_500_000]))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    assert found[starts[10]][:2] == (3_000_000, State.VALIDATED)
    assert await versions_of(lone_platform, owner, series) == 50
    assert await rules_found(lone_platform, owner, series) == []
    async with lone_platform.uow.system() as tx:
        rows = await tx.conn.execute(
            sa.select(outbox.c.topic, outbox.c.payload)
            .where(outbox.c.tenant_id == owner)
            .order_by(outbox.c.id)
        )
        told = [(topic, bytes(payload)) for topic, payload in rows]
    assert [topic for topic, _ in told] == ["data.vee_exception", "data.usage_corrected"]
    corrected = events_pb2.UsageCorrected.FromString(told[1][1])
    assert (corrected.old_value, corrected.new_value, corrected.unit) == ("4", "5.5", "kWh")
    assert corrected.period.start.ToMilliseconds() == starts[10]
    assert corrected.period.end.ToMilliseconds() == starts[12]


async def test_registers_become_intervals_with_rollover_and_multiplier(
    lone_platform, owner, devices, pipeline, runner
):
    (number,) = devices.add(kind="REGISTER", dials=5, interval_seconds=3600)
    series = devices.install(number, multiplier="40")
    starts = grid(date(2025, 6, 3), 2 * HALF)
    registers = [(99_990_000_000 + k * 2_500_000) % 100_000_000_000 for k in range(12)]
    await pipeline.store(owner, block("cis", 1, [number] * 12, starts[:12], registers))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    # The first register is a baseline: eleven differences of twelve readings.
    assert list(found) == starts[:11]
    assert {value for value, *_ in found.values()} == {100_000_000}
    assert found[starts[3]][1:] == (
        State.VALIDATED,
        Quality.VALID | Quality.DERIVED | Quality.ROLLOVER,
        0,
        "",
    )
    assert await rules_found(lone_platform, owner, series) == [("2025-06-03", "V09", 1)]


async def test_gaps_of_a_register_add_up_exactly(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add(kind="REGISTER", interval_seconds=3600)
    series = devices.install(number)
    starts = grid(date(2025, 6, 3), 2 * HALF)
    times = [*starts[:5], *starts[12:20]]
    registers = [1_000_000 * k for k in range(5)] + [14_000_001 + 1_000_000 * k for k in range(8)]
    await pipeline.store(owner, block("cis", 1, [number] * 13, times, registers))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    gap = [found[start] for start in starts[4:12]]
    assert sum(value for value, *_ in gap) == 10_000_001
    assert [value for value, *_ in gap] == [1_250_000] * 7 + [1_250_001]
    assert {tuple(rest) for _, *rest in gap} == {
        (State.ESTIMATED, Quality.SCALED, Method.FLAT_TO_REGISTER, "V06")
    }
    assert sum(value for value, *_ in found.values()) == registers[-1] - registers[0]


async def test_a_meter_exchange_is_one_series(lone_platform, owner, devices, pipeline, runner):
    old, new = devices.add(2, kind="REGISTER", interval_seconds=3600)
    exchange = datetime(2025, 6, 3, 9, tzinfo=UTC)
    series = devices.install(old, end=exchange)
    devices.install(new, series=series, start=exchange)
    starts = grid(date(2025, 6, 3), 2 * HALF)
    at = starts.index(int(exchange.timestamp() * 1000))
    await pipeline.store(
        owner,
        block(
            "cis", 1, [old] * (at + 1), starts[: at + 1], [777_000_000 + k * 1_000_000 for k in range(at + 1)]
        ),
    )
    await pipeline.store(
        owner, block("cis", 2, [new] * (24 - at), starts[at:], [k * 2_000_000 for k in range(24 - at)])
    )
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    assert [found[start][0] for start in starts[:23]] == [1_000_000] * at + [2_000_000] * (23 - at)


async def test_negative_and_impossible_values_are_estimated_spikes_are_marked(
    lone_platform, owner, devices, pipeline, runner
):
    (number,) = devices.add(max_per_hour_micro=10_000_000)
    series = devices.install(number)
    starts = grid(date(2025, 6, 3))
    values = [1_000_000] * 48
    values[5], values[20], values[30] = -2_000_000, 9_000_000, 4_000_000
    await pipeline.store(owner, block("cis", 1, [number] * 48, starts, values))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    line = int(Quality.ESTIMATED_LINEAR)
    assert found[starts[5]] == (1_000_000, State.ESTIMATED, Quality.NEGATIVE | line, Method.LINEAR, "V08")
    assert found[starts[20]] == (1_000_000, State.ESTIMATED, Quality.LIMIT | line, Method.LINEAR, "V13")
    assert found[starts[30]] == (4_000_000, State.SUSPECT, Quality.SPIKE | Quality.QUESTIONABLE, 0, "V11")
    assert await rules_found(lone_platform, owner, series) == [
        ("2025-06-03", "V08", 1),
        ("2025-06-03", "V11", 1),
        ("2025-06-03", "V13", 1),
    ]


async def test_a_week_without_data_is_found_when_the_next_reading_comes(
    lone_platform, owner, devices, pipeline, runner
):
    (number,) = devices.add()
    series = devices.install(number)
    first, last = grid(date(2025, 6, 2)), grid(date(2025, 6, 10))
    await pipeline.store(owner, block("cis", 1, [number] * 48, first, [1_000_000] * 48))
    await runner.run_touched()
    await pipeline.store(owner, block("cis", 2, [number] * 48, last, [1_000_000] * 48))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    assert len(found) == 48 * 9
    assert (
        sum(value[1] == State.MISSING for value in found.values())
        + sum(value[1] == State.ESTIMATED for value in found.values())
        == 48 * 7
    )


async def test_an_abandoned_run_is_closed_and_done_anew(
    lone_platform, owner, devices, pipeline, runner, monkeypatch
):
    from server.readings.vee import run, versions

    (number,) = devices.add()
    series = devices.install(number)
    starts = grid(date(2025, 6, 3))
    await pipeline.store(owner, block("cis", 1, [number] * 48, starts, [1_000_000] * 48))

    class Killed(BaseException):
        pass

    whole = run.Run.store

    async def dies(self, version):
        from server.readings.vee import sql_results

        await self._do(sql_results.insert_days(self._prefix), version=version)
        raise Killed

    monkeypatch.setattr(run.Run, "store", dies)
    with suppress(Killed):
        await runner.run_touched()
    monkeypatch.setattr(run.Run, "store", whole)
    async with lone_platform.uow() as tx:
        assert len(await versions.open_runs(tx)) == 1
        assert await versions.watermark(tx) < (await versions.open_runs(tx))[0][0]
    await runner.run_touched()
    async with lone_platform.uow() as tx:
        assert await versions.open_runs(tx) == []
    left = await lone_platform.store.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase()"
        " AND (name LIKE 'vee_0%' OR name LIKE 'ask_%')"
    )
    assert left == []
    assert await versions_of(lone_platform, owner, series) == 48
    rows = await lone_platform.store.rows(
        "SELECT toString(day), valid FROM measurement_day WHERE tenant_id = {t:UUID}", {"t": str(owner)}
    )
    assert [tuple(row) for row in rows] == [("2025-06-03", 48)]


async def test_a_run_keeps_what_it_looked_at(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add(kind="REGISTER", dials=5, interval_seconds=3600, max_per_hour_micro=9_000_000)
    series = devices.install(number, multiplier="40")
    await pipeline.store(owner, block("cis", 1, [number] * 3, grid(SPRING, 2 * HALF)[:3], [0, 1, 2]))
    await runner.run_touched()
    kept = await lone_platform.store.rows(
        "SELECT series, channel, kind, tz, toString(first_day), interval_ms, toString(multiplier), dials,"
        " toString(max_per_hour), negative_allowed FROM vee_scope WHERE tenant_id = {t:UUID}",
        {"t": str(owner)},
    )
    assert [tuple(row) for row in kept] == [
        (series.series, number, "REGISTER", LONDON, "2025-03-30", 3_600_000, "40", 5, "9", False)
    ]


async def test_a_meter_that_is_installed_after_its_readings_came(
    lone_platform, owner, devices, pipeline, runner
):
    from server.platform.outbox import OutboxRow
    from server.readings.vee.pending import Movements
    from simba.devices.v1 import events_pb2

    (number,) = devices.add()
    await pipeline.store(owner, block("cis", 1, [number] * 48, grid(date(2025, 6, 3)), [1_000_000] * 48))
    assert await runner.run_touched() == 1
    since = datetime(2025, 6, 3, 11, tzinfo=UTC)
    series = devices.install(number, start=since)
    installed = events_pb2.MeterInstalled()
    installed.installation.period.start.FromDatetime(since)
    meter_id = devices.known[number].meter_id
    said, about = installed.SerializeToString(), {"meter_id": str(meter_id)}
    event = OutboxRow(1, owner, meter_id, "device.installed", "", said, about, {}, since, since, 0)
    async with lone_platform.uow.system() as tx:
        await Movements().append(tx, [event])
    assert await runner.run_touched() == 1
    found = await final(lone_platform, owner, series)
    assert list(found) == grid(date(2025, 6, 3))[24:]
    assert await runner.run_touched() == 0
