"""Where things are in the data directory of a stack."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one data directory."""

    data: Path

    @property
    def api_key(self) -> Path:
        """The administrator's key (mode 0600)."""
        return self.data / "api_key"

    @property
    def secrets_key(self) -> Path:
        """The key that seals secrets of devices (mode 0600); without it they are lost."""
        return self.data / "secrets_key"

    @property
    def log(self) -> Path:
        """The logs, a file a process."""
        return self.data / "log"

    @property
    def tls(self) -> Path:
        """The development CA and the edge's certificate."""
        return self.data / "tls"

    @property
    def run(self) -> Path:
        """What lives as long as one run: configurations, signs of readiness."""
        return self.data / "run"

    def adapter_key(self, name: str) -> Path:
        """An adapter's key (mode 0600)."""
        return self.data / "keys" / name

    def ready(self, name: str) -> Path:
        """The file into which a process without a port writes its pid when it is ready."""
        return self.run / f"{name}.ready"


def write_secret(file: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    fresh.replace(file)
