"""``kill -9`` in the middle of an import: it goes on where it was, and every row counts once."""

import asyncio
import io
import os
import sys
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.devices import tables
from server.devices.files import store
from server.devices.files.domain import ImportJob
from server.platform.caller import acting_as, system_caller
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.settings import Settings
from tests.support.platform import eventually, make_tenant

ROWS = 2_500
DEATHS = 2

_SCRIPT = """
import asyncio, sys
from uuid import UUID
from server.devices.files.app import IMPORT_JOB
from server.main import build
from server.platform.caller import acting_as, system_caller
from server.platform.platform import open_platform
from server.platform.settings import Settings

async def main():
    async with open_platform(Settings()) as platform:
        jobs = {job.name: job for part in build(platform).capabilities for job in part.jobs}
        with acting_as(system_caller(UUID(sys.argv[1]))):
            await jobs[IMPORT_JOB].handler(import_id=sys.argv[2])

asyncio.run(main())
"""


async def _start(settings: Settings, tenant_id: UUID, import_id: UUID) -> asyncio.subprocess.Process:
    """The job in a process of its own, as a worker runs it."""
    variables = {
        "SIMBA_POSTGRES_DSN": settings.postgres_dsn,
        "SIMBA_CLICKHOUSE_URL": settings.clickhouse_url,
        "SIMBA_REDIS_URL": settings.redis_url,
        "SIMBA_SECRETS_KEY": settings.secrets_key.get_secret_value(),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SCRIPT, str(tenant_id), str(import_id), env={**os.environ, **variables}
    )


@pytest.mark.slow
async def test_a_killed_import_goes_on_where_it_was(platform: Platform, settings: Settings) -> None:
    lines = [f"P{number},gas,UTC" for number in range(ROWS)]
    lines[1_234] = "P1234,gas,Mars/Base"
    content = "\n".join(["code,commodity,time_zone", *lines]).encode()
    tenant_id = (await make_tenant(platform)).caller.tenant_id
    job = ImportJob(
        import_id=new_id(),
        file_name="points.csv",
        format="CSV",
        kind="USAGE_POINTS",
        validate_only=False,
        state="PENDING",
    )
    with acting_as(system_caller(tenant_id)):
        # Without its job: no worker of this session is to take it.
        async with platform.uow() as tx:
            await store.insert_import(tx, job)
            await store.put_file(tx, job.import_id, io.BytesIO(content))

        async def now() -> ImportJob:
            async with platform.uow() as tx:
                return await store.get_import(tx, job.import_id)

        reached: list[int] = []
        for _ in range(DEATHS):
            before = reached[-1] if reached else 0

            async def moved(before: int = before) -> bool:
                return (await now()).counts.done > before

            child = await _start(settings, tenant_id, job.import_id)
            await eventually(moved, 30)
            child.kill()
            await child.wait()
            reached.append((await now()).counts.done)
        assert reached[-1] < ROWS, "it was never killed in the middle"
        child = await _start(settings, tenant_id, job.import_id)
        assert await child.wait() == 0

        over = await now()
        assert over.state == "SUCCEEDED"
        assert (over.counts.done, over.counts.created, over.counts.rejected) == (ROWS, ROWS - 1, 1)
        async with platform.uow() as tx:
            point = tables.usage_point.c
            codes = list(await tx.conn.scalars(sa.select(point.code).where(point.tenant_id == tenant_id)))
            errors = await store.errors_after(tx, job.import_id, after=None, limit=10)
            assert await store.part_of(tx, job.import_id, 0) is None
    assert sorted(codes) == sorted(f"P{number}" for number in range(ROWS) if number != 1_234)
    assert [(one.line, one.flaw.value) for one in errors] == [(1_236, "Mars/Base")]
