"""Edits of final values: asked for, approved, written, taken back."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa

from server.platform.caller import acting_as, current_caller, system_caller
from server.platform.ids import new_id
from server.platform.jobs import pause
from server.platform.outbox import OutboxEvent
from server.platform.uow import Tx, UnitOfWork
from server.readings.calendar import day_of, from_ms
from server.readings.desk import edit_store, queue_store
from server.readings.desk.convert_edit import wire_edit
from server.readings.desk.domain import (
    BilledDays,
    Edit,
    EditedSeries,
    EditKind,
    EditState,
    FindingKey,
    Item,
    Operation,
    QueueState,
    Values,
)
from server.readings.desk.edit_store import EditFilter
from server.readings.desk.errors import EditNotFound, EditStale, EditStateWrong, FourEyesRequired
from server.readings.desk.planning import Plan, Planner
from server.readings.desk.ports import BilledPeriods, Runs, Writer
from server.readings.desk.queue_store import Step
from server.readings.desk.values import PresentValues
from simba.readings.v1 import events_pb2

_log = logging.getLogger(__name__)

_ABANDONED_AFTER = timedelta(minutes=2)
_LOOK_EVERY_SECONDS = 20.0
PREVIEW: Final = UUID(int=0)
"""Id of an edit that is shown and not stored."""

Accepted = tuple[tuple[FindingKey, int], ...]


class Edits:
    """The use cases. Those that write span two engines: call them apart from a caller's transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        values: PresentValues,
        planner: Planner,
        writer: Writer,
        runs: Runs,
        billed: BilledPeriods,
    ) -> None:
        self._uow = uow
        self._values = values
        self._planner = planner
        self._writer = writer
        self._runs = runs
        self._billed = billed

    async def edit(
        self,
        wanted: Operation,
        *,
        reason_code: str,
        note: str,
        validate_only: bool,
        request_id: UUID | None = None,
    ) -> Edit:
        """Does what was asked for, or puts it before another person.

        Raises SeriesNotFound, InvalidArgument.
        """
        before = await self._asked_by(request_id)
        if before is not None:
            return before
        plan = await self._planner.plan(current_caller().tenant_id, wanted)
        return await self.make(
            plan, reason_code=reason_code, note=note, validate_only=validate_only, request_id=request_id
        )

    async def make(
        self,
        plan: Plan,
        *,
        reason_code: str,
        note: str,
        validate_only: bool = False,
        request_id: UUID | None = None,
        accepted: Accepted = (),
        other_edit_id: UUID | None = None,
    ) -> Edit:
        """An edit of a plan."""
        caller = current_caller()
        billed = await self._bills(caller.tenant_id, plan.series)
        async with self._uow() as tx:
            four_eyes, _ = await edit_store.four_eyes(tx)
            made = Edit(
                edit_id=PREVIEW if validate_only else new_id(),
                kind=plan.kind,
                state=EditState.PENDING_APPROVAL if four_eyes else EditState.APPLYING,
                reason_code=reason_code,
                note=note,
                description=plan.description,
                author=caller.principal_id,
                create_time=tx.now,
                other_edit_id=other_edit_id,
                request_id=request_id,
                value_count=sum(len(part.before) for part in plan.series),
                accepted=accepted,
                billed=billed,
                series=plan.series,
            )
            if validate_only:
                return made
            await edit_store.insert(tx, made)
            await self._tell(tx, made, "created", before=None)
            if four_eyes:
                await tx.emit(_event("data.edit_requested", made))
        return made if four_eyes else await self._apply(caller.tenant_id, made)

    async def get(self, edit_id: UUID) -> Edit:
        """One with its values. Raises EditNotFound."""
        async with self._uow() as tx:
            return await _found(tx, edit_id)

    async def page(self, wanted: EditFilter, *, after: UUID | None, limit: int) -> Sequence[Edit]:
        """Many, newest first."""
        async with self._uow() as tx:
            return await edit_store.page(tx, wanted, after=after, limit=limit)

    async def revert(
        self,
        edit_id: UUID,
        *,
        reason_code: str,
        note: str,
        validate_only: bool,
        request_id: UUID | None = None,
    ) -> Edit:
        """Takes an edit back, by another one. Raises EditNotFound, EditStateWrong, EditStale."""
        before = await self._asked_by(request_id)
        if before is not None:
            return before
        tenant_id = current_caller().tenant_id
        undone = await self.get(edit_id)
        if undone.state is not EditState.APPLIED or undone.kind is EditKind.REVERT:
            state = "a revert itself" if undone.kind is EditKind.REVERT else undone.state.name
            raise EditStateWrong(edit_id, state, "an applied edit")
        parts = []
        for part in undone.series:
            present = await self._present(tenant_id, part)
            still = present.same(part.after)
            if still.any():
                kept = replace(part, before=part.after.taken(still), after=part.before.taken(still))
                parts.append(kept)
        if not parts:
            raise EditStale(edit_id, undone.value_count)
        count = sum(len(part.before) for part in parts)
        plan = Plan(EditKind.REVERT, f"{count} of {undone.value_count} intervals taken back", tuple(parts))
        return await self.make(
            plan,
            reason_code=reason_code or undone.reason_code,
            note=note,
            validate_only=validate_only,
            request_id=request_id,
            other_edit_id=edit_id,
        )

    async def approve(self, edit_id: UUID, note: str) -> Edit:
        """Applies an edit that waits. Raises EditNotFound, EditStateWrong, FourEyesRequired, EditStale."""
        caller = current_caller()
        waiting = await self.get(edit_id)
        _check_pending(waiting)
        if waiting.author == caller.principal_id:
            raise FourEyesRequired(edit_id, waiting.author)
        changed = 0
        for part in waiting.series:
            present = await self._present(caller.tenant_id, part)
            changed += len(part.before) - int(present.same(part.before).sum())
        if changed:
            raise EditStale(edit_id, changed)
        decided = await self._decide(waiting, EditState.APPLYING, note, "approved")
        return await self._apply(caller.tenant_id, decided)

    async def reject(self, edit_id: UUID, note: str) -> Edit:
        """Ends an edit that waits; its author may, too. Raises EditNotFound, EditStateWrong."""
        waiting = await self.get(edit_id)
        _check_pending(waiting)
        return await self._decide(waiting, EditState.REJECTED, note, "rejected")

    async def four_eyes(self) -> tuple[bool, Any]:
        """Whether edits need approval, and since when."""
        async with self._uow() as tx:
            return await edit_store.four_eyes(tx)

    async def set_four_eyes(self, wanted: bool) -> tuple[bool, Any]:  # noqa: FBT001 - the setting itself
        """Says whether edits need approval."""
        async with self._uow() as tx:
            before, _ = await edit_store.four_eyes(tx)
            await edit_store.set_four_eyes(tx, wanted)
            await tx.changed(
                kind="reading_edit_settings",
                resource_id=str(tx.tenant_id),
                action="updated",
                before={"four_eyes": before},
                after={"four_eyes": wanted},
            )
            return wanted, tx.now

    async def run(self, stop: asyncio.Event) -> None:
        """Finishes edits whose server died while it wrote them."""
        while not stop.is_set():
            await self.finish_abandoned()
            await pause(stop, _LOOK_EVERY_SECONDS)

    async def finish_abandoned(self, age: timedelta = _ABANDONED_AFTER) -> int:
        """Finishes edits that have been about to be applied for longer than ``age``; returns how many."""
        async with self._uow.system() as tx:
            left = await edit_store.unfinished(tx, tx.now - age)
        for tenant_id, edit_id in left:
            _log.warning("edit %s was abandoned", edit_id)
            with acting_as(system_caller(tenant_id)):
                await self._apply(tenant_id, await self.get(edit_id))
        return len(left)

    async def _apply(self, tenant_id: UUID, one: Edit) -> Edit:
        """Writes the values. May be repeated: what is written already is not written again."""
        await self._writer.write(
            tenant_id, pa.concat_tables([part.after.changes(part.series) for part in one.series])
        )
        if one.kind is EditKind.REVERT:
            # What they had been may not be what the rules say today.
            for part in one.series:
                start, end = from_ms(part.first_ms), from_ms(part.until_ms)
                await self._runs.run_series(tenant_id, [part.series], start, end)
        async with self._uow() as tx:
            done = replace(one, state=EditState.APPLIED, apply_time=tx.now)
            if not await edit_store.move(
                tx, one.edit_id, EditState.APPLYING, EditState.APPLIED, apply_time=tx.now
            ):
                return await _found(tx, one.edit_id)
            await self._tell(tx, done, "applied", before=one)
            await tx.emit(_event("data.readings_edited", done))
            await _settle(tx, done, QueueState.ACCEPTED)
            if one.other_edit_id is not None:
                await self._undo(tx, one.other_edit_id, one.edit_id)
            return done

    async def _undo(self, tx: Tx, edit_id: UUID, by: UUID) -> None:
        undone = await _found(tx, edit_id)
        if not await edit_store.move(tx, edit_id, EditState.APPLIED, EditState.REVERTED, other_edit_id=by):
            return
        after = replace(undone, state=EditState.REVERTED, other_edit_id=by)
        await self._tell(tx, after, "reverted", before=undone)
        await tx.emit(_event("data.edit_reverted", after))
        await _settle(tx, undone, QueueState.OPEN)

    async def _decide(self, one: Edit, state: EditState, note: str, action: str) -> Edit:
        caller = current_caller()
        async with self._uow() as tx:
            told = {
                "approver": caller.principal_id,
                "decide_time": tx.now,
                "decision_note": note,
            }
            if not await edit_store.move(tx, one.edit_id, EditState.PENDING_APPROVAL, state, **told):
                _check_pending(await _found(tx, one.edit_id))
            decided = replace(
                one, state=state, approver=caller.principal_id, decide_time=tx.now, decision_note=note
            )
            await self._tell(tx, decided, action, before=one)
            if state is EditState.REJECTED:
                await tx.emit(_event("data.edit_rejected", decided))
            return decided

    async def _present(self, tenant_id: UUID, part: EditedSeries) -> Values:
        """The values as they stand of the intervals of an edit; what is gone is as if it were missing."""
        found = await self._values.one(tenant_id, part.series, part.first_ms, part.until_ms)
        places = np.searchsorted(found.ms, part.before.ms)
        there = places < len(found)
        places = np.where(there, places, 0)
        if not len(found) or not np.array_equal(found.ms[places][there], part.before.ms[there]):
            gone = np.zeros(len(part.before), np.uint8)
            return replace(part.before, state=gone)
        taken = found.taken(places)
        return replace(taken, state=np.where(there, taken.state, 0).astype(np.uint8))

    async def _bills(self, tenant_id: UUID, parts: Sequence[EditedSeries]) -> tuple[BilledDays, ...]:
        """Bills that were made of values which change."""
        times: list[int] = []
        days: dict[UUID, set[str]] = {}
        for part in parts:
            changed = part.before.ms[part.before.micro != part.after.micro].tolist()
            times += changed
            days.setdefault(part.usage_point_id, set()).update(
                day_of(part.tz, at).isoformat() for at in changed
            )
        if not times:
            return ()
        points = sorted(point for point, found in days.items() if found)
        bills = await self._billed.billed(tenant_id, points, from_ms(min(times)), from_ms(max(times) + 1))
        return tuple(
            BilledDays(str(one.usage_point_id), str(one.invoice_id), one.first_day, one.last_day)
            for one in bills
            if any(one.first_day <= day <= one.last_day for day in days[one.usage_point_id])
        )

    async def _asked_by(self, request_id: UUID | None) -> Edit | None:
        """The edit that an earlier try of the same request made, which did not live to tell."""
        if request_id is None:
            return None
        async with self._uow() as tx:
            found = await edit_store.asked_by(tx, request_id)
        if found and found[0].state is EditState.APPLYING:
            return await self._apply(current_caller().tenant_id, found[0])
        return found[0] if found else None

    async def _tell(self, tx: Tx, one: Edit, action: str, *, before: Edit | None) -> None:
        await tx.changed(
            kind="reading_edit",
            resource_id=one.edit_id,
            action=action,
            before=None if before is None else _form(before),
            after=_form(one),
        )


