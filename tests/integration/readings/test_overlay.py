"""Values that people set, over final data."""

from datetime import date

import pyarrow as pa
import sqlalchemy as sa

from server.platform.tables import outbox
from server.readings.calendar import grid_of, local_day
from server.readings.domain import Quality, State
from server.readings.final import interval_rows
from server.readings.vee.announcing import Announcer
from server.readings.vee.overlay import CHANGES, Overlay
from server.readings.vee.scope import FOREVER
from simba.readings.v1 import events_pb2
from tests.support.readings import block

AUTUMN = date(2024, 10, 27)
STARTS = list(grid_of(local_day("Europe/London", AUTUMN), 1_800_000))
HAND = int(Quality.MANUALLY_EDITED)


def overlay(platform, devices) -> Overlay:
    announcer = Announcer(platform.uow, platform.store, devices)
    return Overlay(platform.uow, platform.store, announcer, platform.engine)


def changes(*rows: tuple) -> pa.Table:
    return pa.Table.from_arrays(
        [pa.array(list(column)) for column in zip(*rows, strict=True)], names=CHANGES.names
    )


async def final(platform, owner, series) -> dict[int, tuple]:
    rows = await platform.store.rows(
        f"SELECT ms, micro, state, quality, revision FROM {interval_rows()} ORDER BY ms",
        {"tenant": str(owner), "series": [series.series], "start": 0, "end": FOREVER, "watermark": 2**63},
    )
    return {int(ms): tuple(rest) for ms, *rest in rows}


async def test_an_edit_stands_until_it_is_taken_back(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    await pipeline.store(owner, block("cis", 1, [number] * 50, STARTS, range(1000, 51_000, 1000)))
    await runner.run_touched()
    over = overlay(lone_platform, devices)
    third = STARTS[3]
    row = (series.series, third, 77_000, int(State.EDITED), HAND, 0, "E")
    version = await over.write(owner, changes(row))
    assert version > 0
    assert await over.write(owner, changes(row)) == 0
    found = await final(lone_platform, owner, series)
    assert len(found) == 50
    assert found[third] == (77_000, State.EDITED, HAND, 2)
    assert {value[1] for ms, value in found.items() if ms != third} == {State.VALIDATED}
    # The field says otherwise, and again something new of its neighbour: the edit stands.
    await pipeline.store(owner, block("cis", 2, [number] * 2, STARTS[3:5], [1_000, 9_000]))
    await runner.run_touched()
    found = await final(lone_platform, owner, series)
    assert found[third] == (77_000, State.EDITED, HAND, 2)
    assert found[STARTS[4]][0] == 9_000
    # Given back to the rules, it is what the field says.
    await over.write(owner, changes((series.series, third, 1_000, int(State.RAW), 0, 0, "")))
    await runner.run_series(owner, [series.series], *days_of(AUTUMN))
    assert (await final(lone_platform, owner, series))[third][:2] == (1_000, State.VALIDATED)


def days_of(day: date):
    from server.readings.calendar import from_ms

    one = local_day("Europe/London", day)
    return from_ms(one.start_ms), from_ms(one.end_ms)


async def test_what_a_person_has_verified_stands(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    values = [1_000_000] * 49 + [50_000_000]
    await pipeline.store(owner, block("cis", 1, [number] * 50, STARTS, values))
    await runner.run_touched()
    before = await final(lone_platform, owner, series)
    assert before[STARTS[49]][1] == State.SUSPECT
    quality = int(Quality.VALID | Quality.VERIFIED)
    row = (series.series, STARTS[49], 50_000_000, int(State.VALIDATED), quality, 0, "")
    await overlay(lone_platform, devices).write(owner, changes(row))
    outcome = await runner.run_series(owner, [series.series], *days_of(AUTUMN))
    assert outcome.counts.changed == 0
    assert (await final(lone_platform, owner, series))[STARTS[49]][1:3] == (State.VALIDATED, quality)


async def test_what_was_final_is_announced(lone_platform, owner, devices, pipeline, runner):
    (number,) = devices.add()
    series = devices.install(number)
    await pipeline.store(owner, block("cis", 1, [number] * 48, STARTS[:48], range(1000, 49_000, 1000)))
    await runner.run_touched()
    elsewhere = STARTS[0] - 40 * 86_400_000
    rows = [
        (series.series, at, 5_000_000, int(State.EDITED), HAND, 0, "E")
        for at in (STARTS[0], STARTS[1], STARTS[49], elsewhere)
    ]
    assert await overlay(lone_platform, devices).write(owner, changes(*rows)) > 0
    found = await final(lone_platform, owner, series)
    # Where there is no interval, nothing is made.
    assert (STARTS[49] in found, elsewhere in found) == (False, False)
    async with lone_platform.uow() as tx:
        payloads = await tx.conn.scalars(
            sa.select(outbox.c.payload).where(outbox.c.topic == "data.usage_corrected")
        )
        (told,) = [events_pb2.UsageCorrected.FromString(bytes(one)) for one in payloads]
    assert (told.old_value, told.new_value) == ("0.003", "10")
    assert told.period.start.ToMilliseconds() == STARTS[0]
