"""Ports on the loopback: free ones, and the same ones again after a restart."""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path
from typing import Final

#: Below the range from which the kernel takes ports for outgoing connections, so that none of those sits on
#: one.
_RANGE: Final = range(20000, 32000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens on a port."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def free_port(taken: set[int] | None = None) -> int:
    """A free port that is not in `taken`. Raises OSError when there is none."""
    for port in random.SystemRandom().sample(_RANGE, 400):
        if port not in (taken or ()) and is_free(port):
            return port
    raise OSError("no free port between 20000 and 32000")


class Ports:
    """The ports of one data directory, kept in a file.

    A restarted stack comes back at the same addresses if it can.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def of(self, name: str) -> int:
        """The port of a name: the one it had before if that is still free, else a free one."""
        port = self._ports.get(name)
        if port is None or not is_free(port):
            port = free_port(set(self._ports.values()))
        self._ports[name] = port
        self._file.write_text(json.dumps(self._ports))
        return port
