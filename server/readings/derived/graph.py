"""What a derived series is made of, as far down as it goes: other derived series, factors, series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from server.platform.caller import acting_as, system_caller
from server.platform.scope import current_scope
from server.platform.uow import Tx
from server.readings.derived import factor_store, store
from server.readings.derived.domain import Content, DerivedSeries, Source, Version
from server.readings.derived.errors import CycleRefused, DerivedSeriesNotFound, InputRefused, TooDeep
from server.readings.derived.factors import FactorSet, Segment
from server.readings.derived.ports import DerivedDirectory
from server.readings.ports import SeriesInfo

DEEPEST = 8

Members = Mapping[tuple[UUID, str], Sequence[SeriesInfo]]
"""The series of a quantity at a node."""


@dataclass(slots=True)
class Graph:
    """All that a derived series needs to be computed."""

    derived: dict[UUID, DerivedSeries] = field(default_factory=dict)
    versions: dict[UUID, list[Version]] = field(default_factory=dict)
    factor_sets: dict[UUID, FactorSet] = field(default_factory=dict)
    segments: dict[UUID, list[Segment]] = field(default_factory=dict)
    series: dict[int, SeriesInfo] = field(default_factory=dict)
    members: dict[tuple[UUID, str], list[SeriesInfo]] = field(default_factory=dict)

    def contents(self) -> list[Content]:
        """What all versions of all of them say."""
        return [one.content for versions in self.versions.values() for one in versions]


async def load(
    tx: Tx, contents: Iterable[Content], as_of: datetime | None, start: datetime | None, end: datetime | None
) -> Graph:
    """The derived series and factors below some contents, as they were at a time, without their series.

    Series that do not exist are left out. What goes in a circle, which only a race could have made, is read
    once.
    """
    graph = Graph()
    left = list(contents)
    while left:
        ids = _derived_in(left) - graph.derived.keys()
        found = await store.all_series.of(tx, ids) if ids else []
        versions = await store.versions_of(tx, [one.derived_series_id for one in found], as_of)
        graph.derived |= {one.derived_series_id: one for one in found}
        graph.versions |= versions
        left = [one.content for every in versions.values() for one in every]
    wanted = {
        one.factor_set_id
        for content in (*contents, *graph.contents())
        for one in content.inputs
        if one.factor_set_id is not None
    }
    graph.factor_sets = {one.factor_set_id: one for one in await factor_store.factor_sets.of(tx, wanted)}
    graph.segments = await factor_store.segments(tx, list(graph.factor_sets), as_of, start, end)
    return graph


async def add_series(
    graph: Graph, contents: Iterable[Content], directory: DerivedDirectory, tenant_id: UUID
) -> bool:
    """Looks up the series of contents; whether the caller may see all of them."""
    inputs = [one for content in contents for one in content.inputs]
    numbers = {number for one in inputs for number in one.series}
    nodes = {(one.node_id, one.quantity) for one in inputs if one.node_id is not None}
    # What is measured does not depend on who asks; whether they get it does.
    with acting_as(system_caller(tenant_id)):
        for node_id, quantity in sorted(nodes):
            points = await directory.usage_points_under(tenant_id, node_id)
            every = await directory.series_of(tenant_id, points) if points else []
            wanted = [info for info in every if info.quantity == quantity]
            graph.members[node_id, quantity] = sorted(wanted, key=lambda info: info.series)
        found = await directory.series(tenant_id, np.array(sorted(numbers), np.uint64)) if numbers else []
        graph.series = {info.series: info for info in found}
    if current_scope() is None:
        return True
    needed = {*graph.series, *(info.series for infos in graph.members.values() for info in infos)}
    visible = await directory.series(tenant_id, np.array(sorted(needed), np.uint64)) if needed else []
    return {info.series for info in visible} == needed


def check_references(graph: Graph, own: DerivedSeries) -> None:
    """Raises InputRefused for derived series that do not exist, go in a circle or too deep."""
    for place, one in enumerate(own.content.inputs):
        if one.source is Source.DERIVED and one.derived_series_id is not None:
            other = graph.derived.get(one.derived_series_id)
            if other is None and one.derived_series_id != own.derived_series_id:
                said = f"derived series {one.derived_series_id} does not exist"
                raise InputRefused(place, "derived_series_id", said, "known")
            if other is not None and other.stored.archived:
                said = f"{other.display_name!r} is archived"
                raise InputRefused(place, "derived_series_id", said, "archived")
            _walk(graph, own, place, one.derived_series_id, [own.display_name], {})


def _walk(
    graph: Graph,
    own: DerivedSeries,
    place: int,
    derived_series_id: UUID,
    path: list[str],
    reached: dict[UUID, int],
) -> None:
    if derived_series_id == own.derived_series_id:
        raise CycleRefused(place, [*path, own.display_name])
    if len(path) >= DEEPEST:
        raise TooDeep(place, DEEPEST)
    one = graph.derived.get(derived_series_id)
    if one is None:
        raise DerivedSeriesNotFound(derived_series_id)
    # Many ways may lead to one: it is gone through again only where it lies deeper.
    if reached.get(derived_series_id, 0) >= len(path):
        return
    reached[derived_series_id] = len(path)
    below = _derived_in(version.content for version in graph.versions[derived_series_id])
    for other in sorted(below):
        _walk(graph, own, place, other, [*path, one.display_name], reached)


def _derived_in(contents: Iterable[Content]) -> set[UUID]:
    return {
        one.derived_series_id
        for content in contents
        for one in content.inputs
        if one.derived_series_id is not None
    }
