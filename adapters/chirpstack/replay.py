"""Reads kept frames again, with the codec as it is now."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Final

from adapters.chirpstack.binding import DeviceBinding
from adapters.chirpstack.events import EventError, Uplink, parse_event
from adapters.chirpstack.readings import FrameReader
from adapters.chirpstack.topics import parse_event_topic
from adapters.runtime.bindings import Bindings
from adapters.runtime.frames import FrameKeeper, Unreadable
from kernel.bus import BusMessage
from simba.readings.v1.frame_pb2 import Frame
from simba.readings.v1.replay_message_pb2 import ReplayFramesMessage

_AT_ONCE: Final = 16


class Replayer:
    """Takes frames that the server sends back."""

    def __init__(self, bindings: Bindings[DeviceBinding], reader: FrameReader, keeper: FrameKeeper) -> None:
        self._bindings = bindings
        self._reader = reader
        self._keeper = keeper

    async def take(self, message: ReplayFramesMessage, _carrier: BusMessage) -> None:
        """Reads each frame and tells the server what became of it. May be repeated."""
        # Whoever replays has just mended something: no binding from before will do.
        euis = {frame.dev_eui for frame in message.frames if frame.dev_eui}
        await asyncio.gather(*(self._bindings.get(dev_eui, fresh=True) for dev_eui in euis))
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(frame: Frame) -> None:
            async with slots:
                await self._keeper.report(frame.frame_id, await self._read(frame))

        await asyncio.gather(*(one(frame) for frame in message.frames))

    async def _read(self, frame: Frame) -> Unreadable | None:
        """Why it still cannot be read; None when it is."""
        topic = parse_event_topic(frame.topic)
        if topic is None:
            return Unreadable("INVALID_FIELD", "the topic is none of an event")
        try:
            event = parse_event(topic.kind, frame.event)
        except EventError as error:
            return Unreadable("INVALID_FIELD", str(error))
        if not isinstance(event, Uplink):
            # Nothing to store in it; what it told is past.
            return None
        binding = await self._bindings.get(event.device.dev_eui)
        if binding is None:
            return Unreadable("UNKNOWN_DEVICE", f"no meter has the DevEUI {event.device.dev_eui}")
        # The same way of reading is stored once, another way as a block of its own.
        way = sha256(f"{binding.script_sha256}|{binding.mapper!r}".encode()).hexdigest()[:16]
        reading = await self._reader.read(binding, event)
        return await self._reader.store(event.device.dev_eui, f"{frame.frame_key}/replay/{way}", reading)
