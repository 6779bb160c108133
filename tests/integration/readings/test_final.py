"""How final data is stored: what was to be seen at a version stays so, whatever the engine merges."""

from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path
from uuid import UUID

from server.migrations.render import statements
from server.readings.calendar import grid_of, local_day
from server.readings.domain import State
from server.readings.final import day_rows, interval_rows, value_rows
from server.readings.vee.scope import FOREVER
from tests.support.readings import block

_MIGRATION = Path(__file__).parents[3] / "server/migrations/clickhouse/0103_measurement_day.sql"
HALF = 1_800_000
AUTUMN = date(2024, 10, 27)
STARTS = list(grid_of(local_day("Europe/London", AUTUMN), HALF))


def asked(owner: UUID, number: int, watermark: int) -> dict:
    return {"tenant": str(owner), "series": [number], "start": 0, "end": FOREVER, "watermark": watermark}


async def seen(store, params) -> tuple[list, list]:
    """All that is to be seen at a version: intervals and days."""
    columns = "series, ms, length_ms, micro, state, quality, method, rule, revision, since"
    intervals = await store.rows(f"SELECT {columns} FROM {interval_rows()} ORDER BY ms", params)
    days = await store.rows(f"SELECT * FROM {day_rows()} ORDER BY day", params)
    return [tuple(row) for row in intervals], [tuple(row) for row in days]


async def versions_of(store, owner) -> list[int]:
    rows = await store.rows(
        "SELECT DISTINCT arrayJoin(arrayConcat([generation, version], since)) AS v FROM measurement_day"
        " WHERE tenant_id = {t:UUID} ORDER BY v",
        {"t": str(owner)},
    )
    return [int(version) for (version,) in rows]


async def test_merging_changes_nothing_of_what_was_seen(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    parts = [(STARTS[:10], 100), (STARTS[10:30], 200), (STARTS[5:7], 250), (STARTS[30:], 300)]
    await lone_platform.store.command("SYSTEM STOP MERGES")
    try:
        for sequence, (starts, first) in enumerate(parts):
            values = [(first + n) * 1000 for n in range(len(starts))]
            await pipeline.store(owner, block("cis", sequence, [number] * len(starts), starts, values))
            await runner.run_touched()
        versions = await versions_of(lone_platform.store, owner)
        assert len(versions) == len(parts)
        before = [
            await seen(lone_platform.store, asked(owner, series.series, v + d))
            for v in versions
            for d in (-1, 0)
        ]
    finally:
        await lone_platform.store.command("SYSTEM START MERGES")
    counts = [len(intervals) for intervals, _ in before]
    assert counts == [0, 10, 10, 30, 30, 30, 30, 50]
    await lone_platform.store.command("OPTIMIZE TABLE measurement_day FINAL")
    (left,) = await lone_platform.store.rows(
        "SELECT count() FROM measurement_day WHERE tenant_id = {t:UUID}", {"t": str(owner)}
    )
    # Two generations: before and after the two values were replaced.
    assert left == (2,)
    after = [
        await seen(lone_platform.store, asked(owner, series.series, v + d)) for v in versions for d in (-1, 0)
    ]
    assert after == before


async def test_sums_of_a_day_follow_its_intervals(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    await pipeline.store(owner, block("cis", 1, [number] * 48, [*STARTS[:20], *STARTS[22:]], range(48)))
    await runner.run_touched()
    intervals, days = await seen(lone_platform.store, asked(owner, series.series, 2**63))
    ((_, _, start, micro, cells, valid, suspect, estimated, edited, missing, quality),) = days
    assert (start, cells) == (STARTS[0], 50)
    assert micro == sum(row[3] for row in intervals)
    states = [row[4] for row in intervals]
    told = [State.VALIDATED, State.SUSPECT, State.ESTIMATED, State.EDITED, State.MISSING]
    assert [valid, suspect, estimated, edited, missing] == [states.count(state) for state in told]
    assert estimated == 2
    assert quality == reduce(or_, (row[5] for row in intervals))


async def test_every_value_of_an_interval_is_kept(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    for sequence, value in enumerate((1_000, 2_000, 2_000, 3_000)):
        await pipeline.store(owner, block("cis", sequence, [number] * 2, STARTS[:2], [value, 5_000]))
        await runner.run_touched()
    params = asked(owner, series.series, 2**63)
    rows = await lone_platform.store.rows(
        f"SELECT micro, revision FROM {value_rows()} ORDER BY since", {**params, "start": STARTS[0]}
    )
    assert [tuple(row) for row in rows] == [(1_000, 1), (2_000, 2), (3_000, 3)]
    rows = await lone_platform.store.rows(
        f"SELECT micro, revision FROM {value_rows()} ORDER BY since", {**params, "start": STARTS[1]}
    )
    assert [tuple(row) for row in rows] == [(5_000, 1)]


async def test_the_tables_of_the_release_before_are_taken_over(lone_platform, owner):
    store = lone_platform.store
    await store.command(
        """
        INSERT INTO measurement
        SELECT {tenant:UUID}, 7, fromUnixTimestamp64Milli(cell.1, 'UTC'), cell.2, cell.3, 1800000, cell.4,
            1, 0, '',
            generateUUIDv4()
        FROM (SELECT arrayJoin({cells:Array(Tuple(Int64, UInt64, Int64, UInt8))}) AS cell)""",
        {
            "tenant": str(owner),
            "cells": [(ms, 1_000, n, 3) for n, ms in enumerate(STARTS)] + [(STARTS[3], 2_000, 103, 2)],
        },
    )
    await store.command(
        "INSERT INTO usage_day SELECT {tenant:UUID}, 7, '2024-10-27', 1000,"
        " fromUnixTimestamp64Milli({at:Int64}),"
        " 0, 50, 0, 50, 0, 0, 0, 1",
        {"tenant": str(owner), "at": STARTS[0]},
    )
    text = _MIGRATION.read_text(encoding="utf-8")
    (copy,) = [one for one in statements(text) if one.startswith("INSERT")]
    copy = copy.replace("FROM measurement GROUP", "FROM measurement WHERE tenant_id = {tenant:UUID} GROUP")
    copy = copy.replace("FROM usage_day GROUP", "FROM usage_day WHERE tenant_id = {tenant:UUID} GROUP")
    for _ in range(2):
        await store.command(copy, {"tenant": str(owner)})
    intervals, days = await seen(store, asked(owner, 7, 2**63))
    assert [row[1] for row in intervals] == STARTS
    assert [row[3] for row in intervals] == [(n + 100 * (n == 3)) * 1_000_000 for n in range(50)]
    assert [row[8] for row in intervals] == [1 + (n == 3) for n in range(50)]
    assert days[0][3:7] == (sum(row[3] for row in intervals), 50, 1, 49)
