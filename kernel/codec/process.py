"""One sandbox process, seen from the outside: starts it, talks to it, ends it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

from kernel.codec.errors import SandboxUnavailable
from kernel.codec.wire_format import HEAD, header_of, lengths, packed

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = "import sys; sys.path.insert(0, sys.argv.pop(1)); from kernel.codec.worker import main; main()"
_START_SECONDS = 30.0
_LAST_WORDS = 4096
_OUT_OF_MEMORY = b"out of memory"


class ProcessDied(Exception):
    """The process ended in the middle of a call. ``limit`` is ``time``, ``memory`` or empty (unknown)."""

    def __init__(self, limit: str, detail: str = "", *, certain: bool = False) -> None:
        super().__init__(detail or f"the sandbox ended: {limit or 'unknown reason'}")
        self.limit = limit
        self.detail = detail
        self.certain = certain
        """Whether the call is to blame: it might as well have been killed by somebody."""


class SandboxProcess:
    """A running sandbox. One call at a time."""

    def __init__(self, process: asyncio.subprocess.Process, capacity: int) -> None:
        self._process = process
        self._capacity = capacity
        self._tail = b""
        self._tail_reader = asyncio.create_task(self._read_tail())
        self.holds: OrderedDict[str, None] = OrderedDict()
        """Scripts that it holds, the longest unused first: the same order as inside."""

    @classmethod
    async def start(cls, capacity: int, heap_bytes: int) -> "SandboxProcess":
        """Starts a process that can hold ``capacity`` scripts. Raises SandboxUnavailable."""
        arguments = [sys.executable, "-I", "-c", _BOOT, str(_ROOT), str(capacity), str(heap_bytes)]
        try:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # Nothing of ours for a codec to find; local time is UTC.
                env={"TZ": "UTC", "LANG": "C.UTF-8", "PATH": os.defpath},
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise SandboxUnavailable(f"cannot start a sandbox: {error}") from error
        made = cls(process, capacity)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await made._receive()
        except (TimeoutError, ProcessDied, ValueError) as error:
            await made.kill()
            raise SandboxUnavailable(f"the sandbox does not start: {made.tail or error}") from error
        except BaseException:
            await made.kill()
            raise
        return made

    @property
    def alive(self) -> bool:
        """Whether it still runs, as far as is known."""
        return self._process.returncode is None

    @property
    def tail(self) -> str:
        """The end of what the process has printed."""
        return self._tail.decode(errors="replace").strip()

    def took(self, key: str) -> None:
        """Notes that the process now holds a script, and which one it gave up for it."""
        self.holds[key] = None
        self.holds.move_to_end(key)
        while len(self.holds) > self._capacity:
            self.holds.popitem(last=False)

    async def call(
        self, header: dict[str, Any], body: bytes, wall_seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Sends a request and waits for its answer.

        The process keeps its own limits; ``wall_seconds`` is for the case that it cannot. Raises ProcessDied,
        after which it is of no more use; so is it when the call is cancelled.
        """
        try:
            async with asyncio.timeout(wall_seconds):
                self._stdin.write(packed(header, body))
                await self._stdin.drain()
                told, output = await self._receive()
        except TimeoutError:
            await self.kill()
            raise ProcessDied("time", certain=True) from None
        except (ConnectionError, ValueError) as error:
            await self.kill()
            raise ProcessDied("", str(error)) from error
        except BaseException:
            await self.kill()
            raise
        if "limit" in told:
            await self.kill()
            raise ProcessDied(told["limit"], certain=True)
        return told, output

    async def kill(self) -> None:
        """Ends the process and everything that belongs to it."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        with contextlib.suppress(OSError):
            self._stdin.close()
        await asyncio.shield(asyncio.gather(self._process.wait(), self._tail_reader, self._drain()))

    @property
    def _stdin(self) -> asyncio.StreamWriter:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> asyncio.StreamReader:
        assert self._process.stdout is not None
        return self._process.stdout

    async def _receive(self) -> tuple[dict[str, Any], bytes]:
        try:
            head, body = lengths(await self._stdout.readexactly(HEAD.size))
            return header_of(await self._stdout.readexactly(head)), await self._stdout.readexactly(body)
        except asyncio.IncompleteReadError:
            raise await self._cause() from None

    async def _cause(self) -> ProcessDied:
        """Why the process is gone, when it could not say so itself."""
        code = await self._process.wait()
        await self._tail_reader
        if _OUT_OF_MEMORY in self._tail:
            # V8 ends the process when its heap cannot grow.
            return ProcessDied("memory", certain=True)
        # The kernel's killer gives no reason.
        return ProcessDied(
            "memory" if code == -signal.SIGKILL else "", self.tail[-500:] or f"exit code {code}"
        )

    async def _read_tail(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(_LAST_WORDS):
            self._tail = (self._tail + chunk)[-_LAST_WORDS:]

    async def _drain(self) -> None:
        while await self._stdout.read(1 << 16):
            pass
