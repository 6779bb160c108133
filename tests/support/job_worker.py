"""``python -m tests.support.job_worker POSTGRES_DSN NAME``: a worker process for tests that kill it.

Its one job notes that it began, sleeps as long as it is told, and notes that it ended.
"""

import asyncio
import sys

import psycopg

from server.platform.caller import current_caller
from server.platform.job_runner import JobRunner
from server.platform.jobs import Job
from server.platform.settings import Settings


def main() -> None:
    dsn, name = sys.argv[1:]
    settings = Settings(
        postgres_dsn=dsn, instance_id=name, job_stalled_seconds=1.0, worker_concurrency=2, drain_seconds=1.0
    )

    async def nap(*, run: str, seconds: float) -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
            note = "INSERT INTO nap (run, worker, what, owner) VALUES (%s, %s, %s, %s)"
            tenant_id = current_caller().tenant_id
            await conn.execute(note, (run, name, "began", tenant_id))
            await asyncio.sleep(seconds if name == "first" else 0)
            await conn.execute(note, (run, name, "ended", tenant_id))

    runner = JobRunner(settings, [Job("test.nap", nap)])
    asyncio.run(runner.run(asyncio.Event()))


if __name__ == "__main__":
    main()
