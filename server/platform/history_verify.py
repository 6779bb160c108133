"""Verifies a chain: PostgreSQL computes every hash again, some ten thousand links a statement."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import sqlalchemy as sa

from server.platform.history_chain import FIRST_PREVIOUS, SQL_LINK_HASH
from server.platform.history_tables import change, change_head
from server.platform.uow import Tx

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a verification."""

    checked: int
    """Links that were looked at."""
    sequence: int
    """The last link that was looked at; 0: none."""
    hash: bytes
    """Its hash."""
    broken: int = 0
    """The first link that does not hold; 0: all hold."""
    description: str = ""

    @property
    def intact(self) -> bool:
        """Whether all hold."""
        return not self.broken


async def verify(tx: Tx, start: int = 0, end: int = 0) -> Verdict:
    """Verifies the links from ``start`` (0: the first) to ``end`` (0: the newest) of the tenant's chain."""
    head_sequence, head_hash = await _head(tx)
    first, last = start or 1, end or max(head_sequence, start)
    verdict = Verdict(0, 0, b"")
    async for verdict in _batches(tx, first, last):
        if not verdict.intact:
            return verdict
    reached = verdict.sequence
    if reached < last and (end or reached < head_sequence):
        return _broken(verdict, max(reached, first - 1) + 1, "is missing")
    if reached == head_sequence and reached and verdict.hash != head_hash:
        return _broken(verdict, reached, "is not the head of the chain, as it was made")
    stranger = None if start or end else await _stranger(tx, head_sequence)
    return verdict if stranger is None else _broken(verdict, stranger, "was put behind the head of the chain")


def _broken(verdict: Verdict, sequence: int, what: str) -> Verdict:
    said = f"change {sequence} {what}"
    return Verdict(verdict.checked, verdict.sequence, verdict.hash, sequence, said)


async def _head(tx: Tx) -> tuple[int, bytes]:
    query = sa.select(change_head.c.sequence, change_head.c.hash).where(
        change_head.c.tenant_id == tx.tenant_id
    )
    row = (await tx.conn.execute(query)).first()
    return (0, FIRST_PREVIOUS) if row is None else (row.sequence, bytes(row.hash))


async def _batches(tx: Tx, first: int, last: int) -> AsyncIterator[Verdict]:
    """The verdict after each batch; ends behind the first that is broken."""
    checked, before = 0, first - 1
    previous = FIRST_PREVIOUS if before == 0 else await _hash_of(tx, before)
    while before < last:
        row = (
            await tx.conn.execute(
                _VERIFY,
                {
                    "tenant": tx.tenant_id,
                    "after": before,
                    "last": last,
                    "rows": _BATCH,
                    "previous": previous,
                },
            )
        ).one()
        if not row.checked:
            return
        checked += row.checked
        if row.broken is not None:
            yield Verdict(checked, row.last_sequence, bytes(row.last_hash), *_told(row, before))
            return
        before, previous = row.last_sequence, bytes(row.last_hash)
        yield Verdict(checked, before, previous)


def _told(row: "sa.Row[tuple[object, ...]]", before: int) -> tuple[int, str]:
    broken, expected = row.broken, before + row.place
    if broken > expected:
        return expected, f"change {expected} is missing"
    if broken < expected:
        return broken, f"change {broken} is there twice"
    if row.unlinked:
        return broken, f"change {broken} does not go on from the change before it"
    return broken, f"change {broken} is not what it was when it was linked"


async def _hash_of(tx: Tx, sequence: int) -> bytes | None:
    """The hash of a link before the stretch; None: it is not there, and cannot be compared with."""
    query = sa.select(change.c.hash).where(change.c.tenant_id == tx.tenant_id, change.c.sequence == sequence)
    found: bytes | None = await tx.conn.scalar(query)
    return None if found is None else bytes(found)


async def _stranger(tx: Tx, head: int) -> int | None:
    """A link behind the head that the relay did not make."""
    beyond = sa.select(sa.func.min(change.c.sequence)).where(
        change.c.tenant_id == tx.tenant_id, change.c.sequence > head
    )
    # Linked since the head was read: the head has moved along.
    moved = sa.select(change_head.c.sequence).where(change_head.c.tenant_id == tx.tenant_id)
    query = sa.select(beyond.scalar_subquery(), moved.scalar_subquery())
    first, now = (await tx.conn.execute(query)).one()
    return None if first is None or first <= (now or 0) else int(first)


_VERIFY = sa.text(
    f"""
    WITH link AS (
        SELECT sequence, hash, {SQL_LINK_HASH} AS computed,
            row_number() OVER ordered AS place,
            previous_hash IS DISTINCT FROM
                lag(hash, 1, coalesce(CAST(:previous AS bytea), previous_hash)) OVER ordered AS unlinked
        FROM (
            SELECT * FROM change
            WHERE tenant_id = :tenant AND sequence > :after AND sequence <= :last
            ORDER BY sequence LIMIT :rows
        ) AS batch
        WINDOW ordered AS (ORDER BY sequence)
    ), wrong AS (
        SELECT * FROM link WHERE sequence <> :after + place OR unlinked OR hash <> computed
        ORDER BY place LIMIT 1
    )
    SELECT count(*) AS checked, max(sequence) AS last_sequence,
        (SELECT hash FROM link ORDER BY place DESC LIMIT 1) AS last_hash,
        (SELECT sequence FROM wrong) AS broken,
        (SELECT place FROM wrong) AS place,
        (SELECT unlinked FROM wrong) AS unlinked
    FROM link
    """  # noqa: S608 - an expression of ours
)
