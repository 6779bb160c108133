"""Takes frames to sandbox processes in chunks, and finds out which frame it was when one of them died."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kernel.codec.errors import CodecError, CodecFailure, CodecOutOfMemory, CodecTimeout
from kernel.codec.pool import Pool
from kernel.codec.process import ProcessDied, SandboxProcess
from kernel.codec.records import Records

_WALL_FACTOR, _WALL_SECONDS = 20, 10.0
_LOAD_FACTOR = 5
_TRIES = 2
_DEEPEST = 30
"""Levels of an output: a google.protobuf.Struct cannot be read beyond some more."""

Output = dict[str, Any] | CodecFailure
"""What a codec returned, or why it did not."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call of a codec may use."""

    cpu_seconds: float = 0.1
    """Processor time for a frame; ChirpStack gives as much."""
    heap_bytes: int = 16 * 2**20
    """Of the script's heap. Its buffers outside of the heap may take twice as much again."""
    output_characters: int = 2**20
    """Of the output, as JSON."""


class Runner:
    """Runs scripts by their key."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool = pool
        self._limits = limits
        self._records = Records()

    async def run(
        self, key: str, script: str, function: str, frames: Sequence[dict[str, Any]]
    ) -> list[Output]:
        """Calls a function of the script with each frame; the outputs in the frames' order."""
        record = self._records.of(key)
        outputs: list[Output] = []
        while len(outputs) < len(frames):
            chunk = frames[len(outputs) : len(outputs) + record.chunk]
            outputs += await self._run_chunk(key, script, function, chunk)
        return outputs

    async def functions(self, key: str, script: str) -> list[str]:
        """The functions that the script offers. Raises CodecFailure."""
        [told] = await self._run_call(key, script, "offers", b"", 1)
        if isinstance(told, CodecFailure):
            raise told
        names: Any = told
        return list(names)

    async def _run_chunk(
        self, key: str, script: str, function: str, frames: Sequence[dict[str, Any]]
    ) -> list[Output]:
        request = {"name": function, "limit": self._limits.output_characters, "frames": frames}
        body = json.dumps(request, separators=(",", ":")).encode()
        outputs = await self._run_call(key, script, "run", body, len(frames))
        if len(outputs) == len(frames):
            return outputs
        # One of them broke a limit, or all of them together: each by itself has a limit of its own.
        apart: list[Output] = []
        for frame in frames:
            apart += await self._run_chunk(key, script, function, [frame])
        return apart

    async def _run_call(
        self, key: str, script: str, operation: str, body: bytes, frames: int
    ) -> list[Output]:
        """The outputs of a call; none when it failed as a whole and the frames must be tried one by one."""
        record = self._records.of(key)
        refusal = record.refusal(self._records.now())
        if refusal is not None:
            return [refusal] * frames
        outcome = await self._try(key, script, operation, body)
        if isinstance(outcome, ProcessDied):
            if frames > 1:
                record.chunk = 1
                return []
            record.broke_a_limit(self._records.now())
            return [self._blame(outcome)]
        header, text = outcome
        if "failed" in header:
            failure = _failure(json.loads(text))
            if header.get("compile"):
                record.broken = failure
            return [failure] * frames
        if header.get("dropped"):
            record.changed_what_is_built_in()
        if frames > 1 and record.alone:
            return []
        record.went_well(header["cpu"] / self._limits.cpu_seconds)
        return _outputs(text if operation == "run" else b"[" + text + b"]", frames)

    async def _try(
        self, key: str, script: str, operation: str, body: bytes
    ) -> tuple[dict[str, Any], bytes] | ProcessDied:
        """One call. A process that died without a word of ours is no proof against the codec: once more."""
        died = ProcessDied("")
        for _ in range(_TRIES):
            async with self._pool.lend(key) as process:
                try:
                    return await self._call(process, key, script, operation, body)
                except ProcessDied as error:
                    died = error
            if died.certain:
                break
        return died

    async def _call(
        self, process: SandboxProcess, key: str, script: str, operation: str, body: bytes
    ) -> tuple[dict[str, Any], bytes]:
        if key in process.holds:
            header, text = await self._ask(process, operation, key, body)
            if "unknown" not in header:
                return header, text
        header, text = await self._ask(process, "load", key, script.encode(), factor=_LOAD_FACTOR)
        if "failed" in header:
            return {**header, "compile": True}, text
        process.took(key)
        return await self._ask(process, operation, key, body)

    async def _ask(
        self, process: SandboxProcess, operation: str, key: str, body: bytes, *, factor: int = 1
    ) -> tuple[dict[str, Any], bytes]:
        cpu = self._limits.cpu_seconds * factor
        request = {"op": operation, "key": key, "cpu": cpu, "heap": self._limits.heap_bytes}
        header, text = await process.call(request, body, _WALL_SECONDS + _WALL_FACTOR * cpu)
        if header.get("dropped"):
            process.holds.pop(key, None)
        elif key in process.holds:
            process.took(key)
        return header, text

    def _blame(self, died: ProcessDied) -> CodecFailure:
        limits = self._limits
        if died.limit == "time":
            millis = limits.cpu_seconds * 1000
            return CodecTimeout(f"the codec used more than {millis:g} ms of processor time for one frame")
        if died.limit == "memory":
            return CodecOutOfMemory(
                f"the codec used more memory than it may: {limits.heap_bytes // 2**20} MiB of heap"
            )
        return CodecError(f"the codec brought its engine down: {died.detail or 'no reason was given'}")


_MEMORY_MESSAGES = (
    "RangeError: Array buffer allocation failed",
    "RangeError: Invalid string length",
    "RangeError: Map maximum size exceeded",
    "RangeError: Set maximum size exceeded",
    "RangeError: Maximum BigInt size exceeded",
)


def _outputs(text: bytes, frames: int) -> list[Output]:
    try:
        told = json.loads(text)
    except RecursionError:
        return [] if frames > 1 else [CodecError("the output is nested too deeply")]
    clean = b"\\ud" not in text
    return [_output(each, clean=clean) for each in told]


def _output(told: list[Any], *, clean: bool) -> Output:
    """What a codec returned, in a shape that every receiver can hold."""
    failed, output = told
    if failed:
        return _failure(output)
    if not _within(output, _DEEPEST):
        return CodecError(f"the output is nested too deeply: more than {_DEEPEST} levels")
    whole: dict[str, Any] = output if clean else _whole_text(output)
    return whole


def _within(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return True
    return levels > 0 and all(_within(each, levels - 1) for each in value if isinstance(each, dict | list))


def _whole_text(value: Any) -> Any:
    """Halves of surrogate pairs, which no encoding has, become the mark for what cannot be shown."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole_text(name): _whole_text(each) for name, each in value.items()}
    return [_whole_text(each) for each in value] if isinstance(value, list) else value


def _failure(told: dict[str, Any]) -> CodecFailure:
    message = _whole_text(told["message"])
    # The engine refuses what would not fit: that is the memory limit, told as an exception.
    kind = CodecOutOfMemory if message.startswith(_MEMORY_MESSAGES) else CodecError
    return kind(message, line=told.get("line", 0), column=told.get("column", 0))
