"""Accepting findings: which values of theirs are declared to be right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

import numpy as np

from server.readings.desk.domain import Bools, EditedSeries, EditKind, Queued, Values
from server.readings.desk.operations import MOST_VALUES, doubtful, verified
from server.readings.desk.planning import Plan
from server.readings.desk.values import PresentValues

_SERIES_AT_ONCE = 500


@dataclass(slots=True)
class Acceptance:
    """Findings that are accepted together, by one edit."""

    plan: Plan | None
    """None: their values are trusted already."""
    findings: list[Queued] = field(default_factory=list)
    empty: list[Queued] = field(default_factory=list)
    """Those of which everything is missing."""


class Accepting:
    """Makes the plans."""

    def __init__(self, values: PresentValues) -> None:
        self._values = values

    async def of(self, tenant_id: UUID, findings: Sequence[Queued]) -> list[Acceptance]:
        """Plans of at most :data:`MOST_VALUES` values each, as far as one series has no more."""
        made: list[Acceptance] = []
        rest = Acceptance(None)
        ordered = sorted(findings, key=lambda one: (one.key.day, one.key.series, one.key.rule))
        for _, of_day in groupby(ordered, key=lambda one: one.key.day):
            today = list(of_day)
            for place in range(0, len(today), _SERIES_AT_ONCE):
                piece = today[place : place + _SERIES_AT_ONCE]
                made += _planned(piece, await self._present(tenant_id, piece), rest)
        return [*made, rest] if rest.findings or rest.empty else made

    async def _present(self, tenant_id: UUID, findings: Sequence[Queued]) -> Mapping[int, Values]:
        return await self._values.of(
            tenant_id,
            sorted({one.key.series for one in findings}),
            min(one.finding.first for one in findings),
            max(one.finding.until for one in findings),
        )


def _planned(findings: Sequence[Queued], present: Mapping[int, Values], rest: Acceptance) -> list[Acceptance]:
    """The plans of findings of one day; those that need none are added to ``rest``."""
    chosen: dict[int, Bools] = {}
    of_series: dict[int, list[Queued]] = {}
    for one in findings:
        values = present.get(one.key.series)
        if values is None:
            rest.empty.append(one)
            continue
        mine = _concerned(values, one)
        if not mine.any():
            (rest.empty if _missing(values, one).any() else rest.findings).append(one)
            continue
        series = one.key.series
        chosen[series] = chosen[series] | mine if series in chosen else mine
        of_series.setdefault(series, []).append(one)
    parts = []
    for series, which in chosen.items():
        first = of_series[series][0]
        unit, tz = (first.info.unit, first.info.tz) if first.info is not None else ("", "UTC")
        kept = present[series].taken(which)
        point = first.finding.usage_point_id
        parts.append(EditedSeries(series, point, unit, tz, kept, verified(kept)))
    return _together(parts, [one for found in of_series.values() for one in found])


def _inside(values: Values, one: Queued) -> Bools:
    return np.asarray((values.ms >= one.finding.first) & (values.ms < one.finding.until))


def _concerned(values: Values, one: Queued) -> Bools:
    """The values that are in doubt because of the finding and of no other one."""
    mine = _inside(values, one) & (values.rule == one.key.rule)
    return np.asarray(mine & doubtful(values) & ~values.missing)


def _missing(values: Values, one: Queued) -> Bools:
    return np.asarray(_inside(values, one) & (values.rule == one.key.rule) & values.missing)


def _together(parts: Sequence[EditedSeries], taken: Sequence[Queued]) -> list[Acceptance]:
    """Series in portions of as many values as one edit may change."""
    made: list[Acceptance] = []
    portion: list[EditedSeries] = []
    size = 0
    for part in parts:
        if portion and size + len(part.before) > MOST_VALUES:
            made.append(_acceptance(portion, taken))
            portion, size = [], 0
        portion.append(part)
        size += len(part.before)
    if portion:
        made.append(_acceptance(portion, taken))
    return made


def _acceptance(portion: Sequence[EditedSeries], taken: Sequence[Queued]) -> Acceptance:
    numbers = {part.series for part in portion}
    mine = [one for one in taken if one.key.series in numbers]
    count = sum(len(part.before) for part in portion)
    told = f"{count} interval{'s' if count != 1 else ''} of {len(mine)} findings accepted"
    return Acceptance(Plan(EditKind.VERIFY, told, tuple(portion)), mine)
