"""From a frame's bytes to rows for channels, and from a command's words to bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.chirpstack.binding import DEFAULT_PORT, DeviceBinding
from adapters.chirpstack.events import Uplink
from adapters.runtime.batching import Batcher
from adapters.runtime.frames import Unreadable
from kernel.codec import (
    CodecFailure,
    CodecOutOfMemory,
    CodecSandbox,
    CodecTimeout,
    Decoded,
    Encoded,
    Frame,
)
from kernel.codec.mapping import Mapped

_KEPT_SCRIPTS: Final = 1000
_REASONS: Final[Mapping[str, str]] = {
    "number": "NOT_A_NUMBER",
    "range": "VALUE_OUT_OF_RANGE",
    "time": "NOT_A_NUMBER",
    "ambiguous_time": "AMBIGUOUS_LOCAL_TIME",
    "unit": "UNIT_MISMATCH",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One reading of a frame, ready for its channel."""

    channel: int
    code: str
    unit: str
    time_ms: int
    micro: int
    quality: int
    value: str
    """The value in `unit`, a plain decimal."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a frame gave: rows that are good, and why others are not."""

    data: Mapping[str, Any] | None = None
    rows: tuple[Row, ...] = ()
    why: Unreadable | None = None


class Decoder:
    """Runs the models' codecs and maps what they return. Frames of one codec go to the sandbox together."""

    def __init__(self, sandbox: CodecSandbox) -> None:
        self._sandbox = sandbox
        self._queues: OrderedDict[str, Batcher[Frame, Decoded | CodecFailure]] = OrderedDict()

    async def read(self, binding: DeviceBinding, uplink: Uplink) -> Reading:
        """The readings in a frame. What ChirpStack decoded is used; our own codec reads the rest.

        Never raises for what is in the frame; raises SandboxUnavailable.
        """
        if uplink.decoded is not None:
            theirs = _mapped(binding, uplink, uplink.decoded)
            if theirs.rows or not (binding.script and uplink.data) or uplink.encrypted:
                return theirs
            # ChirpStack's codec is another one than the model was made for.
            ours = await self._decoded(binding, uplink)
            return ours if ours.rows else theirs
        if not uplink.data:
            # Port 0 and empty frames: the device said that it is there, and nothing else.
            return Reading()
        if uplink.encrypted:
            why = "the payload is still encrypted: only the join server has the AppSKey"
        elif not binding.script:
            why = f"neither ChirpStack nor model {binding.model_id} has a codec for it"
        else:
            return await self._decoded(binding, uplink)
        return Reading(why=Unreadable("CODEC_FAILED", why))

    async def _decoded(self, binding: DeviceBinding, uplink: Uplink) -> Reading:
        made = await self._queue(binding).submit(Frame(uplink.data, uplink.f_port, uplink.time))
        if isinstance(made, CodecFailure):
            return Reading(why=_failure(made))
        if made.errors:
            return Reading(why=Unreadable("CODEC_FAILED", "; ".join(made.errors)))
        return _mapped(binding, uplink, made.data)

    async def encode(self, binding: DeviceBinding, downlink: Mapping[str, Any]) -> Encoded | Unreadable:
        """The bytes of a downlink, or why there are none. Raises SandboxUnavailable."""
        if not binding.script:
            return Unreadable("CODEC_FAILED", f"model {binding.model_id} has no codec to encode it")
        try:
            made = await self._sandbox.encode_downlink(
                binding.model_id, binding.script, downlink, f_port=DEFAULT_PORT
            )
        except CodecFailure as failure:
            return _failure(failure)
        if made.errors:
            return Unreadable("CODEC_FAILED", "; ".join(made.errors))
        return made

    def _queue(self, binding: DeviceBinding) -> Batcher[Frame, Decoded | CodecFailure]:
        key = f"{binding.model_id}/{binding.script_sha256}"
        queue = self._queues.get(key)
        if queue is None:

            async def decode(frames: Sequence[Frame]) -> Sequence[Decoded | CodecFailure]:
                return await self._sandbox.decode_many(binding.model_id, binding.script, frames)

            queue = self._queues[key] = Batcher(decode, limit=256)
            while len(self._queues) > _KEPT_SCRIPTS:
                self._queues.popitem(last=False)
        self._queues.move_to_end(key)
        return queue


def _mapped(binding: DeviceBinding, uplink: Uplink, data: Mapping[str, Any]) -> Reading:
    if binding.mapper is None:
        return Reading(data, why=Unreadable("MAPPING_FAILED", binding.fault))
    mapped = binding.mapper.map(dict(data), uplink.time)
    return Reading(data, _rows(binding, mapped), _mapping_failure(mapped))


def _rows(binding: DeviceBinding, mapped: Mapped) -> tuple[Row, ...]:
    rows = []
    for row in mapped.rows:
        channel = binding.channels[row.code]
        time_ms = round(row.time.timestamp() * 1000)
        value = f"{row.value:f}"
        rows.append(Row(channel.number, row.code, channel.unit, time_ms, row.micro, row.quality, value))
    return tuple(rows)


def _mapping_failure(mapped: Mapped) -> Unreadable | None:
    if not mapped.errors:
        return None
    reasons = {_REASONS.get(error.rule, "MAPPING_FAILED") for error in mapped.errors}
    reason = reasons.pop() if len(reasons) == 1 else "MAPPING_FAILED"
    return Unreadable(reason, "; ".join(str(error) for error in mapped.errors))


def _failure(failure: CodecFailure) -> Unreadable:
    kinds = {CodecTimeout: "CODEC_TIMEOUT", CodecOutOfMemory: "CODEC_OUT_OF_MEMORY"}
    return Unreadable(kinds.get(type(failure), "CODEC_FAILED"), str(failure))
