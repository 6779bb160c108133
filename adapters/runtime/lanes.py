"""Work in order per device, side by side across devices, and never too much at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Turn:
    """The turn of a piece of work in its lane."""

    def __init__(self) -> None:
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def over(self) -> None:
        """The order does not matter any more: the next one of the lane may begin."""
        if not self._over.done():
            self._over.set_result(None)

    async def wait(self) -> None:
        """Returns when it is over."""
        await asyncio.shield(self._over)


class Lanes:
    """Runs work: in one lane one after another, in different lanes at the same time."""

    def __init__(self, limit: int) -> None:
        self._slots = asyncio.Semaphore(limit)
        self._last: dict[str, Turn] = {}
        self._running: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> int:
        """Pieces of work that are not done."""
        return len(self._running)

    async def put(self, lane: str, work: Callable[[Turn], Awaitable[None]]) -> None:
        """Starts the work when its turn comes; waits here while the limit is reached.

        The turn ends with the work, or when the work says so.
        """
        await self._slots.acquire()
        turn = Turn()
        task = asyncio.create_task(self._run(self._last.get(lane), turn, work))
        self._last[lane] = turn
        self._running.add(task)
        task.add_done_callback(lambda done: self._done(lane, turn, done))

    async def drain(self, seconds: float) -> None:
        """Waits for what is under way, and cancels what is not done in time."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @staticmethod
    async def _run(before: Turn | None, turn: Turn, work: Callable[[Turn], Awaitable[None]]) -> None:
        if before is not None:
            await before.wait()
        await work(turn)

    def _done(self, lane: str, turn: Turn, task: asyncio.Task[None]) -> None:
        turn.over()
        self._slots.release()
        self._running.discard(task)
        if self._last.get(lane) is turn:
            del self._last[lane]
        if not task.cancelled() and task.exception() is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"work in lane {lane} failed", "exception": task.exception(), "task": task}
            )
