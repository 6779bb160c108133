"""Billing runs: one period's invoices for many accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.billing.period import Period

AGREEMENTS_A_SHARD = 2000
"""Large enough that queries and COPY are cheap per bill, small enough that a lost shard costs seconds."""


class RunState(StrEnum):
    """Where a run stands."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    """Over; single agreements may have failed, see the exceptions."""
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def over(self) -> bool:
        """Whether nothing happens any more."""
        return self not in (RunState.PENDING, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run or a shard has done."""

    agreements: int = 0
    """Agreements in all."""
    done: int = 0
    """Agreements dealt with: billed, billed before, or failed."""
    invoices: int = 0
    exceptions: int = 0
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    """Sums of the invoices by currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A billing run."""

    billing_run_id: UUID
    days: Period
    account_ids: tuple[UUID, ...] = ()
    """Only these accounts; empty: all."""
    dry_run: bool = False
    as_of: datetime | None = None
    snapshot: int | None = None
    """Version of the measurements; None until the run has begun."""
    state: RunState = RunState.PENDING
    shard_count: int = 0
    error: str = ""
    created_by: str = ""
    create_time: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None
    counts: Counts = field(default_factory=Counts)

    def rate(self, now: datetime) -> float:
        """Agreements a second since the start; 0 before."""
        if self.start_time is None:
            return 0.0
        seconds = ((self.end_time or now) - self.start_time).total_seconds()
        return self.counts.done / seconds if seconds > 0 else 0.0

    def estimated_end(self, now: datetime) -> datetime | None:
        """When it will be over at the present rate; None where nobody can say."""
        rate = self.rate(now)
        if self.state is not RunState.RUNNING or not rate:
            return None
        return now + timedelta(seconds=(self.counts.agreements - self.counts.done) / rate)


@dataclass(frozen=True, slots=True)
class Shard:
    """The part of a run that one job does: accounts from the first to the last one, both inside."""

    number: int
    first_account: UUID
    last_account: UUID
    finished: bool


@dataclass(frozen=True, slots=True)
class BillingException:
    """Why an agreement could not be billed."""

    agreement_id: UUID
    account_id: UUID
    usage_point_id: UUID
    reason: str
    """Name of a ``simba.common.v1.ErrorReason`` without its prefix."""
    description: str
