"""Subscribing: from a token on, without a hole and without a repeat."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from server.platform.caller import current_caller
from server.platform.errors import PageTokenMismatch
from server.platform.hints import hinted
from server.platform.paging import Pages
from server.readings.live.domain import (
    FINAL,
    MESSAGE_ROWS,
    RAW,
    Entry,
    Finals,
    Gap,
    Marks,
    Message,
    Position,
    RawPart,
    Rows,
    Start,
    Told,
    joined,
)
from server.readings.live.errors import ResumeTokenInvalid
from server.readings.live.log import NO_ROWS, LiveLog
from server.readings.live.ports import LiveDirectory
from server.readings.live.selection import Selection, Wish, look_up
from server.readings.live.tail import Tail, Tails

HEARTBEAT = timedelta(seconds=10)
LOOK_UP_SECONDS = 1.0
"""How often it is looked up again what a wish means; seldomer where that takes long."""
_PATIENCE = 20
_JOIN_ROWS = 200_000
"""Rows of batches that are read from the log together."""


@dataclass(slots=True)
class _Chosen:
    """What a wish meant when it was last looked up."""

    selection: Selection
    until: float


class Subscriptions:
    """Streams of readings for callers."""

    def __init__(
        self,
        log: LiveLog,
        tails: Tails,
        directory: LiveDirectory,
        pages: Pages,
        clock: Callable[[], datetime],
        *,
        heartbeat: timedelta = HEARTBEAT,
    ) -> None:
        self._log = log
        self._tails = tails
        self._directory = directory
        self._pages = pages
        self._clock = clock
        self._heartbeat = heartbeat.total_seconds()

    def token(self, position: Position, asked: object) -> str:
        """The token that resumes right after a position; ``asked`` is the request without a token."""
        return self._pages.encode(position.key, bound_to=_bound(asked))

    async def stream(self, wish: Wish, stage: str, token: str, asked: object) -> AsyncGenerator[Message]:
        """Messages after the token, for ever; the first one comes at once.

        Raises ResumeTokenInvalid for one that is not of this request, or points behind the end of the log.
        """
        tenant_id = current_caller().tenant_id
        position = await self._begin(tenant_id, token, asked)
        yield Message(position, Start(self._clock(), bool(token), self._log.oldest))
        chosen = await self._choose(tenant_id, wish)
        async with self._tails.follow(tenant_id) as tail:
            if stage != FINAL:
                gap, position = await self._gap(tenant_id, position, tail.marks.last)
                if gap is not None:
                    yield Message(position, gap)
            takes: list[Callable[..., Any]] = [] if stage == FINAL else [self._raw]
            takes += [] if stage == RAW else [self._final]
            told = monotonic()
            while True:
                fresh, stood = tail.fresh(), position
                content: RawPart | Finals | None = None
                if monotonic() >= chosen.until:
                    chosen = await self._choose(tenant_id, wish)
                for take in takes:
                    content, position = await take(tenant_id, tail, chosen.selection, position)
                    if content is not None:
                        break
                # Who has much of one kind gets the other kind in between.
                takes = takes[::-1]
                now = monotonic()
                if content is not None or now - told >= self._heartbeat:
                    yield Message(position, content, _caught_up(position, tail.marks, stage))
                    told = monotonic()
                elif position == stood:
                    await hinted(fresh, max(told + self._heartbeat - now, 0))

    async def _begin(self, tenant_id: UUID, token: str, asked: object) -> Position:
        try:
            key = self._pages.decode(token, bound_to=_bound(asked))
        except PageTokenMismatch:
            raise ResumeTokenInvalid("is not a token of this request, or was changed") from None
        marks = await self._log.marks(tenant_id)
        if key is None:
            return Position(marks.last, version=marks.version)
        position = Position(*map(int, key))
        if position.batch > marks.last:
            # The database was restored to an earlier moment: what followed the token was never told.
            raise ResumeTokenInvalid(f"points to batch {position.batch}, the log ends at {marks.last}")
        return position

    async def _choose(self, tenant_id: UUID, wish: Wish) -> _Chosen:
        began = monotonic()
        selection = await look_up(self._directory, tenant_id, wish)
        took = monotonic() - began
        return _Chosen(selection, began + took + max(LOOK_UP_SECONDS, took * _PATIENCE))

    async def _gap(self, tenant_id: UUID, position: Position, last: int) -> tuple[Gap | None, Position]:
        """What cannot be told any more of what follows a position, and the position behind it."""
        oldest = self._log.oldest
        following = await self._log.entries(tenant_id, position.batch, 1)
        if not following or following[0].stored >= oldest:
            return None, position
        first = await self._log.first_since(tenant_id, position.batch, last, oldest)
        return (
            Gap(following[0].stored, oldest),
            replace(position, batch=first - 1, channel=0, time_ms=0),
        )

    async def _raw(
        self, tenant_id: UUID, tail: Tail, selection: Selection, position: Position
    ) -> tuple[RawPart | None, Position]:
        """The next raw readings and the position behind them, or behind what was looked at."""
        held = tail.after(position.batch)
        if held is None:
            return await self._from_log(tenant_id, selection, position)
        return await self._together(tenant_id, selection, position, held)

    async def _from_log(
        self, tenant_id: UUID, selection: Selection, position: Position
    ) -> tuple[RawPart | None, Position]:
        entries = await self._log.entries(tenant_id, position.batch, _JOIN_ROWS)
        if not entries:
            return None, position
        alone = position.channel > 0 or entries[0].rows > _JOIN_ROWS
        if not alone:
            found = {
                one.entry.position: one
                for one in await self._log.read(tenant_id, entries, selection.channels)
            }
            held = [found.get(one.position) or Told(one, NO_ROWS) for one in entries]
            return await self._together(tenant_id, selection, position, held)
        return await self._part_of_large(tenant_id, selection, position, entries[0])

    async def _together(
        self, tenant_id: UUID, selection: Selection, position: Position, held: Sequence[Told]
    ) -> tuple[RawPart | None, Position]:
        """One message of the batches that follow a position."""
        parts: list[Told] = []
        count = 0
        for told in held:
            rows = told.rows
            if position.channel and told.entry.position == position.batch + 1:
                rows = rows.behind(position.channel, position.time_ms)
            kept = await selection.kept(self._directory, tenant_id, rows)
            if parts and count + len(kept) > MESSAGE_ROWS:
                break
            parts.append(Told(told.entry, kept))
            count += len(kept)
        return _message(parts, position)

    async def _part_of_large(
        self, tenant_id: UUID, selection: Selection, position: Position, entry: Entry
    ) -> tuple[RawPart | None, Position]:
        """A batch that is too large to be read at once, stretch by stretch."""
        behind, limit = (position.channel, position.time_ms), 4 * MESSAGE_ROWS
        found = await self._log.read(tenant_id, [entry], selection.channels, behind, limit)
        rows = found[0].rows if found else NO_ROWS
        if len(rows) < limit:
            kept = await selection.kept(self._directory, tenant_id, rows)
            return _message([Told(entry, kept)], position)
        # What shares its channel and time with the last row may have been cut off.
        rows = rows.only((rows.channel != rows.channel[-1]) | (rows.time_ms != rows.time_ms[-1]))
        kept = await selection.kept(self._directory, tenant_id, rows)
        message, reached = _message([Told(entry, kept)], position)
        if not reached.channel:
            end = {"channel": int(rows.channel[-1]), "time_ms": int(rows.time_ms[-1])}
            reached = replace(position, batch=entry.position - 1, **end)
        return message, reached

    async def _final(
        self, tenant_id: UUID, tail: Tail, selection: Selection, position: Position
    ) -> tuple[Finals | None, Position]:
        """The next final values and the position behind them."""
        upto = position.upto
        if not upto:
            upto = await self._log.next_version(tenant_id, position.version, tail.marks.version)
            if not upto:
                return None, position
        found, reached = await self._log.finals(
            tenant_id, position.version, upto, position.series, selection.series, MESSAGE_ROWS
        )
        if reached:
            behind = replace(position, upto=upto, series=reached)
        else:
            behind = replace(position, version=upto, upto=0, series=0)
        return (found if len(found) else None), behind


def _message(parts: Sequence[Told], position: Position) -> tuple[RawPart | None, Position]:
    """One message of batches, or of the beginning of the first one, and the position behind it."""
    if not parts:
        return None, position
    first = parts[0]
    fitting = first.rows.upto(MESSAGE_ROWS)
    if fitting < len(first.rows):
        rows = first.rows
        cut = Rows(
            rows.channel[:fitting], rows.time_ms[:fitting], rows.value_micro[:fitting], rows.quality[:fitting]
        )
        reached = replace(
            position,
            batch=first.entry.position - 1,
            channel=int(cut.channel[-1]),
            time_ms=int(cut.time_ms[-1]),
        )
        return RawPart(cut, first.entry.stored), reached
    reached = replace(position, batch=parts[-1].entry.position, channel=0, time_ms=0)
    there = [one for one in parts if len(one.rows)]
    if not there:
        return None, reached
    return RawPart(joined([one.rows for one in there]), there[-1].entry.stored), reached


def _caught_up(position: Position, marks: Marks, stage: str) -> bool:
    raw = position.batch >= marks.last and not position.channel
    final = position.version >= marks.version and not position.upto
    return (stage == FINAL or raw) and (stage == RAW or final)


def _bound(asked: object) -> object:
    return "live", current_caller().tenant_id, asked
