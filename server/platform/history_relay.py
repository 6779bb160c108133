"""Links committed changes into the chain of their tenant, in the order in which they were written.

Writers never wait for one another: they put changes into ``change_pending``, and one worker at a time moves
them into ``change``, gives them their numbers and hashes, and moves the head of the chain along, all in one
transaction: exactly once, whoever is killed when. Changes of one resource, whose writers wait for its lock,
are linked in the order of their commits.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.history_chain import FIRST_PREVIOUS, link_hash
from server.platform.history_tables import COPIED, change_head, change_pending
from server.platform.relay import keep_relaying
from server.platform.sql import among
from server.platform.uow import Tx, UnitOfWork

_BATCH = 2000
_LOCK = 0x53_4D_42_48


@dataclass(frozen=True, slots=True)
class _Head:
    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChangeRelay:
    """The one that links; every worker has it, one at a time works."""

    uow: UnitOfWork
    poll_seconds: float = 1.0

    async def run(self, wake: asyncio.Event, stop: asyncio.Event) -> None:
        """Links whenever ``wake`` is set, and every ``poll_seconds``, until ``stop`` is set."""
        await keep_relaying("changes", self.round, self.poll_seconds, wake, stop)

    async def round(self) -> int:
        """Links one batch; returns how many."""
        async with self.uow.system() as tx:
            mine = await tx.conn.scalar(sa.text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
            if not mine:
                return 0
            query = sa.select(change_pending).order_by(change_pending.c.id).limit(_BATCH)
            rows = (await tx.conn.execute(query)).mappings().all()
            if rows:
                await _link(tx, rows)
        return len(rows)


async def _link(tx: Tx, rows: Sequence[Mapping[Any, Any]]) -> None:
    heads = await _heads(tx, {row["tenant_id"] for row in rows})
    links: list[tuple[int, int, bytes, bytes]] = []
    for row in rows:
        head = heads[row["tenant_id"]]
        sequence = head.sequence + 1
        made = link_hash(row, sequence, head.hash)
        links.append((row["id"], sequence, head.hash, made))
        heads[row["tenant_id"]] = _Head(sequence, made)
    ids, sequences, previous, hashes = zip(*links, strict=True)
    await tx.conn.execute(
        _MOVE,
        {
            "ids": list(ids),
            "sequences": list(sequences),
            "previous": list(previous),
            "hashes": list(hashes),
        },
    )
    await tx.conn.execute(
        sa.update(change_head)
        .where(change_head.c.tenant_id == sa.bindparam("of"))
        .values(sequence=sa.bindparam("to"), hash=sa.bindparam("made")),
        [{"of": tenant_id, "to": head.sequence, "made": head.hash} for tenant_id, head in heads.items()],
    )


async def _heads(tx: Tx, tenants: set[UUID]) -> dict[UUID, _Head]:
    """The heads of the chains, made where there is none."""
    fresh = [{"tenant_id": one, "sequence": 0, "hash": FIRST_PREVIOUS} for one in sorted(tenants)]
    await tx.conn.execute(pg.insert(change_head).values(fresh).on_conflict_do_nothing())
    query = sa.select(change_head).where(among(change_head.c.tenant_id, tenants)).with_for_update()
    found = await tx.conn.execute(query)
    return {row.tenant_id: _Head(row.sequence, bytes(row.hash)) for row in found}


_MOVE = sa.text(
    """
    WITH link AS (
        SELECT * FROM unnest(
            CAST(:ids AS bigint[]), CAST(:sequences AS bigint[]),
            CAST(:previous AS bytea[]), CAST(:hashes AS bytea[])
        ) AS one (id, sequence, previous_hash, hash)
    ), gone AS (
        DELETE FROM change_pending USING link WHERE change_pending.id = link.id
        RETURNING tenant_id, sequence, previous_hash, hash, COLUMNS
    )
    INSERT INTO change (tenant_id, sequence, previous_hash, hash, COLUMNS)
    SELECT tenant_id, sequence, previous_hash, hash, COLUMNS FROM gone ORDER BY tenant_id, sequence
    """.replace("COLUMNS", ", ".join(COPIED))
)
