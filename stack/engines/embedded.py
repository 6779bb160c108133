"""The four engines of one data directory together: their secrets, ports and addresses."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack.engines.broker import Broker
from stack.engines.clickhouse import ClickHouse
from stack.engines.postgres import Postgres
from stack.engines.valkey import Valkey
from stack.supervisor.child import Child
from stack.supervisor.ports import Ports


@dataclass(frozen=True, slots=True)
class Engines:
    """PostgreSQL, Valkey, ClickHouse and the MQTT broker of one directory."""

    postgres: Postgres
    valkey: Valkey
    clickhouse: ClickHouse
    broker: Broker

    def prepare(self) -> None:
        """Makes what is missing of the data directories."""
        self.postgres.prepare()
        self.valkey.prepare()
        self.clickhouse.prepare()
        self.broker.prepare()

    def children(self) -> Sequence[Child]:
        """The four processes; none needs another."""
        return [self.postgres.child(), self.valkey.child(), self.clickhouse.child(), self.broker.child()]


def engines_of(
    data: Path,
    *,
    mqtt_port: int | None = None,
    postgres_settings: Mapping[str, str] | None = None,
    memory_limit: int = 0,
) -> Engines:
    """The engines of a data directory, with the passwords and, where they are free, the ports it had before.

    The passwords are made once and kept in ``secrets.json`` (mode 0600). `mqtt_port` fixes the broker's port.
    """
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    passwords = _passwords(data / "secrets.json")
    ports = Ports(data / "ports.json")
    return Engines(
        Postgres(data / "postgres", ports.of("postgres"), passwords["postgres"], postgres_settings or {}),
        Valkey(data / "valkey", ports.of("valkey"), passwords["valkey"]),
        ClickHouse(data / "clickhouse", ports.of("clickhouse"), passwords["clickhouse"], memory_limit),
        Broker(data / "broker", mqtt_port or ports.of("mqtt"), ports.of("mqtt_v5"), passwords["broker"]),
    )


def _passwords(file: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = {"postgres", "valkey", "clickhouse", "broker"} - known.keys()
    if missing:
        known |= {name: secrets.token_urlsafe(24).replace("-", "x") for name in missing}
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(known, out)
    return known
