"""A whole stack for a test: `simba up` as a user starts it, with handles on its processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from simba_metering import SimbaClient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack and its endpoints, as the first line of `simba up --json` gives them."""

    data: Path
    endpoints: dict[str, Any]

    def client(self) -> SimbaClient:
        """The SDK with the administrator's key; close it, or use it as a context manager."""
        return SimbaClient(self.endpoints["grpc"], api_key=self.endpoints["api_key"])

    def http(self, *, key: str | None = None) -> httpx.Client:
        """Plain HTTP to the edge, with a key (the administrator's; empty: none)."""
        chosen = self.endpoints["api_key"] if key is None else key
        headers = {"x-api-key": chosen} if chosen else {}
        return httpx.Client(base_url=self.endpoints["rest"], headers=headers, timeout=60, trust_env=False)

    def pid(self, child: str) -> int:
        """Process id of a child, as it is now."""
        return int(json.loads((self.data / "stack.json").read_text())["children"][child]["pid"])

    def kill(self, child: str) -> int:
        """Ends a child with SIGKILL and gives the process id that it had."""
        pid = self.pid(child)
        os.kill(pid, signal.SIGKILL)
        return pid

    def back(self, child: str, before: int) -> bool:
        """Whether the supervisor has brought a child back that had another process id."""
        found = json.loads((self.data / "stack.json").read_text())["children"][child]
        return bool(found["pid"]) and found["pid"] != before


@contextmanager
def running(data: Path, **environment: str) -> Iterator[RunningStack]:
    """Starts a stack on free ports and stops it cleanly."""
    data.mkdir(parents=True, exist_ok=True)
    log = (data / "up.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "stack.cli.main", "up", "--json", "--ports", "auto", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, (data / "up.log").read_text()
        yield RunningStack(data, json.loads(line))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(60)
        finally:
            process.kill()
            process.stdout.close()
            log.close()
    assert code == 0, (data / "up.log").read_text()


def eventually(look: Callable[[], T | None], *, seconds: float = 60, every: float = 0.1) -> T:
    """What `look` finds as soon as it finds anything."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"nothing came of {look} within {seconds} s"
        time.sleep(every)
