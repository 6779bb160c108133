"""The work queue of findings: looked at, given to people, settled."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.history import Changed
from server.platform.outbox import OutboxEvent
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import Tx, UnitOfWork
from server.readings.calendar import from_ms
from server.readings.desk import edit_store, queue_store
from server.readings.desk.accepting import Acceptance, Accepting
from server.readings.desk.convert_queue import wire_key
from server.readings.desk.domain import SETTLED, FindingKey, Item, Queued, QueueFilter, QueueState
from server.readings.desk.edits import Edits
from server.readings.desk.errors import SelectionMissing
from server.readings.desk.queue_store import Step, StoredChange
from server.readings.ports import ChannelDirectory
from server.readings.vee import versions
from server.readings.vee.corrections import Finding
from server.readings.vee.exceptions import FindingFilter, Key, findings_counted, findings_page
from server.readings.vee.scope import EPOCH
from simba.readings.v1 import events_pb2, vee_service_pb2

MOST_BY_FILTER: Final = 10_000
"""Findings that one bulk call by filter changes; the caller repeats it for more."""
_MOST_KEYS: Final = 20_000
_MOST_TOLD: Final = 1000
_LEAST_READ, _MOST_READ = 200, 50_000
_WITH_ITEM = frozenset({QueueState.ASSIGNED, *SETTLED})
"""States that only findings with a row in the queue can have."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings a bulk call is about: keys, or a filter."""

    keys: Sequence[FindingKey] = ()
    wanted: QueueFilter | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A finding of which it cannot be."""

    key: FindingKey
    reason: str
    description: str


@dataclass(slots=True)
class Outcome:
    """What became of a bulk call."""

    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    more: bool = False
    edit_ids: list[UUID] = field(default_factory=list)
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings are alike; what is not counted by is empty."""

    rule: str
    severity: int
    state: int
    day: str
    count: int


