"""ClickHouse: chDB in a process of its own behind ClickHouse's HTTP interface (`stack.clickhouse`)."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from stack.engines.probes import http_ok
from stack.supervisor.child import Child

USER: Final = "simba"


@dataclass(frozen=True, slots=True)
class ClickHouse:
    """One server on one directory."""

    data: Path
    port: int
    password: str
    memory_limit: int = 0
    """Bytes for queries and caches; 0 for ClickHouse's default, nine tenths of the machine."""

    def url(self, database: str = "default") -> str:
        """The URL of a database, as clickhouse-connect takes it for its `dsn`."""
        return f"http://{USER}:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the directory."""
        self.data.mkdir(parents=True, exist_ok=True)

    def child(self) -> Child:
        """The server process."""
        return Child(
            name="clickhouse",
            command=[
                sys.executable, "-m", "stack.clickhouse", "--data", str(self.data), "--port", str(self.port),
                "--log-file", str(self.data / "engine.log"), "--memory-limit", str(self.memory_limit),
            ],
            healthy=self.healthy,
            env={"SIMBA_CLICKHOUSE_USERS": json.dumps({USER: self.password})},
            stop_seconds=30.0,
        )  # fmt: skip

    async def healthy(self, _pid: int = 0) -> bool:
        """Whether the server answers."""
        return await http_ok(self.port, "/ping")
