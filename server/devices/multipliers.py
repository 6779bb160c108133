"""Multipliers of installations through time: the one that an installation began with, and the changes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.devices.domain import EffectiveMultiplier, Installation
from server.devices.exchange_tables import installation_multiplier
from server.platform.sql import among
from server.platform.uow import Tx

_table = installation_multiplier


def changes_query(tenant_id: UUID, installation_ids: Iterable[UUID]) -> sa.Select[Any]:
    """The changes of some installations, oldest first."""
    columns = _table.c
    return (
        sa.select(
            columns.installation_id,
            columns.effective_from,
            columns.multiplier,
            columns.current_ratio,
            columns.voltage_ratio,
        )
        .where(columns.tenant_id == tenant_id, among(columns.installation_id, installation_ids))
        .order_by(columns.installation_id, columns.effective_from)
    )


async def of(tx: Tx, installations: Sequence[Installation]) -> list[Installation]:
    """The installations with all their multipliers, in the same order."""
    query = changes_query(tx.tenant_id, [one.installation_id for one in installations])
    found: dict[UUID, list[EffectiveMultiplier]] = {}
    for row in await tx.conn.execute(query):
        found.setdefault(row[0], []).append(EffectiveMultiplier(*row[1:]))
    return [replace(one, multipliers=whole(one, found.get(one.installation_id, []))) for one in installations]


def whole(
    installation: Installation, changes: Sequence[EffectiveMultiplier]
) -> tuple[EffectiveMultiplier, ...]:
    """The first one and the changes; a change at the very beginning takes the place of the first."""
    if changes and changes[0].effective_from == installation.start:
        return tuple(changes)
    return (EffectiveMultiplier(installation.start, installation.multiplier), *changes)


def at(installation: Installation, time: datetime) -> EffectiveMultiplier:
    """The one in force at an instant of the installation."""
    return next(one for one in reversed(installation.multipliers) if one.effective_from <= time)


async def write(tx: Tx, installation_id: UUID, change: EffectiveMultiplier) -> None:
    """Stores a change; one of the same instant takes the place of an earlier one."""
    values = {
        "multiplier": change.multiplier,
        "current_ratio": change.current_ratio,
        "voltage_ratio": change.voltage_ratio,
    }
    insert = pg.insert(_table).values(
        tenant_id=tx.tenant_id,
        installation_id=installation_id,
        effective_from=change.effective_from,
        **values,
    )
    await tx.conn.execute(insert.on_conflict_do_update(constraint=_table.primary_key, set_=values))