class Queue:
    """The use cases."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: TelemetryStore,
        directory: ChannelDirectory,
        edits: Edits,
        accepting: Accepting,
    ) -> None:
        self._uow = uow
        self._store = store
        self._directory = directory
        self._edits = edits
        self._accepting = accepting

    async def page(self, wanted: QueueFilter, *, after: Key | None, limit: int) -> list[Queued]:
        """Findings, newest first, from behind ``after`` on.

        State and assignee are PostgreSQL's, the findings ClickHouse's: findings are read in growing pieces
        until enough of them match. Where few are in the states asked for, only those are looked at.
        """
        tenant_id = current_caller().tenant_id
        base, watermark = _base(wanted), await self._watermark()
        if wanted.assignee or (wanted.states and wanted.states <= _WITH_ITEM):
            async with self._uow() as tx:
                items = await queue_store.items_in(
                    tx, states=wanted.states, assignee=wanted.assignee, limit=_MOST_KEYS + 1
                )
            if not items:
                return []
            if len(items) <= _MOST_KEYS:
                base = replace(base, keys=[_numbered(one.key) for one in items])
        found: list[Queued] = []
        picky = bool(wanted.states or wanted.assignee or wanted.commodity)
        size = max(limit, _LEAST_READ) if picky else limit
        while len(found) < limit:
            read = await findings_page(self._store, tenant_id, base, watermark, after=after, limit=size)
            found += [one for one in await self._queued(tenant_id, read) if _matches(one, wanted)]
            if len(read) < size:
                break
            after, size = key_of(read[-1]), min(size * 4, _MOST_READ)
        return found[:limit]

    async def assign(self, selection: Selection, assignee: str, note: str) -> Outcome:
        """Gives findings to somebody. Raises SelectionMissing."""

        def step(one: Queued) -> Item | None:
            if one.state is QueueState.ASSIGNED and one.item and one.item.assignee == assignee:
                return None
            return self._item(one, QueueState.ASSIGNED, assignee, "", note)

        usual = frozenset({QueueState.OPEN})
        chosen, outcome = await self._selected(selection, usual)
        return await self._do(
            chosen, outcome, step, "assigned", frozenset({QueueState.OPEN, QueueState.ASSIGNED})
        )

    async def resolve(self, selection: Selection, state: QueueState, reason_code: str, note: str) -> Outcome:
        """Settles findings as RESOLVED or DISMISSED. Raises SelectionMissing."""

        def step(one: Queued) -> Item | None:
            if one.state is state:
                return None
            return self._item(one, state, None, reason_code, note)

        usual = frozenset({QueueState.OPEN, QueueState.ASSIGNED})
        chosen, outcome = await self._selected(selection, usual)
        return await self._do(chosen, outcome, step, state.name.lower(), usual | {state})

    async def reopen(self, selection: Selection, note: str) -> Outcome:
        """Opens settled findings again. Raises SelectionMissing."""

        def step(one: Queued) -> Item | None:
            if one.state in {QueueState.OPEN, QueueState.ASSIGNED}:
                return None
            return self._item(one, QueueState.OPEN, "", "", note)

        chosen, outcome = await self._selected(selection, SETTLED)
        return await self._do(chosen, outcome, step, "reopened", frozenset(QueueState))

    async def accept(self, selection: Selection, reason_code: str, note: str) -> Outcome:
        """Settles findings by verifying their values: one edit for each ten thousand of them.

        Spans two engines: call it apart from a caller's transaction. Raises SelectionMissing.
        """
        usual = frozenset({QueueState.OPEN, QueueState.ASSIGNED})
        chosen, outcome = await self._selected(selection, usual)
        async with self._uow() as tx:
            waiting = await edit_store.pending_findings(tx)
        open_ones = []
        for one in chosen:
            if one.state is QueueState.ACCEPTED or one.key in waiting:
                outcome.unchanged += 1
            elif one.state in usual:
                open_ones.append(one)
            else:
                outcome.rejected.append(_wrong_state(one))
        for acceptance in await self._accepting.of(current_caller().tenant_id, open_ones):
            await self._accept(acceptance, outcome, reason_code, note)
        return outcome

    async def _accept(self, acceptance: Acceptance, outcome: Outcome, reason_code: str, note: str) -> None:
        outcome.rejected += [
            Rejected(one.key, "DATA_INSUFFICIENT", "its intervals are missing: there is nothing to accept")
            for one in acceptance.empty
        ]
        if acceptance.plan is not None:
            accepted = tuple((one.key, one.finding.version) for one in acceptance.findings)
            made = await self._edits.make(
                acceptance.plan, reason_code=reason_code, note=note, accepted=accepted
            )
            outcome.edit_ids.append(made.edit_id)
            if made.apply_time is None:
                outcome.pending += len(accepted)
                return
            outcome.changed += len(accepted)
            async with self._uow() as tx:
                await self._tell(tx, acceptance.findings, QueueState.ACCEPTED, reason_code)
        elif acceptance.findings:
            # Their values are trusted already: a repeat that was dropped, a later value that counts.
            steps = [
                Step(one.state, self._item(one, QueueState.ACCEPTED, None, reason_code, note))
                for one in acceptance.findings
            ]
            outcome.changed += len(steps)
            async with self._uow() as tx:
                await self._put(tx, acceptance.findings, steps, "accepted")

    async def history(
        self, series: int, day: date, rule: str, *, after: UUID | None, limit: int
    ) -> list[StoredChange]:
        """What people did with the findings of a day, newest first."""
        async with self._uow() as tx:
            return await queue_store.history(tx, series, day, rule, after=after, limit=limit)

    async def summary(self, wanted: QueueFilter, by: frozenset[str]) -> tuple[list[Count], int]:
        """How many findings stand, by ``rule``, ``severity``, ``state`` and ``day``; and all together."""
        tenant_id = current_caller().tenant_id
        base, watermark = _base(wanted), await self._watermark()
        counts: Counter[tuple[str, int, int, str]] = Counter()
        for day, rule, severity, count in await findings_counted(self._store, tenant_id, base, watermark):
            counts[rule, severity, int(QueueState.OPEN), _day(day).isoformat()] += count
        async for one in self._with_items(tenant_id, base, watermark):
            if one.state is not QueueState.OPEN:
                rest = (one.key.rule, one.finding.severity)
                counts[*rest, int(QueueState.OPEN), one.key.day.isoformat()] -= 1
                counts[*rest, int(one.state), one.key.day.isoformat()] += 1
        merged: Counter[tuple[str, int, int, str]] = Counter()
        for (rule, severity, state, told), count in counts.items():
            if count:
                key = (
                    rule if "rule" in by else "",
                    severity if "severity" in by else 0,
                    state if "state" in by else 0,
                    told if "day" in by else "",
                )
                merged[key] += count
        rows = [Count(*key, count) for key, count in sorted(merged.items())]
        return rows, sum(one.count for one in rows)

    async def _with_items(
        self, tenant_id: UUID, base: FindingFilter, watermark: int
    ) -> AsyncIterator[Queued]:
        after: FindingKey | None = None
        while True:
            async with self._uow() as tx:
                items = await queue_store.items_in(tx, states=_WITH_ITEM, after=after, limit=_MOST_KEYS)
            if items:
                keys = [_numbered(one.key) for one in items]
                found = await findings_page(
                    self._store,
                    tenant_id,
                    replace(base, keys=keys),
                    watermark,
                    after=None,
                    limit=_MOST_KEYS,
                )
                by_key = {one.key: one for one in items}
                for one in found:
                    yield Queued(one, finding_key(one), by_key[finding_key(one)], None)
                after = items[-1].key
            if len(items) < _MOST_KEYS:
                return

    async def _watermark(self) -> int:
        async with self._uow() as tx:
            return await versions.watermark(tx)

    async def _queued(self, tenant_id: UUID, found: Sequence[Finding]) -> list[Queued]:
        """Findings with what people said of them."""
        keys = [finding_key(one) for one in found]
        async with self._uow() as tx:
            items = await queue_store.items_of(tx, keys)
        numbers = np.unique(np.array([one.series for one in found], np.uint64))
        infos = {info.series: info for info in await self._directory.series(tenant_id, numbers)}
        return [
            Queued(one, key, items.get(key), infos.get(one.series))
            for one, key in zip(found, keys, strict=True)
        ]

    async def _selected(
        self, selection: Selection, usual: frozenset[QueueState]
    ) -> tuple[list[Queued], Outcome]:
        """The findings of a selection; a filter without states means those in the usual ones."""
        outcome = Outcome()
        if selection.keys:
            tenant_id = current_caller().tenant_id
            wanted = list(dict.fromkeys(selection.keys))
            base = FindingFilter(keys=[_numbered(key) for key in wanted])
            read = await findings_page(
                self._store, tenant_id, base, await self._watermark(), after=None, limit=len(wanted)
            )
            found = {one.key: one for one in await self._queued(tenant_id, read)}
            outcome.rejected = [
                Rejected(key, "VEE_EXCEPTION_NOT_FOUND", f"{key.rule} finds nothing on {key.day}")
                for key in wanted
                if key not in found
            ]
            return [found[key] for key in wanted if key in found], outcome
        if selection.wanted is None:
            raise SelectionMissing
        wanted_ones = selection.wanted
        if QueueState.CLOSED in wanted_ones.states:
            raise InvalidField(
                "selection.filter.states", "CLOSED findings do not stand any more", "states.standing"
            )
        if not wanted_ones.states:
            wanted_ones = replace(wanted_ones, states=usual)
        chosen = await self.page(wanted_ones, after=None, limit=MOST_BY_FILTER + 1)
        outcome.more = len(chosen) > MOST_BY_FILTER
        return chosen[:MOST_BY_FILTER], outcome

    async def _do(
        self,
        chosen: Iterable[Queued],
        outcome: Outcome,
        step: Callable[[Queued], Item | None],
        action: str,
        allowed: frozenset[QueueState],
    ) -> Outcome:
        """One step for each finding that it can be taken with."""
        taken: list[Queued] = []
        steps: list[Step] = []
        for one in chosen:
            if one.state not in allowed:
                outcome.rejected.append(_wrong_state(one))
                continue
            after = step(one)
            if after is None:
                outcome.unchanged += 1
                continue
            taken.append(one)
            steps.append(Step(one.state, after))
        outcome.changed += len(steps)
        if steps:
            async with self._uow() as tx:
                await self._put(tx, taken, steps, action)
        return outcome

    async def _put(self, tx: Tx, taken: Sequence[Queued], steps: Sequence[Step], action: str) -> None:
        # The time is that of the transaction.
        dated = [replace(one, after=replace(one.after, update_time=tx.now)) for one in steps]
        await queue_store.put(tx, dated, current_caller().principal_id)
        await tx.changed_many(
            Changed(
                kind="vee_exception",
                resource_id=one.after.key.text,
                action=action,
                before={"state": one.before.name, "assignee": found.item.assignee if found.item else ""},
                after={
                    "state": one.after.state.name,
                    "assignee": one.after.assignee,
                    "reason_code": one.after.reason_code,
                    "note": one.after.note,
                },
            )
            for one, found in zip(dated, taken, strict=True)
        )
        state = dated[0].after.state
        if state is not QueueState.ASSIGNED:
            await self._tell(tx, taken, state, dated[0].after.reason_code)

    async def _tell(self, tx: Tx, taken: Sequence[Queued], state: QueueState, reason_code: str) -> None:
        points = {str(one.finding.usage_point_id) for one in taken}
        payload = events_pb2.VeeExceptionsSettled(
            state=vee_service_pb2.VeeExceptionState.ValueType(state),
            reason_code=reason_code,
            actor=current_caller().principal_id,
            keys=[wire_key(one.key) for one in taken[:_MOST_TOLD]],
            count=len(taken),
        )
        await tx.emit(
            OutboxEvent(
                type="data.vee_exceptions_settled",
                subject=f"series/{taken[0].key.series}",
                payload=payload,
                usage_point_id=points.pop() if len(points) == 1 else "",
            )
        )

    def _item(
        self, one: Queued, state: QueueState, assignee: str | None, reason_code: str, note: str
    ) -> Item:
        """What is said of a finding from now on; no assignee keeps the one that it has."""
        kept = one.item.assignee if one.item else ""
        when = one.item.update_time if one.item else _NEVER
        return Item(
            one.key,
            state,
            one.finding.version,
            kept if assignee is None else assignee,
            reason_code,
            note,
            when,
        )


_NEVER = from_ms(0)


def finding_key(one: Finding) -> FindingKey:
    """The key of a finding."""
    return FindingKey(one.series, _day(one.day), one.rule)


def key_of(one: Finding) -> Key:
    """Its place in the order of a list."""
    return one.version, one.series, one.day, one.rule


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _numbered(key: FindingKey) -> tuple[int, int, str]:
    return key.series, (key.day - EPOCH).days, key.rule


def _base(wanted: QueueFilter) -> FindingFilter:
    """What ClickHouse knows of a filter."""
    standing: bool | None = True
    if QueueState.CLOSED in wanted.states:
        standing = False if wanted.states == {QueueState.CLOSED} else None
    return FindingFilter(
        series=wanted.series,
        usage_point_id=wanted.usage_point_id,
        rule=wanted.rule,
        start_ms=wanted.start_ms,
        end_ms=wanted.end_ms,
        severity=int(wanted.severity or 0),
        standing=standing,
    )


def _matches(one: Queued, wanted: QueueFilter) -> bool:
    if wanted.states and one.state not in wanted.states:
        return False
    if wanted.assignee and (one.item is None or one.item.assignee != wanted.assignee):
        return False
    return not wanted.commodity or (one.info is not None and one.info.commodity == wanted.commodity)


def _wrong_state(one: Queued) -> Rejected:
    told = f"{one.key.rule} of {one.key.day} is {one.state.name}; open it again first"
    return Rejected(one.key, "STATE_TRANSITION_INVALID", told)
