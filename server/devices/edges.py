"""Below what a node is, through time: periods that follow each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Edge:
    """That a node is below another one, or a root, for a while: half-open in time."""

    parent_id: UUID | None
    start: datetime | None
    """None: since always."""
    end: datetime | None
    """None: it lasts."""

    def holds_at(self, time: datetime) -> bool:
        """Whether it holds at the instant."""
        return (self.start is None or self.start <= time) and (self.end is None or time < self.end)


def moved(edges: Sequence[Edge], time: datetime, parent_id: UUID | None) -> list[Edge]:
    """The periods of a node that is below another one from an instant on, until the next move that is known.

    Periods below the same node become one. The instant must be within the periods; see :func:`edge_at`.
    """
    cut: list[Edge] = []
    for one in edges:
        if not one.holds_at(time):
            cut.append(one)
            continue
        if one.start != time:
            cut.append(Edge(one.parent_id, one.start, time))
        cut.append(Edge(parent_id, time, one.end))
    joined: list[Edge] = []
    for one in cut:
        if joined and joined[-1].parent_id == one.parent_id:
            joined[-1] = Edge(one.parent_id, joined[-1].start, one.end)
        else:
            joined.append(one)
    return joined


def edge_at(edges: Sequence[Edge], time: datetime) -> Edge | None:
    """The period that has the instant in it; None: the node is not there yet."""
    return next((one for one in edges if one.holds_at(time)), None)
