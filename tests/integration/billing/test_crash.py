"""``kill -9`` of a worker in the middle of a run: it finishes by itself, nobody twice, nobody missed."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg

from server.access import capability as access_capability
from server.billing import capability as billing_capability
from server.main import Application
from server.migrations.run import migrate
from server.platform.platform import open_platform
from server.platform.settings import Settings
from simba.common.v1 import types_pb2
from tests.support.billing import (
    MARCH,
    Biller,
    BillingStage,
    Heard,
    Points,
    biller_of,
    billing_worker,
    many,
    numbers,
)
from tests.support.billing_process import Everywhere
from tests.support.engines import Engines
from tests.support.platform import eventually, fresh_settings, make_tenant, running_server

ROOT = Path(__file__).parents[3]


@contextmanager
def worker(settings: Settings, mode: str, note: Path) -> Iterator[subprocess.Popen[bytes]]:
    told = {"postgres_dsn", "clickhouse_url", "redis_url", "job_stalled_seconds"}
    given = json.dumps(settings.model_dump(include=told))
    command = [sys.executable, "-m", "tests.support.billing_process", given, mode, str(note)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def prepared(engines: Engines) -> AsyncIterator[tuple[Settings, Biller]]:
    """A server without a worker, and eighteen agreements to bill."""
    settings = fresh_settings(engines, job_stalled_seconds=1.0)
    await asyncio.to_thread(migrate, settings)
    async with open_platform(settings) as platform:
        access, everywhere = access_capability.build(platform), Everywhere()
        billing = billing_capability.build(
            platform, usage=everywhere, series=everywhere, usage_points=everywhere
        )
        application = Application(platform, access.authenticator, (access.capability, billing))
        async with running_server(application) as server:
            stage = BillingStage(platform, application, server, everywhere, Points(), Heard())
            biller = biller_of(stage, await make_tenant(platform))
            await many(biller, 18)
            yield settings, biller


async def finish(biller: Biller, run_id: str) -> None:
    """Another worker does the rest: everybody once, numbers without gaps."""
    assert await biller.invoices_of() == []
    async with billing_worker(biller.stage):
        ended = await biller.over(run_id)
    assert (ended.state, ended.invoice_count) == (types_pb2.WORK_STATE_SUCCEEDED, 18)
    invoices = await biller.invoices_of()
    assert len({one.agreement_id for one in invoices}) == 18
    assert numbers(invoices) == list(range(1, 19))
    assert {one.total_amount for one in invoices} == {"100.08"}


async def test_a_worker_killed_while_it_computes(engines: Engines, tmp_path: Path) -> None:
    async with prepared(engines) as (settings, biller):
        run = await biller.begin(*MARCH)
        note = tmp_path / "stuck"
        with worker(settings, "stuck", note) as first:
            await eventually(note.exists, 30)
            first.send_signal(signal.SIGKILL)
        await finish(biller, run.billing_run_id)


async def test_a_worker_killed_while_it_writes(engines: Engines, tmp_path: Path) -> None:
    async with prepared(engines) as (settings, biller):
        run = await biller.begin(*MARCH)
        async with await psycopg.AsyncConnection.connect(settings.postgres_dsn) as conn:
            # Numbers are taken, and the first invoices wait for this lock.
            await conn.execute("LOCK TABLE invoice_line IN SHARE MODE")

            async def waiting() -> bool:
                found = await conn.execute(
                    "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
                )
                return await found.fetchone() is not None

            with worker(settings, "well", tmp_path / "first") as first:
                await eventually(waiting, 30)
                first.send_signal(signal.SIGKILL)
        await finish(biller, run.billing_run_id)
