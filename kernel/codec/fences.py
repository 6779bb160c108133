"""What keeps a sandbox process within its bounds; runs inside of that process."""

import ctypes
import os
import resource
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from kernel.codec.wire_format import packed

_TICK_SECONDS = 0.004
_PR_SET_NO_NEW_PRIVS = 38
_FILES_PER_ISOLATE = 4
_PAGE = resource.getpagesize()
_RESIDENT_HEAPS, _DATA_HEAPS = 3, 4


@dataclass(frozen=True, slots=True)
class Budget:
    """What one call may use."""

    cpu_seconds: float
    heap_bytes: int
    """Of the script's V8 heap. The process as a whole may grow by three times as much: buffers, garbage."""


class Answers:
    """The way out. Whoever says the last words ends the process."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, header: dict[str, Any], body: bytes = b"") -> None:
        """Answers a call."""
        with self._lock:
            self._write(packed(header, body))

    def last_words(self, limit: str) -> None:
        """Says which limit was exceeded, and dies."""
        self._lock.acquire()
        with suppress(OSError):
            self._write(packed({"limit": limit}))
        os._exit(0)

    def _write(self, message: bytes) -> None:
        self._stream.write(message)
        self._stream.flush()


class Watchdog(threading.Thread):
    """Ends the process when a call uses more processor time or memory than it may.

    Processor time, not the time on the wall: a busy machine does not make a good codec a bad one. Who
    allocates without end is slow as well, so whoever runs out of time with more than a heap taken is told
    to have run out of memory.
    """

    def __init__(self, answers: Answers) -> None:
        super().__init__(daemon=True, name="watchdog")
        self._answers = answers
        self._armed = threading.Event()
        self._budget = Budget(0.0, 0)
        self._cpu_start = 0.0
        self._resident_start = 0

    def arm(self, budget: Budget) -> None:
        """Starts to watch a call, and lets the process grow by its budget: the kernel refuses more."""
        resident, data = _memory()
        most = data + _DATA_HEAPS * budget.heap_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))
        self._budget = budget
        self._resident_start = resident
        self._cpu_start = time.process_time()
        self._armed.set()

    def disarm(self) -> float:
        """Stops to watch; returns the processor time that the call has taken, in seconds."""
        self._armed.clear()
        return time.process_time() - self._cpu_start

    def run(self) -> None:
        """Looks every few milliseconds while a call is under way."""
        while True:
            self._armed.wait()
            time.sleep(_TICK_SECONDS)
            if self._armed.is_set():
                self._look()

    def _look(self) -> None:
        heap = self._budget.heap_bytes
        grown = _memory()[0] - self._resident_start
        if grown > _RESIDENT_HEAPS * heap:
            self._answers.last_words("memory")
        if time.process_time() - self._cpu_start > self._budget.cpu_seconds:
            self._answers.last_words("memory" if grown > heap else "time")


def give_up_rights(isolates: int) -> None:
    """Gives up what no codec needs: files, core dumps, new privileges."""
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64 + isolates * _FILES_PER_ISOLATE),
    ):
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, most))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _memory() -> tuple[int, int]:
    """Resident bytes, and bytes of writable data, of this process."""
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123  # looked at every few milliseconds
        fields = statm.read().split()
    return int(fields[1]) * _PAGE, int(fields[5]) * _PAGE
