"""Use cases of rule sets, and what the engine asks of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from server.platform.caller import acting_as, current_caller, system_caller
from server.platform.etags import check_etag
from server.platform.ids import new_id
from server.platform.resource_store import Archived, Key
from server.platform.uow import Tx, UnitOfWork
from server.readings.errors import SeriesNotFound
from server.readings.rule_sets import store
from server.readings.rule_sets.checks import whole
from server.readings.rule_sets.domain import (
    ALWAYS,
    Assignment,
    RuleSet,
    Target,
    TargetKind,
    Version,
    built_in_content,
)
from server.readings.rule_sets.errors import (
    AssignmentNotFound,
    NotAPeriod,
    RuleSetAssigned,
    TargetNotFound,
)
from server.readings.rule_sets.parameters import BUILT_IN, BUILT_IN_ID, Parameters, parameters_of, table_of
from server.readings.rule_sets.ports import Subjects
from server.readings.rule_sets.resolving import Book, Resolution
from server.readings.rule_sets.tables import rule_set_assignment

_FIELD = "rule_set"


@dataclass(frozen=True, slots=True)
class Found:
    """What holds for a series, and what it was chosen from."""

    resolution: Resolution
    version: Version


class RuleSets:
    """Create, read, change, archive; assign; resolve."""

    def __init__(self, uow: UnitOfWork, subjects: Subjects) -> None:
        self._uow = uow
        self._subjects = subjects

    async def create(self, draft: RuleSet, effective_from: datetime | None, *, store_it: bool) -> RuleSet:
        """Stores a new one with its first version. Raises Taken for its name, InvalidArgument."""
        content = whole(_FIELD, draft.content)
        start = effective_from or ALWAYS
        made = replace(draft, content=content, effective_from=start, created_by=current_caller().principal_id)
        if not store_it:
            return made
        async with self._uow() as tx:
            version = await self._add_version(tx, made)
            return await store.rule_sets.insert(tx, replace(made, version_id=version))

    async def get(self, rule_set_id: UUID) -> RuleSet:
        """One. Raises RuleSetNotFound."""
        async with self._uow() as tx:
            return await store.rule_sets.get(tx, rule_set_id)

    async def page(self, *, archived: bool, after: Key | None, limit: int) -> Sequence[RuleSet]:
        """Many, oldest first."""
        async with self._uow() as tx:
            return await store.rule_sets.page(tx, where=[], after=after, limit=limit, archived=archived)

    async def update(
        self,
        rule_set_id: UUID,
        etag: str,
        change: Callable[[RuleSet], RuleSet],
        effective_from: datetime | None,
        *,
        store_it: bool,
    ) -> RuleSet:
        """Changes one; another content, or another beginning, is a new version."""
        async with self._uow() as tx:
            before = (
                await store.rule_sets.changing(tx, rule_set_id, etag)
                if store_it
                else await _unlocked(tx, rule_set_id, etag)
            )
            after = change(before)
            after = replace(after, content=whole(_FIELD, after.content))
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
                after = replace(after, version_id=await self._add_version(tx, after))
            return await store.rule_sets.save(tx, after)

    async def archive(self, rule_set_id: UUID, etag: str) -> RuleSet:
        """Archives one. Raises RuleSetAssigned while it holds for somebody, now or later."""
        table = rule_set_assignment.c
        async with self._uow() as tx:
            await store.rule_sets.changing(tx, rule_set_id, etag)
            left = await store.assignments(
                tx,
                where=[
                    table.rule_set_id == rule_set_id,
                    table.effective_to.is_(None) | (table.effective_to > tx.now),
                ],
            )
            if left:
                raise RuleSetAssigned(rule_set_id, len(left))
            return await store.rule_sets.archive(tx, rule_set_id, etag)

    async def versions(
        self, rule_set_id: UUID, *, before: datetime | None, after: int | None, limit: int
    ) -> list[Version]:
        """Versions of one, newest first. Raises RuleSetNotFound."""
        async with self._uow() as tx:
            await store.rule_sets.get(tx, rule_set_id)
            return await store.versions_page(tx, rule_set_id, before=before, after=after, limit=limit)

    async def assign(
        self,
        rule_set_id: UUID,
        target: Target,
        priority: int,
        effective_from: datetime | None,
        effective_to: datetime | None,
    ) -> Assignment:
        """Puts one into effect. Raises RuleSetNotFound, Archived, TargetNotFound and InvalidField."""
        tenant_id = current_caller().tenant_id
        start = effective_from or ALWAYS
        if effective_to is not None and effective_to <= start:
            raise NotAPeriod("assignment.effective_to", effective_to.isoformat(), start.isoformat())
        await self._check_target(tenant_id, target)
        async with self._uow() as tx:
            chosen = await store.rule_sets.get(tx, rule_set_id, lock=True)
            if chosen.stored.archived:
                raise Archived(store.rule_sets.kind, rule_set_id)
            made = Assignment(
                new_id(),
                rule_set_id,
                target,
                priority,
                start,
                effective_to,
                current_caller().principal_id,
                tx.now,
            )
            await store.assign(tx, made)
            await tx.changed(
                kind="rule_set_assignment",
                resource_id=made.assignment_id,
                action="created",
                after=_told(made),
            )
            return made

    async def assignments(
        self,
        *,
        rule_set_id: UUID | None,
        targets: Iterable[Target],
        at: datetime | None,
        after: UUID | None,
        limit: int,
    ) -> list[Assignment]:
        """Assignments, oldest first; ``targets`` must all be met."""
        table = rule_set_assignment.c
        where: list[sa.ColumnElement[bool]] = []
        if rule_set_id is not None:
            where.append(table.rule_set_id == rule_set_id)
        for target in targets:
            where += [table.target_kind == int(target.kind), table.target_key == target.key]
        if at is not None:
            where += [table.effective_from <= at, table.effective_to.is_(None) | (table.effective_to > at)]
        async with self._uow() as tx:
            return await store.assignments(tx, where=where, after=after, limit=limit)

    async def remove(self, assignment_id: UUID, effective_to: datetime | None) -> Assignment:
        """Ends one, or takes it away whole. Raises AssignmentNotFound and NotAPeriod."""
        async with self._uow() as tx:
            found = await store.assignments(
                tx, where=[rule_set_assignment.c.assignment_id == assignment_id], lock=True
            )
            if not found:
                raise AssignmentNotFound(assignment_id)
            before = found[0]
            if effective_to is not None and effective_to <= before.effective_from:
                raise NotAPeriod("effective_to", effective_to.isoformat(), before.effective_from.isoformat())
            await store.end_assignment(tx, assignment_id, effective_to)
            after = before if effective_to is None else replace(before, effective_to=effective_to)
            await tx.changed(
                kind="rule_set_assignment",
                resource_id=assignment_id,
                action="deleted" if effective_to is None else "updated",
                before=_told(before),
                after=None if effective_to is None else _told(after),
            )
            return after

    async def explain(
        self, series: int, usage_point_id: UUID | None, source: str, at: datetime | None
    ) -> Found:
        """What holds for a series or a usage point, and why. Raises SeriesNotFound, TargetNotFound."""
        tenant_id = current_caller().tenant_id
        async with self._uow() as tx:
            when = at or tx.now
        keys = await self._keys(tenant_id, series, usage_point_id, source, when)
        resolution = (await self.book(tenant_id)).at(when).one(keys)
        if resolution.chosen is None:
            return Found(resolution, built_in_version())
        async with self._uow() as tx:
            (version,) = await store.versions_with(tx, [resolution.version_id])
        return Found(resolution, version)

    async def book(self, tenant_id: UUID) -> Book:
        """All assignments of a tenant, for resolving in columns: see :class:`Book`."""
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                return Book(await store.assignments(tx), await store.effective(tx))

    async def resolve(
        self, tenant_id: UUID, keys: Mapping[TargetKind, frozenset[str]], at: datetime
    ) -> Parameters:
        """The parameters that hold for one series at a time; ``keys`` as in :meth:`Resolver.one`."""
        found = (await self.book(tenant_id)).at(at).one(keys)
        return (await self.parameters(tenant_id, [found.version_id]))[found.version_id]

    async def parameters(self, tenant_id: UUID, version_ids: Iterable[int]) -> dict[int, Parameters]:
        """The parameters of versions by their ids. Raises KeyError for an id that is no version's."""
        wanted = sorted(set(map(int, version_ids)))
        found = {BUILT_IN_ID: BUILT_IN}
        asked = [one for one in wanted if one != BUILT_IN_ID]
        if asked:
            with acting_as(system_caller(tenant_id)):
                async with self._uow() as tx:
                    rows = await store.versions_with(tx, asked)
            found |= {one.version_id: parameters_of(one.version_id, one.content) for one in rows}
        return {one: found[one] for one in wanted}

    async def columns(self, tenant_id: UUID, version_ids: Iterable[int]) -> pa.Table:
        """Those parameters as a table to join by ``rule_set_version``; one Int64 column each."""
        return table_of((await self.parameters(tenant_id, version_ids)).values())

    async def _add_version(self, tx: Tx, one: RuleSet) -> int:
        return await store.add_version(
            tx, one.rule_set_id, one.number, one.effective_from, one.content, one.created_by
        )

    async def _check_target(self, tenant_id: UUID, target: Target) -> None:
        if target.kind is TargetKind.MODEL and not await self._subjects.has_model(
            tenant_id, UUID(target.key)
        ):
            raise TargetNotFound("device model", target.key)
        if target.kind is TargetKind.USAGE_POINT and not await self._subjects.usage_points(
            tenant_id, [UUID(target.key)]
        ):
            raise TargetNotFound("usage point", target.key)

    async def _keys(
        self, tenant_id: UUID, series: int, usage_point_id: UUID | None, source: str, at: datetime
    ) -> dict[TargetKind, frozenset[str]]:
        if usage_point_id is not None:
            points = await self._subjects.usage_points(tenant_id, [usage_point_id])
            if not points:
                raise TargetNotFound("usage point", str(usage_point_id))
            commodity = points[0].commodity
            infos = await self._subjects.series_of(tenant_id, [usage_point_id])
            numbers = [info.series for info in infos if not series or info.series == series]
            if series and not numbers:
                raise SeriesNotFound(series)
        else:
            infos = await self._subjects.series(tenant_id, np.array([series], np.uint64))
            if not infos:
                raise SeriesNotFound(series)
            usage_point_id, commodity, numbers = infos[0].usage_point_id, infos[0].commodity, [series]
        fed = await self._subjects.installations_of_series(tenant_id, np.array(numbers, np.uint64))
        there = [one.channel for one in fed if one.start <= at and (one.end is None or at < one.end)]
        models = await self._subjects.models_of_channels(tenant_id, np.unique(np.array(there, np.uint64)))
        return {
            TargetKind.USAGE_POINT: frozenset({str(usage_point_id)}),
            TargetKind.MODEL: frozenset(map(str, models.values())),
            TargetKind.COMMODITY: frozenset({commodity}),
            TargetKind.SOURCE: frozenset({source} if source else ()),
        }


def built_in_version() -> Version:
    """The built-in set as a version."""
    return Version(BUILT_IN_ID, UUID(int=0), 0, ALWAYS, built_in_content(), "", ALWAYS)


async def _unlocked(tx: Tx, rule_set_id: UUID, etag: str) -> RuleSet:
    """One to be looked at as if it were changed."""
    found = await store.rule_sets.get(tx, rule_set_id)
    if found.stored.archived:
        raise Archived(store.rule_sets.kind, rule_set_id)
    check_etag(etag, found.stored.version)
    return found


def _told(one: Assignment) -> dict[str, object]:
    return {
        "rule_set_id": str(one.rule_set_id),
        "target": {"kind": one.target.kind.name, "key": one.target.key},
        "priority": one.priority,
        "effective_from": one.effective_from,
        "effective_to": one.effective_to,
    }
