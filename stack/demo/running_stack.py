"""A stack of the demo's own: started on free ports, stopped at the end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_STOP_SECONDS = 60


class StackDidNotStart(RuntimeError):
    """`simba up` ended before it was up; the message holds what it said last."""


@contextmanager
def running_stack(data: Path) -> Iterator[dict[str, Any]]:
    """Runs `simba up` on `data` and gives its endpoints. Raises StackDidNotStart."""
    data.mkdir(parents=True, exist_ok=True)
    said = (data / "up.log").open("w+")
    command = [sys.executable, "-m", "stack.cli.main", "up", "--json", "--ports", "auto", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                process.wait()
                raise StackDidNotStart((data / "up.log").read_text()[-2000:])
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            said.close()
