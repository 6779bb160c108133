"""Overload is refused early, before it costs anything: a server that is full says when to come again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from server.platform.errors import ResourceExhausted
from server.platform.rpc.call import Call, Step

_RETRY_AFTER = timedelta(seconds=0.5)


class ServerFull(ResourceExhausted):
    """As many calls as this server takes are under way."""

    def __init__(self, kind: str, limit: int) -> None:
        super().__init__(f"{limit} {kind} are under way", retry_after=_RETRY_AFTER, kind=kind, limit=limit)


def admitted(max_calls: int, max_streams: int) -> Step:
    """The step. Public methods always pass: a full server is still healthy."""
    under_way = {"calls": 0, "streams": 0}
    limits = {"calls": max_calls, "streams": max_streams}

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        kind = "streams" if call.streaming else "calls"
        if under_way[kind] >= limits[kind] and not call.method.public:
            raise ServerFull(kind, limits[kind])
        under_way[kind] += 1
        try:
            yield
        finally:
            under_way[kind] -= 1

    return step
