"""SQL of kept frames."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.ids import new_id
from server.platform.uow import Tx
from server.readings.frames.domain import Frame, FrameFilter, FrameState, NewFrame, Outcome
from server.readings.frames.tables import frame

STUCK_AFTER: Final = timedelta(minutes=5)
"""A replay of which nothing was heard for so long is taken for lost."""


class FrameStore:
    """Reads and writes frames within a transaction; row-level security keeps tenants apart."""

    async def keep(self, tx: Tx, frames: Sequence[NewFrame]) -> int:
        """Inserts frames, or renews the reason of those with the same key; returns how many are new.

        A frame that was read at last stays so: a late repeat of the first failure does not undo it.
        """
        rows = [_row(tx, one) for one in frames]
        insert = pg.insert(frame).values(rows)
        renewed = insert.on_conflict_do_update(
            index_elements=[frame.c.tenant_id, frame.c.adapter, frame.c.frame_key],
            set_={name: insert.excluded[name] for name in ("reason", "description", "update_time")},
            where=frame.c.state != FrameState.DECODED,
        )
        # xmax is 0 on rows that this statement made.
        made = await tx.conn.execute(renewed.returning(sa.literal_column("xmax") == 0))
        return sum(bool(new) for (new,) in made)

    async def get(self, tx: Tx, frame_id: UUID) -> Frame | None:
        """One frame, or None."""
        row = (await tx.conn.execute(sa.select(frame).where(frame.c.frame_id == frame_id))).first()
        return None if row is None else _frame(row)

    async def page(
        self, tx: Tx, wanted: FrameFilter, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Frame]:
        """Frames, newest first, starting behind the given (create_time, frame_id)."""
        query = sa.select(frame)
        if wanted.dev_eui:
            query = query.where(frame.c.dev_eui == wanted.dev_eui)
        if wanted.state is not None:
            query = query.where(frame.c.state == wanted.state)
        if wanted.reason:
            query = query.where(frame.c.reason == wanted.reason)
        if after is not None:
            query = query.where(sa.tuple_(frame.c.create_time, frame.c.frame_id) < sa.tuple_(*after))
        query = query.order_by(frame.c.create_time.desc(), frame.c.frame_id.desc()).limit(limit)
        return [_frame(row) for row in await tx.conn.execute(query)]

    async def take_for_replay(
        self, tx: Tx, *, ids: Sequence[UUID], dev_euis: Sequence[str] | None, limit: int
    ) -> list[Frame]:
        """Marks frames as replaying and returns them, oldest first.

        Named ids are taken in any state; without ids only what is unreadable, or was being replayed and
        nothing was heard of it.
        """
        query = sa.select(frame.c.frame_id)
        if ids:
            query = query.where(frame.c.frame_id.in_(ids))
        else:
            stuck = sa.and_(frame.c.state == FrameState.REPLAYING, frame.c.update_time < tx.now - STUCK_AFTER)
            query = query.where(sa.or_(frame.c.state == FrameState.UNREADABLE, stuck))
        if dev_euis is not None:
            query = query.where(frame.c.dev_eui == sa.any_(pg.array(dev_euis, type_=sa.Text)))
        chosen = query.order_by(frame.c.create_time, frame.c.frame_id).limit(limit).with_for_update()
        update = (
            sa.update(frame)
            .where(frame.c.frame_id.in_(chosen))
            .values(state=FrameState.REPLAYING, update_time=tx.now)
            .returning(*frame.c)
        )
        taken = [_frame(row) for row in await tx.conn.execute(update)]
        return sorted(taken, key=lambda one: (one.create_time, one.frame_id))

    async def settle(self, tx: Tx, outcomes: Sequence[Outcome]) -> None:
        """Writes what became of replayed frames; frames that are not there are passed over."""
        update = (
            sa.update(frame)
            .where(frame.c.frame_id == sa.bindparam("b_frame_id"))
            .values(
                state=sa.bindparam("b_state"),
                reason=sa.case(
                    (sa.bindparam("b_reason", type_=sa.Text) == "", frame.c.reason),
                    else_=sa.bindparam("b_reason", type_=sa.Text),
                ),
                description=sa.bindparam("b_description"),
                attempts=frame.c.attempts + 1,
                update_time=tx.now,
            )
        )
        await tx.conn.execute(update, [_settled(one) for one in outcomes])


def _row(tx: Tx, new: NewFrame) -> dict[str, Any]:
    return {
        "tenant_id": tx.tenant_id,
        "frame_id": new_id(),
        "adapter": new.adapter,
        "dev_eui": new.dev_eui,
        "frame_key": new.frame_key,
        "event": new.event,
        "topic": new.topic,
        "receive_time": new.receive_time,
        "reason": new.reason,
        "description": new.description,
        "state": FrameState.UNREADABLE,
        "attempts": 1,
        "create_time": tx.now,
        "update_time": tx.now,
    }


def _settled(outcome: Outcome) -> dict[str, Any]:
    return {
        "b_frame_id": outcome.frame_id,
        "b_state": FrameState.DECODED if outcome.decoded else FrameState.UNREADABLE,
        "b_reason": outcome.reason,
        "b_description": outcome.description,
    }


def _frame(row: sa.Row[Any]) -> Frame:
    return Frame(
        frame_id=row.frame_id,
        adapter=row.adapter,
        dev_eui=row.dev_eui,
        frame_key=row.frame_key,
        event=bytes(row.event),
        topic=row.topic,
        receive_time=row.receive_time,
        reason=row.reason,
        description=row.description,
        state=FrameState(row.state),
        attempts=row.attempts,
        create_time=row.create_time,
        update_time=row.update_time,
    )
