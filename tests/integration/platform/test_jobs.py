"""Jobs: queued with the transaction, retried, taken from dead workers."""

import asyncio
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from server.platform.caller import current_caller
from server.platform.job_runner import JobRunner
from server.platform.jobs import Job, Retry
from tests.support.platform import eventually


@asynccontextmanager
async def running(settings, *jobs: Job):
    stop = asyncio.Event()
    queues = tuple({job.queue for job in jobs})
    runner = JobRunner(settings.model_copy(update={"worker_queues": queues, "worker_concurrency": 8}), jobs)
    task = asyncio.create_task(runner.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def statuses(platform, queue: str) -> list[str]:
    async with platform.uow.system() as tx:
        query = sa.text("SELECT status::text FROM procrastinate_jobs WHERE queue_name = :q ORDER BY id")
        return list((await tx.conn.execute(query, {"q": queue})).scalars())


async def test_a_job_runs_in_the_tenant_of_its_transaction(platform, settings, tenant):
    ran, queue = [], uuid4().hex

    async def work(*, number: int, meter_id: str) -> None:
        ran.append((number, meter_id, current_caller().tenant_id, current_caller().principal_id))

    meter_id = uuid4()
    async with running(settings, Job("test.work", work, queue=queue)):
        async with platform.uow() as tx:
            await tx.defer("test.work", queue=queue, number=7, meter_id=meter_id)
        await eventually(lambda: ran)
    assert ran == [(7, str(meter_id), tenant, "system")]
    assert await statuses(platform, queue) == []


async def test_what_was_rolled_back_is_not_queued(platform, tenant):
    queue = uuid4().hex
    with pytest.raises(ZeroDivisionError):
        async with platform.uow() as tx:
            await tx.defer("test.work", queue=queue)
            raise ZeroDivisionError
    assert await statuses(platform, queue) == []


async def test_a_job_that_raises_is_run_again_and_fails_in_the_end(platform, settings, tenant, caplog):
    ran, queue = [], uuid4().hex

    async def flaky(*, succeed_at: int) -> None:
        ran.append(succeed_at)
        if ran.count(succeed_at) < succeed_at:
            raise ValueError("not yet")

    retry = Retry(attempts=2, first_wait=timedelta(seconds=0))
    async with running(settings, Job("test.flaky", flaky, queue=queue, retry=retry)):
        async with platform.uow() as tx:
            await tx.defer("test.flaky", queue=queue, succeed_at=2)
            await tx.defer("test.flaky", queue=queue, succeed_at=99)
        await eventually(lambda: len(ran) == 4)
        await eventually(lambda: _is(statuses(platform, queue), ["failed"]))
    assert sorted(ran) == [2, 2, 99, 99]
    assert "failed for good" in caplog.text


async def _is(coming, expected) -> bool:
    return await coming == expected


async def test_jobs_with_a_lock_run_one_after_another(platform, settings, tenant):
    active, most, order, queue = [0], [0], [], uuid4().hex

    async def exclusive(*, number: int) -> None:
        active[0] += 1
        most[0] = max(most[0], active[0])
        await asyncio.sleep(0.01)
        order.append(number)
        active[0] -= 1

    async with running(settings, Job("test.exclusive", exclusive, queue=queue)):
        async with platform.uow() as tx:
            for number in range(5):
                await tx.defer("test.exclusive", queue=queue, lock=queue, number=number)
        await eventually(lambda: len(order) == 5)
    assert order == list(range(5))
    assert most == [1]


async def test_a_job_that_the_shutdown_cut_off_is_put_back(platform, settings, tenant):
    began, queue = asyncio.Event(), uuid4().hex

    async def endless() -> None:
        began.set()
        await asyncio.sleep(60)

    quick = settings.model_copy(update={"drain_seconds": 0.1})
    async with running(quick, Job("test.endless", endless, queue=queue)):
        async with platform.uow() as tx:
            await tx.defer("test.endless", queue=queue)
        await asyncio.wait_for(began.wait(), 10)
    assert await statuses(platform, queue) == ["todo"]


async def test_the_job_of_a_killed_worker_is_taken_by_another(engines, platform, settings, tenant):
    async with platform.engine.begin() as conn:
        await conn.execute(sa.text("CREATE TABLE nap (run text, worker text, what text, owner uuid)"))
        await conn.execute(sa.text("GRANT ALL ON nap TO simba_system"))

    async def naps() -> list[tuple[str, str]]:
        async with platform.engine.connect() as conn:
            return [tuple(row) for row in await conn.execute(sa.text("SELECT worker, what FROM nap"))]

    def worker(name: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.support.job_worker", settings.postgres_dsn, name]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async with platform.uow() as tx:
        await tx.defer("test.nap", run="r", seconds=60)
    first = worker("first")
    try:
        await eventually(lambda: _is(naps(), [("first", "began")]), 20)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    second = worker("second")
    try:
        expected = [("first", "began"), ("second", "began"), ("second", "ended")]
        await eventually(lambda: _is(naps(), expected), 30)
    finally:
        second.kill()
        second.wait()
