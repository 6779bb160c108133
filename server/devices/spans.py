"""What holds for a while: spans of time that follow each other, each with a value. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Span(Generic[T]):
    """That a value holds for a while: half-open in time."""

    value: T
    start: datetime | None = None
    """None: since always."""
    end: datetime | None = None
    """None: it lasts."""

    def holds_at(self, time: datetime) -> bool:
        """Whether it holds at the instant."""
        return (self.start is None or self.start <= time) and (self.end is None or time < self.end)

    @property
    def text(self) -> str:
        """The time as PostgreSQL writes a range."""
        start = self.start.isoformat() if self.start else ""
        end = self.end.isoformat() if self.end else ""
        return f"[{start},{end})"


def changed(spans: Sequence[Span[T]], time: datetime, value: T) -> list[Span[T]]:
    """The spans once another value holds from an instant on, until the next change that is known.

    A change at the very instant of a known one takes its place. Neighbours of one value become one. The
    instant must be within the spans; see :func:`span_at`.
    """
    cut: list[Span[T]] = []
    for one in spans:
        if not one.holds_at(time):
            cut.append(one)
            continue
        if one.start != time:
            cut.append(Span(one.value, one.start, time))
        cut.append(Span(value, time, one.end))
    joined: list[Span[T]] = []
    for one in cut:
        if joined and joined[-1].value == one.value:
            joined[-1] = Span(one.value, joined[-1].start, one.end)
        else:
            joined.append(one)
    return joined


def span_at(spans: Sequence[Span[T]], time: datetime) -> Span[T] | None:
    """The span that has the instant in it; None: nothing holds then."""
    return next((one for one in spans if one.holds_at(time)), None)
