"""Step 6: the caller's deadline, for everything below: queries are cut off, late commits refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.platform.deadline import deadline_in
from server.platform.errors import DeadlineExceeded
from server.platform.rpc.call import Call, Step


def within_deadline(default_seconds: float) -> Step:
    """The step. Unary calls without a deadline get the default; streams may run for ever."""

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        remaining = call.context.time_remaining()
        if remaining is None and not call.streaming:
            remaining = default_seconds
        with deadline_in(remaining):
            try:
                async with asyncio.timeout(remaining) as limit:
                    yield
            except TimeoutError as error:
                if not limit.expired():
                    raise
                raise DeadlineExceeded("the deadline passed; nothing was committed") from error

    return step
