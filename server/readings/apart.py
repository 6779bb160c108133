"""Work that stands by itself, whatever call asked for it."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from opentelemetry import context as telemetry

T = TypeVar("T")


async def apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Does ``work`` outside the caller's transaction and deadline, within its trace, and waits for it.

    A call with a ``request_id`` has one transaction around it that all units of work join. Work that others
    must see as it goes on, or that spans two engines, cannot. A caller that goes away does not end it.
    """
    trace = telemetry.get_current()

    async def alone() -> T:
        telemetry.attach(trace)
        return await work()

    return await asyncio.shield(asyncio.create_task(alone(), context=contextvars.Context()))
