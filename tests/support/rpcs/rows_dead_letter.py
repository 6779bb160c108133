"""Rows of the dead letter of readings.v1."""

from tests.support.rpcs.rows import Fields, row, text
from tests.support.rpcs.rows_devices import SPRING
from tests.support.rpcs.rows_readings import READINGS
from tests.support.rpcs.world import World
from tests.support.stack import eventually

DEAD = "readings.DeadLetterService"
STRANGE = 99_999_999_999


def _dead(world: World) -> str:
    """Three readings of channels that nobody knows, from a source of their own."""
    source = f"table-{text()}"
    rows = [{"channel": STRANGE + n, "time": SPRING, "value": str(n)} for n in range(3)]
    made = world.do(f"{READINGS}.CreateReadings", source=source, readings=rows)
    assert (made.stored, made.dead_lettered) == (0, 3), made
    return source


@row(f"{DEAD}.ListDeadReadings", f"{DEAD}.GetDeadLetterSummary")
def dead_readings(world: World) -> Fields:
    return {"source": world.kept("dead readings", lambda: _dead(world))}


@row(f"{DEAD}.ReplayDeadReadings", f"{DEAD}.DiscardDeadReadings")
def some(world: World) -> Fields:
    return {"selector": {"source": _dead(world)}}


def _job(world: World) -> Fields:
    return {"job_id": world.do(f"{DEAD}.ReplayDeadReadings", **some(world)).job.job_id}


@row(f"{DEAD}.GetDeadLetterJob", f"{DEAD}.WatchDeadLetterJob")
def a_job(world: World) -> Fields:
    return world.kept("dead letter job", lambda: _job(world))


@row(f"{DEAD}.CancelDeadLetterJob")
def another_job(world: World) -> Fields:
    return _job(world)


@row(f"{DEAD}.ListDeadLetterJobs")
def dead_letter_jobs(world: World) -> Fields:
    """Three and those of other rows, once none of them changes any more."""
    world.kept("three dead letter jobs", lambda: [_job(world) for _ in range(3)])

    def all_over() -> bool:
        found = world.do(f"{DEAD}.ListDeadLetterJobs", page_size=1000).jobs
        return all(one.HasField("end_time") for one in found)

    eventually(all_over)
    return {}
