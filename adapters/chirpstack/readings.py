"""Stores what frames gave, and keeps what they did not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from adapters.chirpstack.binding import DeviceBinding
from adapters.chirpstack.decoding import Decoder, Reading, Row
from adapters.chirpstack.events import Uplink
from adapters.runtime.frames import Unreadable, reason_name
from adapters.runtime.ingest import BlockRefusedError, IngestClient
from kernel.codec import SandboxUnavailable
from simba.common.v1.error_reason_pb2 import ErrorReason
from simba.readings.v1.reading_block_pb2 import IngestAck, ReadingBlock

_log = logging.getLogger(__name__)
_SANDBOX_WAIT: Final = 1.0
_TOLD_ROWS: Final = 20


class FrameReader:
    """Reads a frame and stores its good rows."""

    def __init__(self, decoder: Decoder, ingest: IngestClient) -> None:
        self._decoder = decoder
        self._ingest = ingest
        self.detail = ""
        """What keeps it from reading, in words; empty: nothing."""

    async def read(self, binding: DeviceBinding, uplink: Uplink) -> Reading:
        """What is in a frame. Waits while codecs cannot be run at all."""
        while True:
            try:
                reading = await self._decoder.read(binding, uplink)
            except SandboxUnavailable as error:
                # Not the frame's fault: it waits, and MQTT keeps it, until the installation is mended.
                if not self.detail:
                    _log.exception("codecs cannot be run")
                self.detail = f"codecs cannot be run: {error}"
            else:
                self.detail = ""
                return reading
            await asyncio.sleep(_SANDBOX_WAIT)

    async def store(self, dev_eui: str, identity: str, reading: Reading) -> Unreadable | None:
        """Returns once the good rows are stored: why others are not, None when everything is.

        `identity` names the frame, and the way in which it was read.
        """
        if not reading.rows:
            return reading.why
        try:
            ack = await self._ingest.send(block_of(dev_eui, identity, reading.rows))
        except BlockRefusedError as error:
            refused = Unreadable("INVALID_FIELD", f"the server refused its readings: {error.details}")
            return _both(reading.why, refused)
        return _both(reading.why, rejection(ack, reading.rows))


def block_of(dev_eui: str, identity: str, rows: Sequence[Row]) -> ReadingBlock:
    """The rows of one frame as a block of its own.

    One source per device, and the frame's own name as sequence: however events are repeated or grouped after
    a crash, the same frame is the same (source, sequence), which the server stores once.
    """
    block = ReadingBlock(source=f"chirpstack:{dev_eui}", sequence=sequence_of(identity))
    block.channel.extend(row.channel for row in rows)
    block.time_ms.extend(row.time_ms for row in rows)
    block.value_micro.extend(row.micro for row in rows)
    if any(row.quality for row in rows):
        block.quality.extend(row.quality for row in rows)
    return block


def sequence_of(identity: str) -> int:
    """A number for a frame's name: 63 bits of its SHA-256."""
    return int.from_bytes(sha256(identity.encode()).digest()[:8], "big") >> 1


def rejection(ack: IngestAck, rows: Sequence[Row]) -> Unreadable | None:
    """What the server refused of a block, in words; None when everything is stored."""
    refused = [row for row in ack.rejected if row.reason != ErrorReason.ERROR_REASON_SEQUENCE_REUSED]
    if not refused:
        # The same frame, read differently after a change of its model: it is stored as it was first read.
        return None
    told = [
        f"channel {rows[one.row].code}: {one.field} = {one.value}: {one.description}"
        if one.row < len(rows)
        else one.description
        for one in refused[:_TOLD_ROWS]
    ]
    reasons = {reason_name(one.reason) for one in refused}
    return Unreadable(reasons.pop() if len(reasons) == 1 else "MAPPING_FAILED", "; ".join(told))


def _both(first: Unreadable | None, second: Unreadable | None) -> Unreadable | None:
    if first is None or second is None:
        return first or second
    reason = first.reason if first.reason == second.reason else "MAPPING_FAILED"
    return Unreadable(reason, f"{first.description}; {second.description}")
