"""Many small requests as few large ones: whatever came while the last call ran goes with the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Item(Generic[T, R]):
    value: T
    done: asyncio.Future[R]
    context: Context


class Batcher(Generic[T, R]):
    """Collects items and hands them on in batches, one batch at a time.

    `send` gets at most `limit` items and returns one result for each. No timer: a lone item leaves at once,
    and under load batches grow by themselves. A batch goes out in the context (trace) of its first item. When
    a batch raises, its items are sent one by one, so that a bad one hurts nobody else.
    """

    def __init__(self, send: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, limit: int = 500) -> None:
        self._send = send
        self._limit = limit
        self._waiting: list[_Item[T, R]] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, value: T) -> R:
        """Sends the item with a batch; returns its result or raises its error."""
        item: _Item[T, R] = _Item(value, asyncio.get_running_loop().create_future(), copy_context())
        self._waiting.append(item)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await item.done

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
                task = asyncio.create_task(self._one(batch), context=batch[0].context)
                await task
        finally:
            self._running = None

    async def _one(self, batch: list[_Item[T, R]]) -> None:
        try:
            results = await self._send([item.value for item in batch])
        except asyncio.CancelledError:
            for item in batch:
                item.done.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait
            if len(batch) > 1:
                for item in batch:
                    await self._one([item])
            elif not batch[0].done.done():
                batch[0].done.set_exception(error)
            return
        for item, result in zip(batch, results, strict=True):
            if not item.done.done():
                item.done.set_result(result)
