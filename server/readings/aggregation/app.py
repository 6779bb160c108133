"""Use cases: sums over the trees, and how complete readings are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from server.platform.errors import InvalidField
from server.readings.aggregation.domain import AMOUNTS, NONE, Key, Plan, planned
from server.readings.aggregation.sums import Spans, Summing, Sums
from server.readings.calendar import from_ms, to_ms
from server.readings.domain import Int64s, State
from server.readings.errors import NodeNotFound
from server.readings.ports import Members, Membership
from server.readings.queries.seen import Views
from server.readings.queries.spans import HOUR, NATIVE, OF_DAYS, starts_of

WHOLE = ""
"""Resolution of one span for the whole period."""
_DAY_MS = 86_400_000
LONGEST_DAYS = {NATIVE: 400, HOUR: 400}
LONGEST = 3700
_CELLS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What sums are wanted. Times in milliseconds, half-open."""

    node_id: UUID | None
    hierarchy: str
    """PLACE or GRID; with a node it may be empty."""
    start_ms: int
    end_ms: int
    resolution: str = WHOLE
    tz: str = ""
    quantities: tuple[str, ...] = ()
    grouping: str = NONE
    phases: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """The sum of one quantity in one group and span."""

    key: Key
    micro: int | None
    series: int
    expected: int
    valid: int
    suspect: int
    estimated: int
    edited: int
    missing: int
    quality: int

    @property
    def received(self) -> int:
        """Intervals that meters gave."""
        return self.valid + self.suspect

    @property
    def state(self) -> int:
        """The worst within; 0: there is nothing."""
        counts = {
            State.MISSING: self.missing,
            State.SUSPECT: self.suspect,
            State.ESTIMATED: self.estimated,
            State.EDITED: self.edited,
            State.VALIDATED: self.valid,
        }
        return next((int(state) for state, count in counts.items() if count), 0)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One group and span."""

    group: str
    start_ms: int
    end_ms: int
    values: tuple[Value, ...]

    @property
    def place(self) -> tuple[int, str]:
        """Its place in the order of an answer."""
        return self.start_ms, self.group


class Aggregation:
    """Sums over the trees."""

    def __init__(
        self, membership: Membership, summing: Summing, views: Views, clock: Callable[[], datetime]
    ) -> None:
        self._membership = membership
        self._summing = summing
        self._views = views
        self._clock = clock

    async def page(
        self, tenant_id: UUID, asked: Question, *, after: tuple[int, str] | None, limit: int
    ) -> tuple[list[Aggregate], str]:
        """Sums in order of time and groups, from behind ``after`` on; and their zone.

        Raises NodeNotFound, and InvalidField for a node of the other tree or a period that is too long.
        """
        check_period(asked.start_ms, asked.end_ms, LONGEST_DAYS.get(asked.resolution, LONGEST))
        members = await self.members(tenant_id, asked)
        plan = planned(members, asked.grouping, asked.phases)
        spans = spans_of(asked, plan)
        watermark = await self._views.watermark(asked.as_of)
        first = 0
        if after is not None:
            first = max(int(np.searchsorted(spans.edges, after[0], side="right")) - 1, 0)
        found: list[Aggregate] = []
        many = max(_CELLS_AT_ONCE // max(len(plan.keys), 1), 1)
        groups = max(len({key.group for key in plan.keys}), 1)
        while first < len(spans) and len(found) < limit and plan.keys:
            # No more spans than the page can take, as far as one can tell.
            last = min(first + min(many, -(-(limit - len(found)) // groups) + 1), len(spans))
            part = spans.part(first, last)
            sums = await self._summing.of(tenant_id, plan, part, watermark, to_ms(self._clock()))
            found += [one for one in aggregates(plan, part, sums) if after is None or one.place > after]
            first = last
        return found[:limit], spans.zone

    async def members(self, tenant_id: UUID, asked: Question) -> Members:
        """Who belongs to what is asked for."""
        hierarchy = asked.hierarchy
        if asked.node_id is not None:
            found = await self._membership.hierarchy_of(tenant_id, asked.node_id)
            if found is None:
                raise NodeNotFound(asked.node_id)
            if hierarchy and hierarchy != found:
                what = f"node {asked.node_id} is of the hierarchy {found}, not {hierarchy}"
                raise InvalidField("hierarchy", what, "node.hierarchy")
            hierarchy = found
        if not hierarchy:
            raise InvalidField("node_id", "is needed, or hierarchy", "aggregate.subject")
        return await self._membership.of_tree(
            tenant_id,
            hierarchy,
            asked.node_id,
            from_ms(asked.start_ms),
            from_ms(asked.end_ms),
            asked.quantities or AMOUNTS,
        )


def check_period(start_ms: int, end_ms: int, days: int) -> None:
    """Raises InvalidField for one that is empty or too long."""
    if end_ms <= start_ms:
        raise InvalidField("end_time", f"{from_ms(end_ms)} is not after {from_ms(start_ms)}", "period.order")
    if end_ms - start_ms > days * _DAY_MS:
        raise InvalidField("end_time", f"more than {days} days after start_time", "period.length")


def spans_of(asked: Question, plan: Plan) -> Spans:
    """The spans of an answer."""
    zone, start, end = asked.tz or plan.usual_zone, asked.start_ms, asked.end_ms
    inner: Int64s
    if asked.resolution == WHOLE:
        inner = np.array([start], np.int64)
    elif asked.resolution == NATIVE:
        step = plan.longest_ms
        inner = np.arange(start // step * step, end, step, dtype=np.int64)
    else:
        inner = starts_of(asked.resolution, zone, start, end)
    inner = np.append(start, inner[inner > start])
    edges = np.append(inner, end).astype(np.int64)
    return Spans(edges, zone, asked.resolution in {WHOLE, *OF_DAYS})


def aggregates(plan: Plan, spans: Spans, sums: Sums) -> list[Aggregate]:
    """Sums as rows: in order of time and groups; groups with nothing in them are left out."""
    groups: dict[str, list[int]] = {}
    for place, key in enumerate(plan.keys):
        groups.setdefault(key.group, []).append(place)
    having = sums.having
    there = (sums.expected > 0) | (having > 0)
    found = []
    for span in range(len(spans)):
        for group, places in groups.items():
            values = tuple(
                _value(plan.keys[place], sums, place, span) for place in places if there[place, span]
            )
            if values:
                found.append(Aggregate(group, int(spans.edges[span]), int(spans.edges[span + 1]), values))
    return found


def _value(key: Key, sums: Sums, place: int, span: int) -> Value:
    valid, suspect, estimated, edited = (int(one) for one in sums.counts[:, place, span])
    has = valid + suspect + estimated + edited
    return Value(
        key,
        int(sums.micro[place, span]) if has else None,
        int(sums.series[place, span]),
        int(sums.expected[place, span]),
        valid,
        suspect,
        estimated,
        edited,
        int(sums.missing[place, span]),
        int(sums.quality[place, span]),
    )
