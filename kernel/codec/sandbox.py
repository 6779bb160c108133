"""The sandbox: runs LoRaWAN payload codecs (TS013) in processes of their own, within limits."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from kernel.codec.errors import CodecFailure
from kernel.codec.frames import Decoded, Encoded, Frame, decoded_of, encoded_of
from kernel.codec.pool import Pool
from kernel.codec.runner import Limits, Output, Runner

T = TypeVar("T")


class CodecSandbox(AbstractAsyncContextManager["CodecSandbox"]):
    """Runs codecs. Every script has an engine of its own, and every frame fresh variables.

    ``codec_id`` says whose script it is: scripts of different ids never share an engine, even when they are
    the same text. Processes are started when first needed, and again after one had to be ended. A codec that
    breaks its limits three times in a row is refused for half a minute, so that it cannot starve the others.

    Belongs to the event loop in which it is first used. ``processes`` run at the same time, each holding up
    to ``scripts`` scripts.
    """

    def __init__(self, *, processes: int = 1, limits: Limits | None = None, scripts: int = 32) -> None:
        limits = limits or Limits()
        self._pool = Pool(processes, scripts, limits.heap_bytes)
        self._runner = Runner(self._pool, limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Starts the processes now, so that the first frames need not wait. Raises SandboxUnavailable."""
        await self._pool.warm_up()

    async def close(self) -> None:
        """Ends the processes."""
        await self._pool.close()

    async def decode(
        self,
        codec_id: str,
        script: str,
        payload: bytes,
        f_port: int,
        recv_time: datetime,
        variables: Mapping[str, str] | None = None,
    ) -> Decoded:
        """What ``decodeUplink`` makes of a frame. Raises CodecFailure; SandboxUnavailable."""
        frame = Frame(payload, f_port, recv_time, variables or {})
        return _only(await self.decode_many(codec_id, script, [frame]))

    async def decode_many(
        self, codec_id: str, script: str, frames: Sequence[Frame], *, function: str = "decodeUplink"
    ) -> list[Decoded | CodecFailure]:
        """What ``decodeUplink`` makes of many frames, in their order; a failure takes its frame's place.

        Some hundred thousand frames a second of a plain codec, when given in thousands.
        Raises SandboxUnavailable.
        """
        wire = [frame.wire() for frame in frames]
        outputs = await self._runner.run(_key(codec_id, script), script, function, wire)
        return [_read(output, lambda found: decoded_of(found, function)) for output in outputs]

    async def decode_downlink(self, codec_id: str, script: str, payload: bytes, f_port: int) -> Decoded:
        """What ``decodeDownlink`` makes of a downlink. Raises CodecFailure; SandboxUnavailable."""
        frame = Frame(payload, f_port, datetime(1970, 1, 1, tzinfo=UTC))
        return _only(await self.decode_many(codec_id, script, [frame], function="decodeDownlink"))

    async def encode_downlink(
        self,
        codec_id: str,
        script: str,
        data: Mapping[str, Any],
        *,
        f_port: int | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Encoded:
        """What ``encodeDownlink`` makes of an object. Raises CodecFailure; SandboxUnavailable."""
        frame = {"data": dict(data), "port": f_port, "variables": dict(variables or {})}
        outputs = await self._runner.run(_key(codec_id, script), script, "encodeDownlink", [frame])
        return _only([_read(output, encoded_of) for output in outputs])

    async def functions(self, codec_id: str, script: str) -> frozenset[str]:
        """Which of the three TS013 functions a script offers, after running its top level once.

        Raises CodecFailure when it does not compile, or its top level throws or breaks a limit;
        SandboxUnavailable.
        """
        return frozenset(await self._runner.functions(_key(codec_id, script), script))


def _key(codec_id: str, script: str) -> str:
    return f"{codec_id}/{hashlib.sha256(script.encode()).hexdigest()}"


def _read(output: Output, reader: Callable[[Mapping[str, Any]], T]) -> T | CodecFailure:
    if isinstance(output, CodecFailure):
        return output
    try:
        return reader(output)
    except CodecFailure as failure:
        return failure


def _only(made: Sequence[T | CodecFailure]) -> T:
    [one] = made
    if isinstance(one, CodecFailure):
        raise one
    return one
