"""The ledger of blocks in PostgreSQL: who stores what, and what is stored already.

A batch is claimed before its rows go to ClickHouse and marked afterwards. A block that is claimed and not
marked may or may not be stored: the process that claimed it knows, and where that died, nobody does. Then
the batch is fenced (see ``raw_store``) and whatever is not there is stored as part of another batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.uow import Tx
from server.readings.ingest.checks import RejectedRow, json_of, of_json
from server.readings.ingest.instance import alive
from server.readings.tables import ingest_batch, ingest_block

Key = tuple[str, int]
"""Source and sequence of a block."""

_UNSIGNED = 1 << 64


def signed(sequence: int) -> int:
    """A sequence as PostgreSQL keeps it: the same 64 bits, signed."""
    return sequence - _UNSIGNED if sequence >= _UNSIGNED >> 1 else sequence


def unsigned(kept: int) -> int:
    """A sequence from PostgreSQL."""
    return kept % _UNSIGNED


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger is told of a block."""

    key: Key
    digest: bytes
    stored: int
    rejected_count: int
    rejected: tuple[RejectedRow, ...]
    dead_lettered: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger holds of a block that it has seen before."""

    key: Key
    digest: bytes
    batch_id: int
    doubtful: tuple[int, ...]
    instance: int
    done: bool
    stored: int
    rejected_count: int
    rejected: tuple[RejectedRow, ...]
    dead_lettered: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A batch of which nobody knows whether it was stored."""

    batch_id: int
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of the attempt to claim blocks."""

    batch_id: int
    """The new batch; 0 when there is nothing to store."""
    fresh: frozenset[Key]
    """Blocks that nobody had claimed."""
    adopted: tuple[Known, ...]
    """Blocks that a dead process had claimed; the new batch takes them over."""
    doubts: tuple[Doubt, ...]
    """The batches that the adopted blocks were in."""
    known: tuple[Known, ...]
    """Blocks that are stored, or that another living process is storing now."""


class Ledger:
    """Reads and writes the ledger within a transaction of the tenant."""

    async def claim(self, tx: Tx, instance: int, months: Sequence[int], entries: Sequence[Entry]) -> Claim:
        """Claims blocks for a new batch of this instance."""
        batch_id = await self._new_batch(tx, instance, months, sum(entry.stored for entry in entries))
        fresh = await self._insert(tx, batch_id, entries)
        if len(fresh) == len(entries):
            return Claim(batch_id, fresh, (), (), ())
        known = await self._known(tx, [entry.key for entry in entries if entry.key not in fresh])
        living = await alive(tx.conn) - {instance}
        digests = {entry.key: entry.digest for entry in entries}
        adopted = tuple(
            k for k in known if not k.done and k.instance not in living and k.digest == digests[k.key]
        )
        doubts = await self._adopt(tx, batch_id, adopted)
        if not fresh and not adopted:
            await tx.conn.execute(sa.delete(ingest_batch).where(ingest_batch.c.batch_id == batch_id))
            batch_id = 0
        taken = {k.key for k in adopted}
        return Claim(batch_id, fresh, adopted, doubts, tuple(k for k in known if k.key not in taken))

    async def finish(self, tx: Tx, batch_id: int) -> None:
        """Marks a batch as stored: its blocks are acknowledged from now on, and validation takes it up."""
        await tx.conn.execute(
            sa.update(ingest_batch).where(ingest_batch.c.batch_id == batch_id).values(store_time=tx.now)
        )

    async def _new_batch(self, tx: Tx, instance: int, months: Sequence[int], rows: int) -> int:
        made = await tx.conn.execute(
            sa.insert(ingest_batch)
            .values(
                tenant_id=tx.tenant_id,
                instance=instance,
                months=list(months),
                row_count=rows,
                claim_time=tx.now,
            )
            .returning(ingest_batch.c.batch_id)
        )
        return int(made.scalar_one())

    async def _insert(self, tx: Tx, batch_id: int, entries: Sequence[Entry]) -> frozenset[Key]:
        rows = [
            {
                "tenant_id": tx.tenant_id,
                "source": entry.key[0],
                "sequence": signed(entry.key[1]),
                "digest": entry.digest,
                "batch_id": batch_id,
                "stored": entry.stored,
                "rejected_count": entry.rejected_count,
                "rejected": json_of(entry.rejected),
                "dead_lettered": entry.dead_lettered,
            }
            # In one order everywhere, so that two servers never wait for each other.
            for entry in sorted(entries, key=lambda entry: entry.key)
        ]
        insert = pg.insert(ingest_block).values(rows).on_conflict_do_nothing()
        made = await tx.conn.execute(insert.returning(ingest_block.c.source, ingest_block.c.sequence))
        return frozenset((source, unsigned(sequence)) for source, sequence in made)

    async def _known(self, tx: Tx, keys: Sequence[Key]) -> list[Known]:
        wanted = sa.tuple_(ingest_block.c.source, ingest_block.c.sequence).in_(
            [(source, signed(sequence)) for source, sequence in keys]
        )
        rows = await tx.conn.execute(
            sa.select(ingest_block, ingest_batch.c.instance, ingest_batch.c.store_time)
            .join(
                ingest_batch,
                (ingest_batch.c.tenant_id == ingest_block.c.tenant_id)
                & (ingest_batch.c.batch_id == ingest_block.c.batch_id),
            )
            .where(wanted)
            .order_by(ingest_block.c.source, ingest_block.c.sequence)
            .with_for_update(of=ingest_block)
        )
        return [_known(row) for row in rows]

    async def _adopt(self, tx: Tx, batch_id: int, adopted: Sequence[Known]) -> tuple[Doubt, ...]:
        for known in adopted:
            doubtful = sorted({*known.doubtful, known.batch_id})
            await tx.conn.execute(
                sa.update(ingest_block)
                .where(ingest_block.c.source == known.key[0], ingest_block.c.sequence == signed(known.key[1]))
                .values(batch_id=batch_id, doubtful=doubtful)
            )
        numbers = {number for known in adopted for number in (*known.doubtful, known.batch_id)}
        if not numbers:
            return ()
        rows = await tx.conn.execute(
            sa.select(ingest_batch.c.batch_id, ingest_batch.c.months).where(
                ingest_batch.c.batch_id.in_(numbers)
            )
        )
        return tuple(Doubt(number, tuple(months)) for number, months in rows)


def _known(row: sa.Row[Any]) -> Known:
    return Known(
        key=(row.source, unsigned(row.sequence)),
        digest=bytes(row.digest),
        batch_id=row.batch_id,
        doubtful=tuple(row.doubtful),
        instance=row.instance,
        done=row.store_time is not None,
        stored=row.stored,
        rejected_count=row.rejected_count,
        rejected=tuple(of_json(row.rejected)),
        dead_lettered=row.dead_lettered,
    )
