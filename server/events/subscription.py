"""Subscribing, pulling, listing: from a token on, without a hole and without a repeat."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import accumulate
from time import monotonic
from uuid import UUID

from server.events.domain import Batch, Event, Filter, Span
from server.events.errors import ResumeTokenExpired, ResumeTokenInvalid
from server.events.log import Log
from server.events.tail import Tail, Tails
from server.events.visible import SeenByCaller
from server.platform.caller import current_caller
from server.platform.deadline import remaining_seconds
from server.platform.errors import PageTokenMismatch
from server.platform.paging import Pages

HEARTBEAT = timedelta(seconds=10)
STREAM_BATCH = 500
LARGEST_MESSAGE_BYTES = 2 * 1024 * 1024
"""Events of one message; a client that sets nothing takes four MiB."""
DEFAULT_PULL = 100
LONGEST_PULL = timedelta(seconds=60)
_SCAN = 5_000
_ANSWER_MARGIN_SECONDS = 0.25
_ENVELOPE_BYTES = 400


class Subscriptions:
    """What callers may do with their tenant's log."""

    def __init__(
        self,
        log: Log,
        tails: Tails,
        pages: Pages,
        seen: SeenByCaller,
        *,
        heartbeat: timedelta = HEARTBEAT,
    ) -> None:
        self._seen = seen
        self._log = log
        self._tails = tails
        self._pages = pages
        self._heartbeat = heartbeat.total_seconds()

    def token(self, which: Filter, position: int) -> str:
        """The token that resumes right after a position, for this filter and the caller's tenant."""
        return self._pages.encode((position,), bound_to=_bound(which))

    async def stream(self, which: Filter, token: str, *, from_start: bool) -> AsyncGenerator[Batch]:
        """Batches after the token, for ever; empty ones are heartbeats, and the first one comes at once."""
        tenant_id = current_caller().tenant_id
        position = await self._begin(tenant_id, which, token, from_start=from_start)
        seen = await self._seen(which)
        async with self._tails.follow(tenant_id) as tail:
            yield Batch((), position, tail.last)
            told = monotonic()
            while True:
                batch = await self._next(tenant_id, tail, seen, position, STREAM_BATCH)
                stood, position = position, batch.position
                if batch.events or monotonic() - told >= self._heartbeat:
                    yield batch
                    told = monotonic()
                    if not batch.events:
                        # Meters move: what lies within the scope now may not be what did.
                        seen = await self._seen(which)
                elif position == stood:
                    await tail.news(position, max(told + self._heartbeat - monotonic(), 0))

    async def pull(
        self, which: Filter, token: str, *, from_start: bool, most: int, longest: timedelta
    ) -> Batch:
        """The next events after the token; waits for the first one, but no longer than ``longest``."""
        tenant_id = current_caller().tenant_id
        seconds = min(longest, LONGEST_PULL).total_seconds()
        remaining = remaining_seconds()
        if remaining is not None:
            seconds = min(seconds, remaining - _ANSWER_MARGIN_SECONDS)
        end = monotonic() + seconds
        position = await self._begin(tenant_id, which, token, from_start=from_start)
        seen = await self._seen(which)
        async with self._tails.follow(tenant_id) as tail:
            while True:
                batch = await self._next(tenant_id, tail, seen, position, most or DEFAULT_PULL)
                left = end - monotonic()
                if batch.events or left <= 0:
                    return batch
                if batch.position == position:
                    await tail.news(position, left)
                position = batch.position

    async def page(self, which: Filter, span: Span, *, size: int, token: str) -> tuple[list[Event], str]:
        """A page of events, newest first, and the token of the next one."""
        tenant_id = current_caller().tenant_id
        page = self._pages.page(size, token, bound_to=("events-list", tenant_id, which, span))
        seen = await self._seen(which)
        events = await self._log.newest(tenant_id, page.after_value, seen, span, page.limit)
        return page.cut(events, lambda event: (event.sequence,))

    async def _begin(self, tenant_id: UUID, which: Filter, token: str, *, from_start: bool) -> int:
        try:
            key = self._pages.decode(token, bound_to=_bound(which))
        except PageTokenMismatch:
            raise ResumeTokenInvalid("is not a token of this filter, or was changed") from None
        marks = await self._log.marks(tenant_id)
        if key is None:
            return marks.floor if from_start else marks.last
        position = int(key[0])
        if position > marks.last:
            # The database was restored to an earlier moment: what followed the token was never told.
            raise ResumeTokenInvalid(f"points to event {position}, the log ends at {marks.last}")
        if position < marks.floor:
            raise ResumeTokenExpired(position, marks.floor)
        return position

    async def _next(self, tenant_id: UUID, tail: Tail, which: Filter, position: int, limit: int) -> Batch:
        held = tail.after(position, _SCAN)
        if held is None:
            return _cut(await self._log.after(tenant_id, position, which, limit))
        wanted = [event for event in held if which.match(event)]
        reached = wanted[limit - 1].sequence if len(wanted) >= limit else position + len(held)
        return _cut(Batch(tuple(wanted[:limit]), reached, tail.last))


def _cut(batch: Batch) -> Batch:
    """The batch, or the beginning of it that fits a message; one event always does."""
    sizes = accumulate(len(event.payload) + _ENVELOPE_BYTES for event in batch.events)
    fitting = sum(1 for size in sizes if size <= LARGEST_MESSAGE_BYTES)
    if fitting >= len(batch.events):
        return batch
    kept = batch.events[: max(fitting, 1)]
    return Batch(kept, kept[-1].sequence, batch.last)


def _bound(which: Filter) -> object:
    return ("events", current_caller().tenant_id, which.key)
