"""One run of one child: from fork to exit, with its log."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from stack.supervisor.child import Child
from stack.supervisor.privileges import preparation

#: A log file is begun anew at this size; three old ones are kept.
_LOG_BYTES: Final = 32 * 1024 * 1024
_LOG_FILES: Final = 3
_LONGEST_LINE: Final = 1024 * 1024


class LogFile:
    """The log of one child, in files of limited size, with its last lines at hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tail: deque[str] = deque(maxlen=20)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")

    def write(self, line: bytes) -> None:
        """One line with its end."""
        self._file.write(line)
        self._file.flush()
        self.tail.append(line.decode(errors="replace").rstrip())
        if self._file.tell() > _LOG_BYTES:
            self._turn()

    def close(self) -> None:
        """Ends the file."""
        self._file.close()

    def _turn(self) -> None:
        self._file.close()
        for number in range(_LOG_FILES - 1, 0, -1):
            older = self.path.with_suffix(f".log.{number}")
            if older.exists():
                older.rename(self.path.with_suffix(f".log.{number + 1}"))
        self.path.rename(self.path.with_suffix(".log.1"))
        self._file = self.path.open("ab")


class Run:
    """A running process of a child."""

    def __init__(self, child: Child, process: asyncio.subprocess.Process, output: _Output) -> None:
        self.child = child
        self.pid = process.pid
        self.created = _birth(process.pid)
        self._process = process
        self._output = output

    @staticmethod
    async def begin(child: Child, log: LogFile) -> Run:
        """Starts the process. Raises OSError where the program is not there."""
        # A pipe of our own: asyncio's would let `wait` hang while a grandchild holds the other end.
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *child.command,
                env={**os.environ, **child.env},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=asyncio.subprocess.STDOUT,
                preexec_fn=preparation(child.stop_signal, child.account),
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        return Run(child, process, await _Output.begin(reading, log))

    async def ended(self) -> int:
        """Waits for the end; the exit status, negative for a signal. What the process has left is killed."""
        status = await self._process.wait()
        # It was the leader of a process group, which its children share unless they left it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        await self._output.end()
        return status

    async def stop(self) -> None:
        """Asks the process to end, and kills it and its descendants where it does not in time."""
        if self._process.returncode is not None:
            return
        family = _descendants(self.pid)
        self._process.send_signal(self.child.stop_signal)
        try:
            await asyncio.wait_for(self._process.wait(), self.child.stop_seconds)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        kill_all(family)

    def kill(self) -> None:
        """Kills the process with SIGKILL."""
        if self._process.returncode is None:
            self._process.kill()


class _Output:
    """What a process writes, line by line into its log."""

    def __init__(self, transport: asyncio.ReadTransport, kept: asyncio.Task[None]) -> None:
        self._transport = transport
        self._kept = kept

    @staticmethod
    async def begin(reading: int, log: LogFile) -> _Output:
        stream = asyncio.StreamReader(limit=_LONGEST_LINE)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reading, "rb", buffering=0)
        )
        return _Output(transport, asyncio.create_task(_keep(stream, log)))

    async def end(self) -> None:
        # Somebody who left the process group may hold the pipe; those lines are not worth waiting for.
        await asyncio.wait([self._kept], timeout=0.5)
        self._kept.cancel()
        self._transport.close()


async def _keep(stream: asyncio.StreamReader, log: LogFile) -> None:
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # a line longer than the limit; what is buffered of it is dropped
            continue
        if not line:
            return
        log.write(line)


def _birth(pid: int) -> float:
    """When a process began, seconds since 1970; 0 for one that has ended already."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _descendants(pid: int) -> Sequence[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def kill_all(processes: Sequence[psutil.Process]) -> None:
    """Kills processes that are still there; a pid that was given to somebody else is left alone."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
