"""Use cases of derived series."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.etags import check_etag
from server.platform.resource_store import Archived, Key
from server.platform.uow import Tx, UnitOfWork
from server.readings.calendar import from_ms
from server.readings.derived import store
from server.readings.derived.domain import ALWAYS, Content, DerivedSeries, Span, Version, spans
from server.readings.derived.errors import DerivedSeriesNotFound, DerivedSeriesUsed, NotComputable
from server.readings.derived.evaluating import Evaluation, Wanted
from server.readings.derived.graph import Graph, add_series, check_references, load
from server.readings.derived.planning import Window, plan, whole
from server.readings.derived.ports import DerivedDirectory
from server.readings.queries.intervals import Interval

_MARGIN = timedelta(days=2)
_DRAFT = 0
"""Id of the version that a draft has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a derived series is wanted."""

    wanted: Wanted
    as_of: datetime | None
    after: int | None = None
    limit: int = 1000


class DerivedSeriesCases:
    """Create, read, change, archive; evaluate."""

    def __init__(self, uow: UnitOfWork, directory: DerivedDirectory, evaluation: Evaluation) -> None:
        self._uow = uow
        self._directory = directory
        self._evaluation = evaluation

    async def create(
        self, draft: DerivedSeries, effective_from: datetime | None, *, store_it: bool
    ) -> DerivedSeries:
        """Stores a new one with its first version. Raises Taken for its name, InvalidField."""
        made = replace(
            await self._checked(draft),
            effective_from=effective_from or ALWAYS,
            created_by=current_caller().principal_id,
        )
        if not store_it:
            return made
        async with self._uow() as tx:
            version = await store.add_version(tx, made)
            return await store.all_series.insert(tx, replace(made, version_id=version))

    async def get(self, derived_series_id: UUID) -> DerivedSeries:
        """One. Raises DerivedSeriesNotFound."""
        async with self._uow() as tx:
            return await store.all_series.get(tx, derived_series_id)

    async def page(self, *, archived: bool, after: Key | None, limit: int) -> Sequence[DerivedSeries]:
        """Many, oldest first."""
        async with self._uow() as tx:
            return await store.all_series.page(tx, where=[], after=after, limit=limit, archived=archived)

    async def update(
        self,
        derived_series_id: UUID,
        etag: str,
        change: Callable[[DerivedSeries], DerivedSeries],
        effective_from: datetime | None,
        *,
        store_it: bool,
    ) -> DerivedSeries:
        """Changes one; another content, or another beginning, is a new version."""
        async with self._uow() as tx:
            seen = await _unlocked(tx, derived_series_id, etag)
        # What it is made of is looked up outside of the transaction, which makes sure that it is the same.
        after = await self._checked(change(seen))
        async with self._uow() as tx:
            before = await store.all_series.changing(tx, derived_series_id, etag)
            check_etag(f'"{seen.stored.version}"', before.stored.version)
            if after.content != before.content or effective_from is not None:
                after = replace(
                    after,
                    number=before.number + 1,
                    effective_from=effective_from or tx.now,
                    created_by=current_caller().principal_id,
                )
            if not store_it:
                return after
            if after.number != before.number:
                after = replace(after, version_id=await store.add_version(tx, after))
            return await store.all_series.save(tx, after)

    async def archive(self, derived_series_id: UUID, etag: str) -> DerivedSeries:
        """Archives one. Raises DerivedSeriesUsed while another one is made of it."""
        async with self._uow() as tx:
            await store.all_series.changing(tx, derived_series_id, etag)
            for other in await store.users_of(tx, derived_series_id):
                raise DerivedSeriesUsed(derived_series_id, other.derived_series_id, other.display_name)
            return await store.all_series.archive(tx, derived_series_id, etag)

    async def versions(self, derived_series_id: UUID, *, after: int | None, limit: int) -> list[Version]:
        """Versions of one, newest first. Raises DerivedSeriesNotFound."""
        async with self._uow() as tx:
            await store.all_series.get(tx, derived_series_id)
            return await store.versions_page(tx, derived_series_id, after=after, limit=limit)

    async def evaluate(self, derived_series_id: UUID, asked: Asked) -> list[Interval]:
        """Its intervals, or sums of them. Raises DerivedSeriesNotFound."""
        async with self._uow() as tx:
            one = await store.all_series.get(tx, derived_series_id)
            versions = (await store.versions_of(tx, [derived_series_id], asked.as_of))[derived_series_id]
        return await self._computed(one, spans(versions), asked)

    async def preview(self, draft: DerivedSeries, asked: Asked) -> tuple[DerivedSeries, list[Interval]]:
        """What one would give that is not stored. Raises InvalidField."""
        made = await self._checked(draft)
        version = Version(_DRAFT, made.derived_series_id, 1, ALWAYS, made.content, "", ALWAYS)
        return made, await self._computed(made, [Span(version, ALWAYS, None)], asked)

    async def _computed(self, one: DerivedSeries, held: Sequence[Span], asked: Asked) -> list[Interval]:
        contents = [span.version.content for span in held]
        low, high = (from_ms(at) for at in (asked.wanted.start_ms, asked.wanted.end_ms))
        graph, visible = await self._graph(contents, asked.as_of, low - _MARGIN, high + _MARGIN)
        if not visible:
            raise DerivedSeriesNotFound(one.derived_series_id)
        window = Window(asked.wanted.start_ms, asked.wanted.end_ms)
        try:
            made = plan(graph, one, held, window)
        except InvalidField as error:
            raise NotComputable(one.derived_series_id, error.message) from error
        return await self._evaluation.intervals(
            current_caller().tenant_id, one, made, asked.wanted, after=asked.after, limit=asked.limit
        )

    async def _checked(self, draft: DerivedSeries) -> DerivedSeries:
        graph, _ = await self._graph([draft.content], None, None, None, whole_of=draft)
        return whole(graph, draft)

    async def _graph(
        self,
        contents: Sequence[Content],
        as_of: datetime | None,
        start: datetime | None,
        end: datetime | None,
        *,
        whole_of: DerivedSeries | None = None,
    ) -> tuple[Graph, bool]:
        async with self._uow() as tx:
            graph = await load(tx, contents, as_of, start, end)
        if whole_of is not None:
            check_references(graph, whole_of)
        every = [*contents, *graph.contents()]
        return graph, await add_series(graph, every, self._directory, current_caller().tenant_id)


async def _unlocked(tx: Tx, derived_series_id: UUID, etag: str) -> DerivedSeries:
    """One to be looked at, with the etag (if given) that it has."""
    found = await store.all_series.get(tx, derived_series_id)
    if found.stored.archived:
        raise Archived(store.all_series.kind, derived_series_id)
    check_etag(etag, found.stored.version)
    return found
