"""Use cases of the dead letter: look, replay, discard, watch."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.hints import Hints
from server.platform.history import CREATED
from server.platform.ids import new_id
from server.platform.uow import Tx, UnitOfWork
from server.readings.dead_letter import jobs_store
from server.readings.dead_letter.domain import (
    Action,
    DeadLetterJob,
    DeadReading,
    Group,
    Key,
    Selector,
)
from server.readings.dead_letter.errors import DiscardOfEverything
from server.readings.dead_letter.store import DeadLetterStore

JOB = "readings.run_dead_letter"
QUEUE = "dead-letter"
_LOOK_SECONDS = 1.0


def topic(job_id: UUID) -> str:
    """Name of the hint that a job moved on."""
    return str(job_id)


async def begin(tx: Tx, action: Action, selector: Selector, *, automatic: bool = False) -> DeadLetterJob:
    """Begins a job, in the caller's transaction. Jobs of one tenant run one after another."""
    job = DeadLetterJob(new_id(), action, selector, automatic, "PENDING", tx.now)
    await jobs_store.insert(tx, job)
    await tx.defer(JOB, queue=QUEUE, lock=f"dead-letter-{tx.tenant_id}", job_id=str(job.job_id))
    told = {"action": action.value, "selector": selector.as_json(), "automatic": automatic}
    await tx.changed(kind="dead_letter_job", resource_id=job.job_id, action=CREATED, after=told)
    return job


class DeadLetter:
    """The use cases; as the current tenant."""

    def __init__(self, uow: UnitOfWork, store: DeadLetterStore, hints: Hints) -> None:
        self._uow = uow
        self._store = store
        self._hints = hints

    async def page(self, selector: Selector, *, after: Key | None, limit: int) -> Sequence[DeadReading]:
        """Some readings in order of source, sequence and row."""
        return await self._store.page(current_caller().tenant_id, selector, after=after, limit=limit)

    async def summary(self, selector: Selector) -> tuple[Sequence[Group], int]:
        """The largest groups, and how many readings there are in all."""
        tenant_id = current_caller().tenant_id
        return await self._store.groups(tenant_id, selector), await self._store.count(tenant_id, selector)

    async def replay(self, selector: Selector) -> DeadLetterJob:
        """Begins to check readings again and to store those that pass."""
        async with self._uow() as tx:
            return await begin(tx, Action.REPLAY, selector)

    async def discard(self, selector: Selector) -> DeadLetterJob:
        """Begins to throw readings away. Raises DiscardOfEverything."""
        if selector.empty:
            raise DiscardOfEverything
        async with self._uow() as tx:
            return await begin(tx, Action.DISCARD, selector)

    async def job(self, job_id: UUID) -> DeadLetterJob:
        """One job. Raises DeadLetterJobNotFound."""
        async with self._uow() as tx:
            return await jobs_store.get(tx, job_id)

    async def jobs(self, *, before: UUID | None, limit: int) -> Sequence[DeadLetterJob]:
        """Many, newest first."""
        async with self._uow() as tx:
            return await jobs_store.page(tx, before=before, limit=limit)

    async def cancel(self, job_id: UUID) -> DeadLetterJob:
        """Ends a job before its next step. Raises DeadLetterJobNotFound."""
        async with self._uow() as tx:
            job = await jobs_store.get(tx, job_id, lock=True)
            if not job.over:
                await jobs_store.set_state(tx, job_id, "CANCELLED", end_time=tx.now)
                await tx.changed(kind="dead_letter_job", resource_id=job_id, action="cancelled")
                job = await jobs_store.get(tx, job_id)
        await self._hints.give([topic(job_id)])
        return job

    async def watch(self, job_id: UUID) -> AsyncGenerator[DeadLetterJob]:
        """The job now, and again whenever it moved on, until it is over."""
        told: DeadLetterJob | None = None
        with self._hints.on(topic(job_id)) as hinted:
            while told is None or not told.over:
                hinted.clear()
                now = await self.job(job_id)
                if now != told:
                    told = now
                    yield now
                if not now.over:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(hinted.wait(), _LOOK_SECONDS)
