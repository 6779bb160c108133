"""What a child process is: its command, its health, its end."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stack.supervisor.privileges import Account

Probe = Callable[[int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Child:
    """One process that the supervisor starts, watches and stops."""

    name: str
    """Short and unique; the log is ``log/<name>.log``."""
    command: Sequence[str]
    healthy: Probe
    """Whether the process of a pid does its work; asked often at the start and every ten seconds later."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the supervisor's environment; the place for secrets, as a command line is public."""
    needs: Sequence[str] = ()
    """Names of children that must be healthy first."""
    stop_signal: signal.Signals = signal.SIGTERM
    """What ends the process cleanly; also sent by the kernel when the supervisor dies."""
    stop_seconds: float = 20.0
    """How long a clean end may take before SIGKILL."""
    start_seconds: float = 60.0
    """How long the first start may take before it counts as failed."""
    account: Account | None = None
    """Whom to run as; None for whoever runs the supervisor."""
