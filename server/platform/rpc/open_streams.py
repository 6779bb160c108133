"""Streams end when their callers lose the right to them.

A call is checked when it begins. A stream can live for days, so its credential is looked at again and again:
revoked, expired, suspended or without the permission, it ends with the error that a new call would get.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from server.platform.caller import Caller, current_caller
from server.platform.errors import ResourceExhausted, SimbaError, Unauthenticated, Unavailable
from server.platform.rpc.authentication import Authenticator, credential_in
from server.platform.rpc.call import Call, Step
from server.platform.rpc.permission import check_permitted

_SOONEST_SECONDS = 0.05


class RightsChanged(Unavailable):
    """The caller may see or do something else than when the stream began; the next stream keeps to it."""

    def __init__(self) -> None:
        super().__init__(
            "your rights have changed; call again", retry_after=timedelta(seconds=0), engine="server"
        )


class CredentialExpired(Unauthenticated):
    """The credential has expired while the stream was open."""

    reason = "CREDENTIAL_EXPIRED"


class _Watch:
    """Looks at the caller of one stream until it must end, and then says why."""

    def __init__(
        self, authenticator: Authenticator, every_seconds: float, clock: Callable[[], datetime]
    ) -> None:
        self._authenticator = authenticator
        self._every_seconds = every_seconds
        self._clock = clock

    async def __call__(self, call: Call, began_as: Caller) -> SimbaError:
        credential = credential_in(call)
        known = began_as
        while True:
            await asyncio.sleep(_pause(known.expire_time, self._every_seconds, self._clock()))
            try:
                known = await self._authenticator.authenticate(credential)
                check_permitted(call.method, known)
            except (Unavailable, ResourceExhausted):
                # Nobody can say now; what is known to have expired has.
                if known.expire_time is not None and known.expire_time <= self._clock():
                    return CredentialExpired("the credential has expired")
            except SimbaError as error:
                return error
            if _rights(known) != _rights(began_as):
                return RightsChanged()


def kept_to_rights(authenticator: Authenticator, every_seconds: float, clock: Callable[[], datetime]) -> Step:
    """The step. ``every_seconds`` is how often it is looked."""
    watch = _Watch(authenticator, every_seconds, clock)

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        if not call.streaming or call.method.public:
            yield
            return
        async with _ended_by(asyncio.create_task(watch(call, current_caller()))):
            yield

    return step


@asynccontextmanager
async def _ended_by(watcher: asyncio.Task[SimbaError]) -> AsyncIterator[None]:
    """Cancels the block when the watcher is done, and raises what it found."""
    stream = asyncio.current_task()
    assert stream is not None
    why: list[BaseException] = []
    over = False

    def end(watcher: asyncio.Task[SimbaError]) -> None:
        if not over and not watcher.cancelled():
            why.append(watcher.exception() or watcher.result())
            stream.cancel()

    watcher.add_done_callback(end)
    try:
        yield
    except asyncio.CancelledError:
        if not why:
            raise
        stream.uncancel()
        raise why[0] from None
    finally:
        over = True
        watcher.cancel()


def _rights(caller: Caller) -> object:
    return caller.permissions, caller.scope, caller.quota


def _pause(expire_time: datetime | None, every_seconds: float, now: datetime) -> float:
    """Until the next look: at the latest when the credential expires."""
    if expire_time is None:
        return every_seconds
    return min(every_seconds, max(_SOONEST_SECONDS, (expire_time - now).total_seconds()))
