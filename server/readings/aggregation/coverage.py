"""How complete readings are: by parts of a tree, by day, by usage point."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np

from server.readings.aggregation.app import Aggregation, Question, check_period, spans_of
from server.readings.aggregation.domain import AMOUNTS, CHILD, NONE, Plan, counted, planned
from server.readings.aggregation.sums import Spans, Summing, Sums
from server.readings.calendar import from_ms, to_ms
from server.readings.domain import Int64s
from server.readings.ports import Membership
from server.readings.queries.seen import Views
from server.readings.queries.spans import DAY, starts_of

LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of intervals."""

    series: int
    due: int
    """That should be there by now."""
    received: int
    estimated: int
    edited: int
    missing: int

    @property
    def received_percent(self) -> float:
        """Share of what should be there that meters gave."""
        return _percent(self.received, self.due)

    @property
    def percent(self) -> float:
        """Share of what should be there that has a value."""
        return _percent(self.due - self.missing, self.due)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer."""

    tz: str
    total: Coverage
    groups: tuple[tuple[str, Coverage], ...]
    """By group, in order."""
    days: tuple[tuple[int, int, Coverage], ...]
    """By local day: begin and end in milliseconds."""
    worst: tuple[tuple[UUID, Coverage], ...]
    """Usage points, the worst first."""


class CoverageReports:
    """Counts."""

    def __init__(
        self,
        aggregation: Aggregation,
        membership: Membership,
        summing: Summing,
        views: Views,
        clock: Callable[[], datetime],
    ) -> None:
        self._aggregation = aggregation
        self._membership = membership
        self._summing = summing
        self._views = views
        self._clock = clock

    async def of(
        self, tenant_id: UUID, asked: Question, usage_point_ids: Sequence[UUID] | None, worst: int
    ) -> Report:
        """Of a node or a tree (``asked``), or of some usage points; see :meth:`Aggregation.members`."""
        check_period(asked.start_ms, asked.end_ms, LONGEST_DAYS)
        if usage_point_ids is None:
            members = await self._aggregation.members(tenant_id, asked)
        else:
            members = await self._membership.of_points(
                tenant_id,
                usage_point_ids,
                from_ms(asked.start_ms),
                from_ms(asked.end_ms),
                asked.quantities or AMOUNTS,
            )
        watermark, now_ms = await self._views.watermark(), to_ms(self._clock())
        grouping = CHILD if usage_point_ids is None else NONE
        plan = planned(members, grouping, "")
        whole = spans_of(asked, plan)
        sums = await self._summing.of(tenant_id, plan, whole, watermark, now_ms)
        by_group = _by(sums, [key.group for key in plan.keys])
        flat = planned(members, NONE, "")
        daily = _days(whole)
        by_day = await self._summing.of(tenant_id, flat, daily, watermark, now_ms)
        bad: tuple[tuple[UUID, Coverage], ...] = ()
        if worst:
            points = plan.by_usage_point()
            found = await self._summing.of(tenant_id, points, whole, watermark, now_ms)
            bad = _worst(points, found, worst)
        total = _coverage(sums, np.arange(len(plan.keys)), 0)
        # A series that moved is in several groups, and yet one.
        total = replace(total, series=int(counted(flat, whole.edges).sum()))
        return Report(
            whole.zone,
            total,
            tuple(sorted(by_group.items())) if grouping == CHILD else (),
            tuple(
                (int(low), int(high), _coverage(by_day, np.arange(len(flat.keys)), place))
                for place, (low, high) in enumerate(zip(daily.edges[:-1], daily.edges[1:], strict=True))
            ),
            bad,
        )


def _days(whole: Spans) -> Spans:
    start, end = int(whole.edges[0]), int(whole.edges[-1])
    days = starts_of(DAY, whole.zone, start, end)
    return Spans(np.concatenate(([start], days[days > start], [end])), whole.zone, of_days=True)


def _by(sums: Sums, names: Sequence[str]) -> dict[str, Coverage]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    return {name: _coverage(sums, np.array(mine), 0) for name, mine in places.items()}


def _coverage(sums: Sums, places: Int64s, span: int) -> Coverage:
    valid, suspect, estimated, edited = (int(one) for one in sums.counts[:, places, span].sum(axis=1))
    missing = int(sums.missing[places, span].sum())
    received = valid + suspect
    return Coverage(
        int(sums.series[places, span].sum()),
        received + estimated + edited + missing,
        received,
        estimated,
        edited,
        missing,
    )


def _worst(plan: Plan, sums: Sums, most: int) -> tuple[tuple[UUID, Coverage], ...]:
    """Usage points by the share that was received, the smallest first; then by what is not there."""
    having = sums.counts[:, :, 0]
    received = having[0] + having[1]
    due = having.sum(axis=0) + sums.missing[:, 0]
    share = np.where(due > 0, received / np.maximum(due, 1), 1.0)
    order = np.lexsort((np.arange(len(share)), received - due, share))
    order = order[(due > received)[order]][:most]
    return tuple(
        (UUID(plan.keys[place].group), _coverage(sums, np.array([place]), 0)) for place in order.tolist()
    )


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0
