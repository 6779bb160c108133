"""Registers to intervals: a local day has what the registers counted in it, whatever happens in between."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from server.readings.calendar import from_ms, grid_of, local_day
from server.readings.domain import State
from server.readings.final import interval_rows
from server.readings.vee.rules import NANO, scaled
from tests.support.readings import block

LONDON = "Europe/London"
HOUR = 3_600_000
SPRING, AUTUMN = date(2025, 3, 30), date(2025, 10, 26)


async def hours(platform, owner, series, day) -> dict[int, tuple]:
    """The intervals of a local day: start → (value, state, quality)."""
    rows = await platform.store.rows(
        f"SELECT ms, micro, state, quality FROM {interval_rows()} ORDER BY ms",
        {
            "tenant": str(owner),
            "series": [series.series],
            "start": day.start_ms,
            "end": day.end_ms,
            "watermark": 2**63,
        },
    )
    return {int(row[0]): tuple(row[1:]) for row in rows}


def counted(random: Random, start: int, times: list[int]) -> list[int]:
    """A register that counts on, by something else in every hour."""
    found = [start]
    for before, at in pairwise(times):
        found.append(found[-1] + sum(random.randrange(1, 3_000_000) for _ in range((at - before) // HOUR)))
    return found


@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2025, 6, 3)])
@pytest.mark.parametrize("multiplier", ["1", "40", "0.333333333"])
async def test_a_day_with_an_exchange_adds_up_to_both_registers(
    lone_platform, owner, devices, pipeline, runner, day, multiplier
):
    random = Random(f"{day}{multiplier}")
    here = local_day(LONDON, day)
    grid = [*grid_of(here, HOUR), here.end_ms]
    place = random.randrange(8, 14)
    old, new = devices.add(2, kind="REGISTER", dials=6, interval_seconds=3600)
    exchange = from_ms(grid[place])
    series = devices.install(old, end=exchange, multiplier=multiplier)
    devices.install(new, series=series, start=exchange, multiplier=multiplier)
    # Hours without a reading: what was counted is known, when is not.
    before = [grid[0], *random.sample(grid[1:place], 4), grid[place]]
    after = [grid[place], *random.sample(grid[place + 1 : -1], 5), grid[-1]]
    before, after = sorted(before), sorted(after)
    first, second = counted(random, 999_990_000_000, before), counted(random, 17_000_000, after)
    shown = [value % 10**12 for value in first]
    assert shown != first, "the old register must roll over"
    await pipeline.store(owner, block("cis", 1, [old] * len(before), before, shown))
    await pipeline.store(owner, block("cis", 2, [new] * len(after), after, second))
    await runner.run_touched()
    found = await hours(lone_platform, owner, series, here)
    assert list(found) == grid[:-1]
    nano = int(Decimal(multiplier) * NANO)
    assert sum(found[at][0] for at in grid[:place]) == scaled_delta(first, nano)
    assert sum(found[at][0] for at in grid[place:-1]) == scaled_delta(second, nano)
    assert {found[at][1] for at in found} == {State.VALIDATED, State.ESTIMATED}


def scaled_delta(values: list[int], nano: int) -> int:
    """What a register counted, times the multiplier: pair by pair, as it is rounded."""
    return sum(
        scaled(before % 10**12 + (after - before), nano) - scaled(before % 10**12, nano)
        for before, after in pairwise(values)
    )


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
async def test_a_register_that_is_reset_counts_before_and_after(
    lone_platform, owner, devices, pipeline, runner, day
):
    random = Random(day.toordinal())
    here = local_day(LONDON, day)
    grid = [*grid_of(here, HOUR), here.end_ms]
    (number,) = devices.add(kind="REGISTER", interval_seconds=3600)
    series = devices.install(number, start=datetime(2025, 1, 1, tzinfo=UTC))
    place = 10
    first, second = counted(random, 777_000_000, grid[:place]), counted(random, 0, grid[place:])
    await pipeline.store(owner, block("cis", 1, [number] * len(grid), grid, [*first, *second]))
    await runner.run_touched()
    found = await hours(lone_platform, owner, series, here)
    assert list(found) == grid[:-1]
    assert sum(found[at][0] for at in grid[: place - 1]) == first[-1] - first[0]
    assert sum(found[at][0] for at in grid[place:-1]) == second[-1] - second[0]
    # What the hour of the reset had is not known: it is told so and never counts backwards.
    value, state, _ = found[grid[place - 1]]
    assert state in {State.ESTIMATED, State.MISSING}
    assert value >= 0
