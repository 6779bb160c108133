"""The ingest stream: blocks out, acknowledgements in, nothing forgotten in between."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
import grpc.aio

from adapters.runtime.server import ServerLink
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceStub
from simba.readings.v1.reading_block_pb2 import IngestAck, ReadingBlock

_log = logging.getLogger(__name__)

_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 5.0
_BLOCKS_A_MESSAGE: Final = 512
_WORTH_SENDING: Final = 64
_GATHER_SECONDS: Final = 0.003
_REFUSALS: Final = frozenset(
    {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.OUT_OF_RANGE}
)

BlockKey = tuple[str, int]


class BlockRefusedError(Exception):
    """The server will never take this block; `details` says why in its words."""

    def __init__(self, key: BlockKey, details: str) -> None:
        super().__init__(f"block {key[1]} of {key[0]} is refused: {details}")
        self.details = details


@dataclass(slots=True, eq=False)
class _Pending:
    key: BlockKey
    block: ReadingBlock
    done: asyncio.Future[IngestAck] = field(repr=False)


class IngestClient:
    """Sends blocks over one stream that is opened again whenever it breaks.

    A block is kept until its acknowledgement came, and sent again on the next stream: the server stores a
    repeated (source, sequence) once. `run` must run beside `send`.
    """

    def __init__(self, link: ServerLink) -> None:
        self._link = link
        self._stub: Any = IngestServiceStub(link.channel)
        self._open: dict[BlockKey, _Pending] = {}
        self._unsent: deque[_Pending] = deque()
        self._work = asyncio.Event()
        self._cautious = False

    @property
    def waiting(self) -> int:
        """Blocks that are not acknowledged yet."""
        return len(self._open)

    async def send(self, block: ReadingBlock) -> IngestAck:
        """Returns once the block is stored. Raises BlockRefusedError when it can never be."""
        key = (block.source, block.sequence)
        pending = self._open.get(key)
        if pending is None:
            pending = _Pending(key, block, asyncio.get_running_loop().create_future())
            self._open[key] = pending
            self._unsent.append(pending)
            self._work.set()
        return await asyncio.shield(pending.done)

    async def run(self) -> None:
        """Keeps a stream open while there is something to say; ends by being cancelled."""
        wait = _FIRST_WAIT
        while True:
            while not self._open:
                self._work.clear()
                await self._work.wait()
            before = len(self._open)
            try:
                await self._stream()
            except grpc.aio.AioRpcError as error:
                if error.code() in _REFUSALS:
                    self._refused(error)
                else:
                    # Even a server that does not know the call is only an older one, about to be renewed.
                    self._link.trouble(error)
            wait = _FIRST_WAIT if len(self._open) < before else min(wait * 2, _LONGEST_WAIT)
            await asyncio.sleep(wait)

    async def _stream(self) -> None:
        """One stream, from opening to its end."""
        self._unsent = deque(self._open.values())
        call = self._stub.IngestReadings(metadata=self._link.metadata())
        writer = asyncio.create_task(self._write(call))
        try:
            async for response in call:
                for ack in response.acks:
                    self._acknowledged(ack)
                if self._cautious:
                    self._work.set()
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            call.cancel()

    async def _write(self, call: Any) -> None:
        while True:
            while not self._unsent or (self._cautious and self._in_flight()):
                self._work.clear()
                await self._work.wait()
            if self._in_flight() and len(self._unsent) < _WORTH_SENDING:
                # A lone block leaves at once; under load a moment's patience makes one message of many.
                await asyncio.sleep(_GATHER_SECONDS)
            many = 1 if self._cautious else min(_BLOCKS_A_MESSAGE, len(self._unsent))
            batch = [self._unsent.popleft() for _ in range(many)]
            await call.write(IngestReadingsRequest(blocks=[pending.block for pending in batch]))

    def _in_flight(self) -> int:
        return len(self._open) - len(self._unsent)

    def _acknowledged(self, ack: IngestAck) -> None:
        self._link.detail = ""
        pending = self._open.pop((ack.source, ack.sequence), None)
        if pending is not None and not pending.done.done():
            pending.done.set_result(ack)
        if not self._open:
            self._cautious = False

    def _refused(self, error: grpc.aio.AioRpcError) -> None:
        """The server refuses something in the message: find out which block by sending one at a time."""
        if not self._cautious:
            _log.warning("the server refuses a message, sending block by block: %s", error.details())
            self._cautious = True
            return
        culprit = next((one for one in self._open.values() if one not in self._unsent), None)
        if culprit is not None:
            del self._open[culprit.key]
            culprit.done.set_exception(BlockRefusedError(culprit.key, error.details() or ""))
