"""Runs jobs: procrastinate on PostgreSQL.

Jobs are queued by ``tx.defer`` within the transaction that needs them. A worker that dies leaves its jobs
behind with a heartbeat that no longer moves; any other worker puts them back.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import procrastinate
from opentelemetry import trace
from procrastinate import exceptions, jobs, retry

from kernel.telemetry.context import extract
from kernel.telemetry.setup import instance_name
from server.platform.caller import acting_as, system_caller
from server.platform.engine_errors import unavailable
from server.platform.history_context import in_context, in_job
from server.platform.jobs import Job, Retry, pause
from server.platform.settings import Settings
from server.platform.tables import SYSTEM_ROLE

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("simba.jobs")

_POLL_SECONDS = 0.5
_POOL_SPARE = 4


class UnknownCarrier(ValueError):
    """A job's tenant is not a UUID: the row was not written by ``tx.defer``."""


@dataclass(frozen=True)
class _Strategy(retry.BaseRetryStrategy):
    """Our retry policy in procrastinate's words."""

    policy: Retry

    def get_retry_decision(
        self, *, exception: BaseException, job: jobs.Job
    ) -> procrastinate.RetryDecision | None:
        """Again at once after a shutdown, later after an error, never when there were enough attempts."""
        if isinstance(exception, (exceptions.JobAborted, asyncio.CancelledError)):
            return procrastinate.RetryDecision(retry_in={"seconds": 0})
        if job.attempts + 1 >= self.policy.attempts:
            return None
        wait = self.policy.wait(job.attempts)
        return procrastinate.RetryDecision(retry_in={"seconds": max(1, round(wait.total_seconds()))})


@dataclass(slots=True)
class JobRunner:
    """The jobs of one worker process."""

    settings: Settings
    known: Iterable[Job]
    _by_name: dict[str, Job] = field(default_factory=dict, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Takes and runs jobs until ``stop`` is set; then lets running ones end, or puts them back."""
        app = self._app()
        async with app.open_async():
            sweeper = asyncio.create_task(self._sweep(app, stop), name="stalled-jobs")
            worker = asyncio.create_task(self._work(app), name="job-worker")
            stopped = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait([worker, stopped], return_when=asyncio.FIRST_COMPLETED)
                ended_by_itself = worker.done()
                worker.cancel()
                await asyncio.wait([worker])
                if not worker.cancelled() and (error := worker.exception()):
                    raise error
                if ended_by_itself:
                    # It gives up quietly when it loses its database; whoever runs this loop starts it again.
                    raise unavailable("postgresql")
            finally:
                for task in (sweeper, stopped, worker):
                    task.cancel()
                await asyncio.gather(sweeper, stopped, worker, return_exceptions=True)

    def _app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self.settings.postgres_dsn,
            kwargs={
                "options": f"-c role={SYSTEM_ROLE}",
                "application_name": "simba-jobs",
                "connect_timeout": 5,
            },
            min_size=1,
            max_size=self.settings.worker_concurrency + _POOL_SPARE,
        )
        app = procrastinate.App(connector=connector)
        for job in self.known:
            self._by_name[job.name] = job
            app.task(name=job.name, queue=job.queue, retry=_Strategy(job.retry), pass_context=True)(
                partial_async(_run_one, job)
            )
        return app

    def _queues(self) -> list[str]:
        """The queues to take jobs from: a job that only a newer release knows is left to its workers."""
        return list(self.settings.worker_queues) or sorted({job.queue for job in self._by_name.values()})

    async def _work(self, app: procrastinate.App) -> None:
        heartbeat = self.settings.job_stalled_seconds
        await app.run_worker_async(
            name=instance_name(self.settings.instance_id),
            queues=self._queues(),
            concurrency=self.settings.worker_concurrency,
            fetch_job_polling_interval=_POLL_SECONDS,
            update_heartbeat_interval=heartbeat / 5,
            stalled_worker_timeout=heartbeat,
            shutdown_graceful_timeout=self.settings.drain_seconds,
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    async def _sweep(self, app: procrastinate.App, stop: asyncio.Event) -> None:
        """Puts back the jobs of workers that died."""
        while not stop.is_set():
            try:
                stalled = await app.job_manager.get_stalled_jobs(
                    seconds_since_heartbeat=self.settings.job_stalled_seconds
                )
                for job in stalled:
                    await self._put_back(app, job)
            except exceptions.ConnectorException as error:
                _log.warning("cannot look for stalled jobs: %s", error)
            await pause(stop, self.settings.job_stalled_seconds / 3)

    async def _put_back(self, app: procrastinate.App, job: jobs.Job) -> None:
        assert job.id is not None
        known = self._by_name.get(job.task_name)
        if known is not None and job.attempts + 1 >= known.retry.attempts:
            # It may be what kills the workers.
            _log.error("job %s died with its worker too often", job.task_name, extra={"job_id": job.id})
            await app.job_manager.finish_job_by_id_async(job.id, status=jobs.Status.FAILED, delete_job=False)
            return
        _log.warning("job %s is taken from a dead worker", job.task_name, extra={"job_id": job.id})
        await app.job_manager.retry_job(job)


def partial_async(function: Any, *bound: Any) -> Any:
    """``functools.partial`` that is still seen as a coroutine function."""

    async def call(*args: Any, **kwargs: Any) -> Any:
        return await partial(function, *bound)(*args, **kwargs)

    return call


async def _run_one(known: Job, context: procrastinate.JobContext, **args: Any) -> None:
    carrier = args.pop("_trace", None) or {}
    tenant = args.pop("_tenant", None)
    span = _tracer.start_as_current_span(
        f"job {known.name}",
        context=extract(carrier),
        kind=trace.SpanKind.CONSUMER,
        attributes={"simba.job": known.name, "simba.tenant_id": tenant or ""},
    )
    with span, in_context(in_job(known.name, carrier)):
        try:
            if tenant is None:
                await known.handler(**args)
                return
            with acting_as(system_caller(UUID(tenant))):
                await known.handler(**args)
        except Exception as error:
            attempts = context.job.attempts + 1
            extra = {"job_id": context.job.id, "attempts": attempts, "tenant_id": tenant}
            if attempts >= known.retry.attempts:
                _log.error("job %s failed for good", known.name, exc_info=error, extra=extra)
            else:
                _log.warning("job %s failed, will be run again: %s", known.name, error, extra=extra)
            raise
