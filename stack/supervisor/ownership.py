"""One stack, one data directory: the lock, the state file, and what a killed stack has left behind."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import psutil

from stack.supervisor.process import kill_all


class StackRunningError(RuntimeError):
    """A stack runs on the directory already; the text names its process and its endpoints."""


class Ownership:
    """The directory of a stack, owned until `release` or the end of the process, however that comes.

    The lock is the operating system's and goes with the process. The state file `stack.json` (mode 0600)
    names the process, the endpoints and the children with their pids.
    """

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._state_file = data / "stack.json"
        self._lock = os.open(data / "stack.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise StackRunningError(self._already(data)) from None
        self._end_leftovers()

    def write(self, state: dict[str, Any]) -> None:
        """Replaces the state file as a whole, so that readers never see half of one."""
        fresh = self._state_file.with_suffix(".tmp")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump({"pid": os.getpid(), **state}, out, indent=2)
        fresh.replace(self._state_file)

    def release(self) -> None:
        """Gives the directory up and removes the state file."""
        self._state_file.unlink(missing_ok=True)
        os.close(self._lock)

    def _already(self, data: Path) -> str:
        state = read_state(data)
        endpoints = ", ".join(f"{name} {where}" for name, where in state.get("endpoints", {}).items())
        return (
            f"a stack runs on {data} already, process {state.get('pid', 'unknown')}"
            f"{f', serving {endpoints}' if endpoints else ''}; stop it first, or choose another --data"
        )

    def _end_leftovers(self) -> None:
        """Ends the children of a killed stack, recognised by pid and time of birth together."""
        left = []
        for child in read_state(self._state_file.parent).get("children", {}).values():
            try:
                process = psutil.Process(child["pid"] or -1)
                if abs(process.create_time() - child["created"]) < 1.0:
                    left += [process, *process.children(recursive=True)]
            except (psutil.NoSuchProcess, ValueError):
                continue
        for process in left:
            try:
                process.terminate()
            except psutil.NoSuchProcess:
                continue
        _, stubborn = psutil.wait_procs(left, timeout=10)
        kill_all(stubborn)
        psutil.wait_procs(stubborn, timeout=5)


def read_state(data: Path) -> dict[str, Any]:
    """The state file of a directory; empty where there is none or it cannot be read."""
    try:
        state = json.loads((data / "stack.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
