"""Notices when the bus has lost its memory, and has everything unfinished published again.

PostgreSQL is the truth; Valkey may be flushed, replaced or restored empty. A marker lies there; when it is
gone, so may be the messages.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import redis.asyncio as redis
from redis.exceptions import RedisError

from server.commands import store
from server.platform.errors import SimbaError
from server.platform.jobs import pause
from server.platform.uow import UnitOfWork

_log = logging.getLogger(__name__)

MARKER = "simba:commands:bus-remembers"


class BusGuard:
    """Watches the marker."""

    def __init__(
        self,
        uow: UnitOfWork,
        client: "redis.Redis",
        clock: Callable[[], datetime],
        *,
        interval: timedelta = timedelta(seconds=2),
    ) -> None:
        self._uow = uow
        self._client = client
        self._clock = clock
        self._interval = interval.total_seconds()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.check()
            except (RedisError, OSError, SimbaError) as error:
                _log.debug("the bus cannot be checked for its memory now: %s", error)
            await pause(stop, self._interval)

    async def check(self) -> int:
        """Publishes again if the marker is gone; how many commands that concerns.

        The marker is set after the commands were made due: dying in between only repeats it, and adapters
        do nothing twice.
        """
        if await self._client.exists(MARKER):
            return 0
        async with self._uow.system() as tx:
            count = await store.publish_again(tx, self._clock())
        await self._client.set(MARKER, str(uuid4()), nx=True)
        if count:
            _log.warning("the bus had lost its memory; %d commands are published again", count)
        return count
