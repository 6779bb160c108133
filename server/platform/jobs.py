"""Jobs and loops: what workers run."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Retry:
    """When a job that raised is run again."""

    attempts: int = 8
    """Runs in all; afterwards the job is failed and stays in the table with its error in the log."""
    first_wait: timedelta = timedelta(seconds=1)
    """Wait before the second run; doubles with each run."""
    longest_wait: timedelta = timedelta(minutes=10)
    """Wait that is not exceeded."""

    def wait(self, attempts: int) -> timedelta:
        """The wait after so many runs."""
        return min(self.first_wait * (1 << min(attempts, 20)), self.longest_wait)


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job. The handler gets the arguments of ``tx.defer`` as keywords.

    It runs as :func:`server.platform.caller.system_caller` in the tenant of the transaction that deferred
    it, at least once: it must bear being run again.
    """

    name: str
    """``<capability>.<what>``, for example ``readings.run_vee``."""
    handler: Callable[..., Awaitable[Any]]
    queue: str = "default"
    retry: Retry = field(default_factory=Retry)


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that runs as long as its process; restarted with a growing pause when it raises."""

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]
    """Returns soon after the event is set."""


def every(seconds: float, name: str, work: Callable[[], Awaitable[Any]]) -> Loop:
    """A loop that does ``work`` again and again, with a pause between."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await work()
            await pause(stop, seconds)

    return Loop(name, run)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Sleeps, but not beyond the event."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
