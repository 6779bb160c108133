"""Step 6: tenants keep to the rates of their quotas."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.platform.caller import current_caller
from server.platform.rates import Rates
from server.platform.rpc.call import Call, Step


def rated(rates: Rates) -> Step:
    """The step. A stream counts as one call, and for as long as it is open as one stream."""

    @asynccontextmanager
    async def step(call: Call) -> AsyncIterator[None]:
        if call.method.public:
            yield
            return
        caller = current_caller()
        await rates.request(caller)
        if not call.streaming:
            yield
            return
        async with rates.stream(caller):
            yield

    return step
