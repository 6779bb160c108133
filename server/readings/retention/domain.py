"""Policies, holds and runs of retention."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

LEAST_DAYS = 31
"""Data are not deleted earlier: validation, estimation and late readings look back that far."""

RAW, FINAL, FRAMES, FINDINGS = "RAW", "FINAL", "FRAMES", "FINDINGS"
CLASSES = (RAW, FINAL, FRAMES, FINDINGS)

OPEN_STATES = ("PENDING", "RUNNING")


@dataclass(frozen=True, slots=True)
class Policy:
    """How long data of a class and commodity are kept."""

    data_class: str
    commodity: str
    """Empty: all commodities that have no policy of their own."""
    keep_days: int
    """0: for ever."""
    cold_after_days: int = 0
    """0: never."""
    update_time: datetime | None = None
    updated_by: str = ""


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies of a tenant."""

    rows: tuple[Policy, ...] = ()

    def keep_days(self, data_class: str, commodity: str) -> int:
        """For how long data are kept; 0: for ever."""
        found = self._of(data_class, commodity)
        return found.keep_days if found else 0

    def cold_after(self, data_class: str) -> int:
        """After how many days all data of a class may be cold; 0: some of them never."""
        mine = [one for one in self.rows if one.data_class == data_class]
        general = any(not one.commodity for one in mine)
        if not general or not all(one.cold_after_days for one in mine):
            return 0
        return max(one.cold_after_days for one in mine)

    def deletes(self, data_class: str) -> bool:
        """Whether anything of a class is ever deleted."""
        return any(one.keep_days for one in self.rows if one.data_class == data_class)

    def _of(self, data_class: str, commodity: str) -> Policy | None:
        named = {one.commodity: one for one in self.rows if one.data_class == data_class}
        return named.get(commodity, named.get(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """That nothing about something is deleted."""

    legal_hold_id: UUID
    usage_point_id: UUID | None
    meter_id: UUID | None
    reason: str
    end_time: datetime | None
    created_by: str
    create_time: datetime
    released_by: str = ""
    release_time: datetime | None = None

    def active(self, now: datetime) -> bool:
        """Whether it holds."""
        return self.release_time is None and (self.end_time is None or now < self.end_time)

    @property
    def of_tenant(self) -> bool:
        """Whether it is about everything."""
        return self.usage_point_id is None and self.meter_id is None


@dataclass(frozen=True, slots=True)
class Held:
    """What holds keep of a tenant."""

    everything: bool = False
    usage_point_ids: tuple[UUID, ...] = ()
    meter_ids: tuple[UUID, ...] = ()


def held_by(holds: list[LegalHold]) -> Held:
    """What active holds keep."""
    return Held(
        any(one.of_tenant for one in holds),
        tuple(one.usage_point_id for one in holds if one.usage_point_id is not None),
        tuple(one.meter_id for one in holds if one.meter_id is not None),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What a run did to one partition of one table."""

    table: str
    partition: str
    rows: int
    dropped: bool
    done: bool
    start_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of one tenant."""

    retention_run_id: UUID
    tenant_id: UUID
    state: str
    """PENDING, RUNNING, SUCCEEDED, FAILED or CANCELLED."""
    scheduled: bool
    reason: str
    steps_total: int
    steps_done: int
    deleted_rows: int
    error: str
    cancel_requested: bool
    create_time: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None
    steps: tuple[Step, ...] = field(default=())

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in OPEN_STATES


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of one table of a tenant."""

    data_class: str
    table: str
    expired: int
    held: int
    rows: int
    oldest: datetime | None
