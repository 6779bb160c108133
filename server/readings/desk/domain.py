"""Findings in the work queue, edits, and the values that edits change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.readings.domain import Int64s, Quality, Severity, State, UInt32s
from server.readings.ports import SeriesInfo
from server.readings.vee.corrections import Finding
from server.readings.vee.overlay import CHANGES

UInt8s = NDArray[np.uint8]
Bools = NDArray[np.bool_]


class QueueState(IntEnum):
    """Where a finding stands; the numbers of the wire."""

    OPEN = 1
    ASSIGNED = 2
    RESOLVED = 3
    ACCEPTED = 4
    DISMISSED = 5
    CLOSED = 6


SETTLED = frozenset({QueueState.RESOLVED, QueueState.ACCEPTED, QueueState.DISMISSED})


@dataclass(frozen=True, slots=True, order=True)
class FindingKey:
    """Names a finding."""

    series: int
    day: date
    rule: str

    @property
    def text(self) -> str:
        """As the history of changes names it."""
        return f"{self.series}/{self.day.isoformat()}/{self.rule}"


@dataclass(frozen=True, slots=True)
class Item:
    """What people said of a finding."""

    key: FindingKey
    state: QueueState
    finding_version: int
    assignee: str
    reason_code: str
    note: str
    update_time: datetime


@dataclass(frozen=True, slots=True)
class Queued:
    """A finding with where it stands."""

    finding: Finding
    key: FindingKey
    item: Item | None
    info: SeriesInfo | None

    @property
    def state(self) -> QueueState:
        """Derived: see :func:`state_of`."""
        return state_of(self.finding.cells > 0, self.finding.version, self.item)


def state_of(standing: bool, version: int, item: Item | None) -> QueueState:  # noqa: FBT001 - a fact of three
    """Where a finding stands: closed when no run finds it, open again when a run found it otherwise."""
    if not standing:
        return QueueState.CLOSED
    if item is None or (item.state in SETTLED and version > item.finding_version):
        return QueueState.OPEN
    return item.state


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which findings; what is empty does not matter. Milliseconds."""

    series: Sequence[int] = ()
    usage_point_id: UUID | None = None
    rule: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    states: frozenset[QueueState] = frozenset()
    severity: Severity | None = None
    assignee: str = ""
    commodity: str = ""


class EditKind(IntEnum):
    """What an edit does; the numbers of the wire."""

    SET = 1
    SCALE = 2
    COPY_DAY = 3
    VERIFY = 4
    ESTIMATE = 5
    REVERT = 6


class EditState(IntEnum):
    """Where an edit stands; the numbers of the wire."""

    PENDING_APPROVAL = 1
    APPLYING = 2
    APPLIED = 3
    REJECTED = 4
    REVERTED = 5


@dataclass(frozen=True, slots=True)
class Values:
    """Final values of one series in columns of equal length, in order of time."""

    ms: Int64s
    until: Int64s
    micro: Int64s
    """0 where the state is MISSING."""
    state: UInt8s
    quality: UInt32s
    method: UInt8s
    rule: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.ms)

    def taken(self, which: Bools | Int64s) -> "Values":
        """Some of them."""
        return Values(
            self.ms[which],
            self.until[which],
            self.micro[which],
            self.state[which],
            self.quality[which],
            self.method[which],
            self.rule[which],
        )

    def edited(
        self, micro: Int64s, *, method: int = 0, quality: Quality = Quality.PLAIN, rule: str = "EDIT"
    ) -> "Values":
        """The same intervals with other values, set by a person."""
        count = len(self)
        return replace(
            self,
            micro=micro,
            state=np.full(count, State.EDITED, np.uint8),
            quality=np.full(count, Quality.MANUALLY_EDITED | quality, np.uint32),
            method=np.full(count, method, np.uint8),
            rule=np.full(count, rule),
        )

    @property
    def missing(self) -> Bools:
        """Which have no value."""
        return np.asarray(self.state == State.MISSING)

    @property
    def total(self) -> int:
        """Their sum, in micro; what is missing counts as nothing."""
        return int(sum(self.micro[~self.missing].tolist()))

    def same(self, other: "Values") -> Bools:
        """Which are alike: value, state and quality."""
        return np.asarray(
            (self.micro == other.micro) & (self.state == other.state) & (self.quality == other.quality)
        )

    def changes(self, series: int) -> pa.Table:
        """As an overlay takes them."""
        columns = [
            np.full(len(self), series, np.uint64),
            self.ms,
            self.micro,
            self.state,
            self.quality,
            self.method,
        ]
        rule = pa.array(self.rule.tolist(), pa.string())
        return pa.Table.from_arrays([*(pa.array(one) for one in columns), rule], schema=CHANGES)


def no_values() -> Values:
    """None at all."""
    empty = np.empty(0, np.int64)
    return Values(
        empty,
        empty,
        empty,
        np.empty(0, np.uint8),
        np.empty(0, np.uint32),
        np.empty(0, np.uint8),
        np.empty(0, np.str_),
    )


@dataclass(frozen=True, slots=True)
class EditedSeries:
    """What an edit does to a series: the same intervals before and after."""

    series: int
    usage_point_id: UUID
    unit: str
    tz: str
    before: Values
    after: Values

    @property
    def first_ms(self) -> int:
        """Start of the first interval."""
        return int(self.before.ms.min())

    @property
    def until_ms(self) -> int:
        """End of the last interval."""
        return int(self.before.until.max())


@dataclass(frozen=True, slots=True)
class BilledDays:
    """Days that a bill was made of."""

    usage_point_id: str
    invoice_id: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit."""

    edit_id: UUID
    kind: EditKind
    state: EditState
    reason_code: str
    note: str
    description: str
    author: str
    create_time: datetime
    approver: str = ""
    decide_time: datetime | None = None
    decision_note: str = ""
    apply_time: datetime | None = None
    other_edit_id: UUID | None = None
    request_id: UUID | None = None
    value_count: int = 0
    accepted: tuple[tuple[FindingKey, int], ...] = ()
    """Findings that it settles, with the versions that were seen."""
    billed: tuple[BilledDays, ...] = ()
    series: tuple[EditedSeries, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SetTo:
    """Sets values: start of an interval and decimal text, in the order of the request."""

    series: int
    values: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Scales the values of ``[start_ms, end_ms)`` to a total."""

    series: int
    start_ms: int
    end_ms: int
    total: str
    only_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """Copies a local day."""

    series: int
    day: str
    source_day: str
    source_series: int = 0


@dataclass(frozen=True, slots=True)
class Verify:
    """Declares the values of ``[start_ms, end_ms)`` to be right."""

    series: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimates the values of ``[start_ms, end_ms)``."""

    series: int
    start_ms: int
    end_ms: int
    method: str
    parameters: Mapping[str, str]
    total: str = ""
    only_doubtful: bool = False


Operation = SetTo | Scale | Copy | Verify | Estimate
