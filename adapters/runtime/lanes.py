"""Work in order per device, side by side across devices, and never too much at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Lanes:
    """Runs coroutines: those of one lane one after another, those of different lanes at the same time."""

    def __init__(self, limit: int) -> None:
        self._slots = asyncio.Semaphore(limit)
        self._last: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> int:
        """Pieces of work that are not done."""
        return len(self._running)

    async def put(self, lane: str, work: Coroutine[Any, Any, None]) -> None:
        """Starts the work when its turn comes; waits here while the limit is reached."""
        try:
            await self._slots.acquire()
        except BaseException:
            work.close()
            raise
        task = asyncio.create_task(self._after(self._last.get(lane), work))
        self._last[lane] = task
        self._running.add(task)
        task.add_done_callback(lambda done: self._done(lane, done))

    async def drain(self, seconds: float) -> None:
        """Waits for what is under way, and cancels what is not done in time."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @staticmethod
    async def _after(before: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
        try:
            if before is not None and not before.done():
                await asyncio.wait([before])
            await work
        finally:
            # Cancelled before its turn came, it would complain of never having been awaited.
            work.close()

    def _done(self, lane: str, task: asyncio.Task[None]) -> None:
        self._slots.release()
        self._running.discard(task)
        if self._last.get(lane) is task:
            del self._last[lane]
        if not task.cancelled() and task.exception() is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"work in lane {lane} failed", "exception": task.exception(), "task": task}
            )
