"""The addresses of a stack: what is promised to callers, and how they are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stack.supervisor.ports import Ports, is_free

#: Names of the promised ports in the file of ports, and the ports themselves unless others are asked for.
FIXED: Final = {"grpc": 50051, "rest": 8080, "rest_tls": 8443, "mqtt": 1883}


class PortTakenError(RuntimeError):
    """A port that was asked for belongs to another program."""


@dataclass(frozen=True, slots=True)
class PublicPorts:
    """The ports that callers from outside use."""

    grpc: int
    rest: int
    rest_tls: int
    mqtt: int


def public_ports(ports: Ports, *, automatic: bool, host: str) -> PublicPorts:
    """The fixed ports, or free ones where `automatic`. Raises `PortTakenError` naming the taken ones."""
    if automatic:
        return PublicPorts(**{name: ports.of(name) for name in FIXED})
    taken = [f"{port} ({name})" for name, port in FIXED.items() if not is_free(port, host)]
    if taken:
        raise PortTakenError(
            f"port {', '.join(taken)} is in use by another program; stop that, or use --ports auto"
        )
    return PublicPorts(**FIXED)
