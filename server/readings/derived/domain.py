"""Derived series, their versions, and what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

from server.platform.resource_store import Stored

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on a first version holds that says nothing else."""


class Missing(IntEnum):
    """What becomes of a value of which an input is missing; numbers are those of the wire."""

    PROPAGATE = 1
    ZERO = 2


class Source(IntEnum):
    """What an input is."""

    SERIES = 1
    NODE = 2
    DERIVED = 3
    FACTORS = 4
    CONSTANT = 5


MEASURED = (Source.SERIES, Source.NODE, Source.DERIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One name of a formula."""

    name: str
    source: Source
    series: tuple[int, ...] = ()
    """SERIES: added up."""
    node_id: UUID | None = None
    """NODE: all series of ``quantity`` at the usage points that are in it when it is read, added up."""
    quantity: str = ""
    derived_series_id: UUID | None = None
    factor_set_id: UUID | None = None
    value: Decimal | None = None
    """CONSTANT."""
    unit: str = ""
    """CONSTANT: its unit, or the rate that it is."""
    missing: Missing = Missing.PROPAGATE


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says."""

    formula: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedSeries:
    """A derived series with its newest version."""

    derived_series_id: UUID
    display_name: str
    description: str
    unit: str
    interval_seconds: int
    """0, before it is stored: the longest of its inputs."""
    time_zone: str
    """Empty, before it is stored: that of its inputs."""
    content: Content
    number: int = 1
    version_id: int = 0
    effective_from: datetime = ALWAYS
    created_by: str = ""
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a derived series; it never changes."""

    version_id: int
    derived_series_id: UUID
    number: int
    effective_from: datetime
    content: Content
    created_by: str
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """That a version holds for the intervals that begin in a time; None: without end."""

    version: Version
    start: datetime
    end: datetime | None


def spans(versions: Sequence[Version]) -> list[Span]:
    """When each version holds: from where it begins, until where a later one does."""
    found: list[Span] = []
    for one in sorted(versions, key=lambda version: version.number):
        # A newer version that begins earlier takes the place of those before it.
        found = [span for span in found if span.start < one.effective_from]
        if found:
            found[-1] = Span(found[-1].version, found[-1].start, one.effective_from)
        found.append(Span(one, one.effective_from, None))
    return found
