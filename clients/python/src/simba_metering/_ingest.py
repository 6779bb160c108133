"""The ingest stream: a window of blocks under way, sent again when the connection breaks."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import grpc
import grpc.aio

from simba_metering._generated import methods
from simba_metering._generated.services.readings_v1 import AsyncReadingService, ReadingService
from simba_metering._generated.simba.readings.v1 import IngestAck
from simba_metering._status import from_rpc_error, is_passing, wait_before_retry
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering.errors import SimbaError
from simba_metering.ingest import Block, IngestSummary

WINDOW = 8
"""Blocks under way at once."""
PATIENCE_SECONDS = 300.0
"""How long to go on trying without a single acknowledgement."""
OnAck = Callable[[IngestAck], None]
_Key = tuple[str, int]


class _Ledger:
    """Blocks under way, by their names, in the order sent; and what became of the others."""

    def __init__(self, on_ack: OnAck | None) -> None:
        self.summary = IngestSummary()
        self._on_ack = on_ack
        self._open: dict[_Key, Block] = {}
        self._attempt = 0
        self._heard = time.monotonic()

    def __len__(self) -> int:
        return len(self._open)

    def sent(self, block: Block) -> None:
        """Remember a block that goes out for the first time."""
        key = (block.source, block.sequence)
        if key in self._open:
            raise ValueError(f"two blocks are called {key}: give each its own sequence")
        self._open[key] = block

    def again(self) -> list[Block]:
        """What to send first on a new connection."""
        return list(self._open.values())

    def take(self, ack: IngestAck) -> bool:
        """Note an acknowledgement; False if it is of no block under way."""
        self._attempt = 0
        self._heard = time.monotonic()
        if self._open.pop((ack.source, ack.sequence), None) is None:
            return False
        self.summary.add(ack)
        if self._on_ack is not None:
            self._on_ack(ack)
        return True

    def pause_after(self, error: SimbaError) -> float:
        """Seconds before the next connection; raises the error if there is to be none."""
        if not is_passing(error) or time.monotonic() - self._heard > PATIENCE_SECONDS:
            raise error
        pause = wait_before_retry(self._attempt, error)
        self._attempt += 1
        return pause


class Readings(ReadingService):
    """`ReadingService`, and readings in bulk."""

    def ingest(
        self,
        blocks: Iterable[Block],
        *,
        window: int = WINDOW,
        on_ack: OnAck | None = None,
        rpc_metadata: Metadata = (),
    ) -> IngestSummary:
        """Send blocks and wait until each is stored.

        Args:
            blocks: The blocks; taken as room comes free, so a generator may make them as it goes.
            window: Blocks under way at once.
            on_ack: Called with every acknowledgement.
        """
        return _Sender(self._transport, iter(blocks), window, on_ack, rpc_metadata).run()


class _Sender:
    """One synchronous ingest. gRPC reads the requests in a thread of its own."""

    def __init__(
        self,
        transport: Transport,
        blocks: Iterator[Block],
        window: int,
        on_ack: OnAck | None,
        metadata: Metadata,
    ) -> None:
        self._transport = transport
        self._blocks = blocks
        self._window = window
        self._metadata = metadata
        self._ledger = _Ledger(on_ack)
        self._exhausted = False

    def run(self) -> IngestSummary:
        """Send everything; over as many connections as it takes."""
        self._fill(lambda _block: None)
        while self._ledger:
            outbox: queue.SimpleQueue[Block | None] = queue.SimpleQueue()
            for block in self._ledger.again():
                outbox.put(block)
            call = self._transport.start_raw(
                methods.INGEST_SERVICE_INGEST_READINGS, _wire(outbox), None, self._metadata
            )
            try:
                for answer in call:
                    for ack in answer.acks:
                        if self._ledger.take(ack):
                            self._fill(outbox.put)
                    if not self._ledger:
                        outbox.put(None)
            except grpc.RpcError as error:
                threading.Event().wait(self._ledger.pause_after(from_rpc_error(error)))
            finally:
                outbox.put(None)
                call.cancel()
        return self._ledger.summary

    def _fill(self, send: Callable[[Block], None]) -> None:
        while not self._exhausted and len(self._ledger) < self._window:
            block = next(self._blocks, None)
            if block is None:
                self._exhausted = True
                return
            self._ledger.sent(block)
            send(block)


def _wire(outbox: queue.SimpleQueue[Block | None]) -> Iterator[bytes]:
    while (block := outbox.get()) is not None:
        yield block.to_wire()


class AsyncReadings(AsyncReadingService):
    """`ReadingService`, and readings in bulk."""

    async def ingest(
        self,
        blocks: Iterable[Block] | AsyncIterable[Block],
        *,
        window: int = WINDOW,
        on_ack: OnAck | None = None,
        rpc_metadata: Metadata = (),
    ) -> IngestSummary:
        """Send blocks and wait until each is stored.

        Args:
            blocks: The blocks; taken as room comes free, so a generator may make them as it goes.
            window: Blocks under way at once.
            on_ack: Called with every acknowledgement.
        """
        source = blocks.__aiter__() if isinstance(blocks, AsyncIterable) else _async(blocks)
        return await _AsyncSender(self._transport, source, window, on_ack, rpc_metadata).run()


class _AsyncSender:
    """One asynchronous ingest."""

    def __init__(
        self,
        transport: AsyncTransport,
        blocks: AsyncIterator[Block],
        window: int,
        on_ack: OnAck | None,
        metadata: Metadata,
    ) -> None:
        self._transport = transport
        self._blocks = blocks
        self._window = window
        self._metadata = metadata
        self._ledger = _Ledger(on_ack)
        self._exhausted = False

    async def run(self) -> IngestSummary:
        """Send everything; over as many connections as it takes."""
        await self._fill(_ignore)
        while self._ledger:
            outbox: asyncio.Queue[Block | None] = asyncio.Queue()
            for block in self._ledger.again():
                outbox.put_nowait(block)
            call: Any = self._transport.start_raw(
                methods.INGEST_SERVICE_INGEST_READINGS, _async_wire(outbox), None, self._metadata
            )
            try:
                async for answer in call:
                    for ack in answer.acks:
                        if self._ledger.take(ack):
                            await self._fill(outbox.put)
                    if not self._ledger:
                        outbox.put_nowait(None)
            except grpc.RpcError as error:
                await asyncio.sleep(self._ledger.pause_after(from_rpc_error(error)))
            finally:
                outbox.put_nowait(None)
                call.cancel()
        return self._ledger.summary

    async def _fill(self, send: Callable[[Block], Any]) -> None:
        while not self._exhausted and len(self._ledger) < self._window:
            block = await anext(self._blocks, None)
            if block is None:
                self._exhausted = True
                return
            self._ledger.sent(block)
            await send(block)


async def _ignore(_block: Block) -> None:
    pass


async def _async(blocks: Iterable[Block]) -> AsyncIterator[Block]:
    for block in blocks:
        yield block


async def _async_wire(outbox: asyncio.Queue[Block | None]) -> AsyncIterator[bytes]:
    while (block := await outbox.get()) is not None:
        yield block.to_wire()
