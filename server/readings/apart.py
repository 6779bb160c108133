"""Work that stands by itself, whatever call asked for it."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from opentelemetry import context as telemetry

from server.platform.caller import acting_as, current_caller
from server.platform.history_context import current_context, in_context

T = TypeVar("T")


async def apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Does ``work`` outside the caller's transaction and deadline, in its name and trace, and waits for it.

    A call with a ``request_id`` has one transaction around it that all units of work join. Work that others
    must see as it goes on, or that spans two engines, cannot. A caller that goes away does not end it.
    """
    trace, caller, context = telemetry.get_current(), current_caller(), current_context()

    async def alone() -> T:
        telemetry.attach(trace)
        with acting_as(caller), in_context(context):
            return await work()

    return await asyncio.shield(asyncio.create_task(alone(), context=contextvars.Context()))
