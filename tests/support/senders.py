"""Senders of blocks at full rate that outlive their servers: what is not acknowledged is sent again."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import grpc
import numpy as np

from bench.wire import request_bytes
from simba.readings.v1.ingest_service_pb2 import IngestReadingsResponse

ROWS = 20_000
IN_FLIGHT = 6
FIRST = 1_735_689_600_000
_METHOD = "/simba.readings.v1.IngestService/IngestReadings"
_RECONNECT_SECONDS = 0.2

Target = Callable[[], str | None]
"""Address of a server that is there; None while there is none."""


@dataclass(slots=True)
class Sender:
    """One stream of blocks of one source, opened again wherever it breaks."""

    source: str
    channel: int
    secret: str
    target: Target
    acknowledged: set[int] = field(default_factory=set)
    repeated: int = 0
    """Blocks that a server said it had stored before."""
    streams: int = 0
    _pending: dict[int, bytes] = field(default_factory=dict)

    def block(self, sequence: int) -> bytes:
        """The block of a number: a second a row, no time in two blocks."""
        times = FIRST + (sequence * ROWS + np.arange(ROWS, dtype=np.int64)) * 1000
        channels = np.full(ROWS, self.channel, np.uint64)
        return request_bytes(self.source, sequence, channels, times, np.arange(ROWS, dtype=np.int64))

    async def run(self, seconds: float) -> None:
        """Sends for so long; ends when everything that was sent is acknowledged."""
        end, numbers = time.monotonic() + seconds, iter(range(1 << 40))
        while time.monotonic() < end or self._pending:
            target = self.target()
            if target is None:
                await asyncio.sleep(_RECONNECT_SECONDS)
                continue
            with suppress(grpc.aio.AioRpcError):
                await self._stream(target, numbers, end)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _stream(self, target: str, numbers: Iterator[int], end: float) -> None:
        self.streams += 1
        options = [("grpc.max_send_message_length", 64 << 20), ("simba.sender", self.source)]
        async with grpc.aio.insecure_channel(target, options=options) as channel:
            method: Any = channel.stream_stream(
                _METHOD, request_serializer=None, response_deserializer=IngestReadingsResponse.FromString
            )
            call = method(metadata=(("authorization", f"Bearer {self.secret}"),))
            room = asyncio.Semaphore(IN_FLIGHT)

            async def write() -> None:
                for again in list(self._pending.values()):
                    await call.write(again)
                while time.monotonic() < end:
                    await room.acquire()
                    sequence = next(numbers)
                    self._pending[sequence] = self.block(sequence)
                    await call.write(self._pending[sequence])
                await call.done_writing()

            writer = asyncio.create_task(write())
            try:
                async for response in call:
                    for ack in response.acks:
                        assert (ack.stored, ack.rejected_count) == (ROWS, 0), ack
                        self.acknowledged.add(ack.sequence)
                        self.repeated += ack.duplicate
                        self._pending.pop(ack.sequence, None)
                        room.release()
            finally:
                writer.cancel()
                with suppress(asyncio.CancelledError, grpc.aio.AioRpcError, asyncio.InvalidStateError):
                    await writer
