"""The processes of a sandbox: lends them, starts them when they are missing, gives each script a home."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kernel.codec.errors import SandboxUnavailable
from kernel.codec.process import SandboxProcess


class Pool:
    """At most ``size`` processes, started when first needed and again when they have died."""

    def __init__(self, size: int, capacity: int, heap_bytes: int) -> None:
        self._size = size
        self._capacity = capacity
        self._heap_bytes = heap_bytes
        self._idle: list[SandboxProcess] = []
        self._places = asyncio.Semaphore(size)
        self._closed = False

    @asynccontextmanager
    async def lend(self, key: str) -> AsyncIterator[SandboxProcess]:
        """A process for a while: one that holds the script, if such a one is free.

        A process that has died inside the block is replaced at the next need. Raises SandboxUnavailable.
        """
        async with self._places:
            process = self._choose(key) or await self._start()
            try:
                yield process
            finally:
                await self._take_back(process)

    async def warm_up(self) -> None:
        """Starts all processes now, so that the first frames need not wait."""
        missing = self._size - len(self._idle)
        self._idle += await asyncio.gather(*(self._start() for _ in range(missing)))

    async def close(self) -> None:
        """Ends all processes; those that are lent end when they come back."""
        self._closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(process.kill() for process in idle))

    def _choose(self, key: str) -> SandboxProcess | None:
        alive = [each for each in self._idle if each.alive]
        if not alive:
            return None
        chosen = next((each for each in alive if key in each.holds), None)
        chosen = chosen or min(alive, key=lambda each: len(each.holds))
        self._idle = [each for each in alive if each is not chosen]
        return chosen

    async def _start(self) -> SandboxProcess:
        if self._closed:
            raise SandboxUnavailable("the sandbox is closed")
        return await SandboxProcess.start(self._capacity, self._heap_bytes)

    async def _take_back(self, process: SandboxProcess) -> None:
        if not process.alive:
            return
        if self._closed:
            await process.kill()
        else:
            self._idle.append(process)
