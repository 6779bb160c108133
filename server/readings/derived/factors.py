"""Factors: values that hold for a time, and are corrected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.platform.resource_store import Stored

PLACES = 9
LARGEST = 10**9
"""Values are positive, smaller than this, with at most nine places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSet:
    """One kind of factor for one area, with its values beside it."""

    factor_set_id: UUID
    display_name: str
    description: str
    unit: str
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True)
class FactorValue:
    """A value as it was given."""

    version_id: int
    start: datetime
    end: datetime | None
    value: Decimal
    created_by: str
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A time in which a value holds."""

    start: datetime
    end: datetime | None
    value: Decimal
    version_id: int


def painted(values: Iterable[FactorValue]) -> list[Segment]:
    """What holds when: of two values for one time the later one counts. In order, without overlaps."""
    ordered = sorted(values, key=lambda one: one.version_id, reverse=True)
    edges = sorted({at for one in ordered for at in (one.start, one.end) if at is not None})
    place = {at: n for n, at in enumerate(edges)}
    # Newest first: what is taken is not painted over, and skipped in one step.
    owner: list[FactorValue | None] = [None] * len(edges)
    following = list(range(len(edges) + 1))

    def free(n: int) -> int:
        while following[n] != n:
            following[n] = following[following[n]]
            n = following[n]
        return n

    for one in ordered:
        stop = len(edges) if one.end is None else place[one.end]
        n = free(place[one.start])
        while n < stop:
            owner[n] = one
            following[n] = n + 1
            n = free(n + 1)
    found: list[Segment] = []
    for n, held in enumerate(owner):
        if held is None:
            continue
        end = edges[n + 1] if n + 1 < len(edges) else None
        if found and found[-1].version_id == held.version_id and found[-1].end == edges[n]:
            found[-1] = Segment(found[-1].start, end, held.value, held.version_id)
        else:
            found.append(Segment(edges[n], end, held.value, held.version_id))
    return found