async def _found(tx: Tx, edit_id: UUID) -> Edit:
    found = await edit_store.get(tx, edit_id)
    if found is None:
        raise EditNotFound(edit_id)
    return found


def _check_pending(one: Edit) -> None:
    if one.state is not EditState.PENDING_APPROVAL:
        raise EditStateWrong(one.edit_id, one.state.name, EditState.PENDING_APPROVAL.name)


async def _settle(tx: Tx, one: Edit, state: QueueState) -> None:
    """The findings whose values an edit accepts, or does not accept any more."""
    if not one.accepted:
        return
    known = await queue_store.items_of(tx, [key for key, _ in one.accepted])
    steps = []
    for key, seen in one.accepted:
        before = known.get(key)
        after = Item(key, state, seen, before.assignee if before else "", one.reason_code, one.note, tx.now)
        steps.append(Step(before.state if before else QueueState.OPEN, after, one.edit_id))
    await queue_store.put(tx, steps, one.author)


def _form(one: Edit) -> dict[str, object]:
    return {
        "kind": one.kind.name,
        "state": one.state.name,
        "reason_code": one.reason_code,
        "note": one.note,
        "description": one.description,
        "author": one.author,
        "approver": one.approver,
        "decision_note": one.decision_note,
        "other_edit_id": "" if one.other_edit_id is None else str(one.other_edit_id),
        "series": [part.series for part in one.series],
        "value_count": one.value_count,
    }


def _event(name: str, one: Edit) -> OutboxEvent:
    points = {str(part.usage_point_id) for part in one.series}
    return OutboxEvent(
        type=name,
        subject=f"reading-edits/{one.edit_id}",
        payload=events_pb2.ReadingsEdited(edit=wire_edit(one, values=False)),
        severity="WARNING" if one.billed else "INFO",
        usage_point_id=points.pop() if len(points) == 1 else "",
        correlation_id=str(one.edit_id),
        event_time=from_ms(min(part.first_ms for part in one.series)),
    )
