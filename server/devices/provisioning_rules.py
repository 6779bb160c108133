"""What the network server is to know of a device, how far that is, and when it is tried again: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

PROVISIONING, ACTIVE, FAILED, REMOVING, REMOVED = (
    "PROVISIONING",
    "ACTIVE",
    "FAILED",
    "REMOVING",
    "REMOVED",
)
UNDER_WAY = frozenset({PROVISIONING, REMOVING})
"""States in which something is to be done."""

_FIRST_SILENCE = timedelta(seconds=30)
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)
_LONGEST_SILENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A device as its network server must know it; its keys stay where keys are kept."""

    device_id: UUID
    kind: str
    """METER, PULSE_MODULE or GATEWAY."""
    address: str
    """DevEUI or gateway EUI."""
    adapter: str = "chirpstack"
    device_model_id: UUID | None = None
    display_name: str = ""
    join_eui: str = ""
    latitude: float | None = None
    longitude: float | None = None
    stats_interval_seconds: int | None = None
    suspended: bool = False

    @property
    def desired(self) -> dict[str, Any]:
        """All but ids and address, as it is stored; what is not set is left out."""
        given = {
            "display_name": self.display_name,
            "join_eui": self.join_eui,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "stats_interval_seconds": self.stats_interval_seconds,
            "suspended": self.suspended or None,
        }
        return {name: value for name, value in given.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done for one device, as stored."""

    provisioning_task_id: UUID
    device_id: UUID
    kind: str
    adapter: str
    address: str
    former_addresses: tuple[str, ...]
    """Addresses that it had since it was last settled: nothing of it may stay there."""
    device_model_id: UUID | None
    present: bool
    desired: Mapping[str, Any]
    generation: int
    state: str
    step: str = ""
    reason: str = ""
    description: str = ""
    attempts: int = 0
    next_attempt_time: datetime | None = None
    update_time: datetime
    network_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an adapter says of a task."""

    generation: int
    state: str
    step: str = ""
    reason: str = ""
    description: str = ""
    retriable: bool = False
    network_ids: Mapping[str, str] = field(default_factory=dict)


def under_way(*, present: bool) -> str:
    """The state of a device for which something is to be done."""
    return PROVISIONING if present else REMOVING


def settled(*, present: bool) -> str:
    """The state of a device once all is done."""
    return ACTIVE if present else REMOVED


def wait(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed: longer and longer, ten minutes at most."""
    return min(_FIRST_WAIT * (1 << min(max(attempts - 1, 0), 16)), _LONGEST_WAIT)


def silence(lease: timedelta, told: int) -> timedelta:
    """How long an adapter that was told so often may say nothing before it is told again."""
    return min(lease * (1 << min(told, 12)), max(_LONGEST_SILENCE, lease))


def after(task: Task, report: Report, now: datetime, lease: timedelta) -> dict[str, Any] | None:
    """The columns that a report changes; None: it changes nothing.

    A report on another generation than the present one is of a past that counts no more. If that past was
    done after the present (two adapters at once), the present is done again.
    """
    if report.generation != task.generation:
        late = report.state in {ACTIVE, REMOVED} and task.state not in UNDER_WAY | {FAILED}
        return again(now, present=task.present) if late else None
    if task.state not in UNDER_WAY:
        return None
    said = {
        "step": report.step or task.step,
        "network_ids": {**task.network_ids, **report.network_ids},
        "told": 0,
        "update_time": now,
    }
    if report.state == settled(present=task.present):
        return {
            **said,
            "state": report.state,
            "step": report.step or "done",
            "reason": "",
            "description": "",
            "former_addresses": [],
            "next_attempt_time": None,
        }
    if report.state == FAILED:
        return {
            **said,
            "state": task.state if report.retriable else FAILED,
            "reason": report.reason or "PROVISIONING_FAILED",
            "description": report.description,
            "next_attempt_time": now + wait(task.attempts) if report.retriable else None,
        }
    return {**said, "next_attempt_time": now + lease}


def again(now: datetime, *, present: bool) -> dict[str, Any]:
    """The columns of a task that is begun anew, and of which the adapter is told right now."""
    return {
        "state": under_way(present=present),
        "step": "",
        "reason": "",
        "description": "",
        "attempts": 0,
        "told": 0,
        "next_attempt_time": now + _FIRST_SILENCE,
        "update_time": now,
    }
