"""``kill -9`` of servers under ingest at full rate: every acknowledged reading is there once, none twice.

``SIMBA_KILL_SECONDS`` says how long; `make test` takes fifteen seconds.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Self

import pytest

from tests.support.processes import process
from tests.support.readings_api import Caller, make_home
from tests.support.senders import ROWS, Sender

SECONDS = float(os.environ.get("SIMBA_KILL_SECONDS", "15"))
STREAMS = 4
LIVES = 4
"""Servers that are killed one after another in that time."""


class Servers:
    """Some servers, of which the first is killed and replaced now and then."""

    def __init__(self, settings, count: int) -> None:
        self._settings = settings
        self._count = count
        self._ports: list[int | None] = [None] * count
        self._processes: list[asyncio.subprocess.Process | None] = [None] * count
        self._stack = AsyncExitStack()
        self.deaths = 0

    async def __aenter__(self) -> Self:
        for place in range(self._count):
            await self._start(place)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def target(self, number: int) -> Callable[[], str | None]:
        """Where a stream goes: to a server of its own, or to whoever is there."""

        def now() -> str | None:
            ports = [*self._ports[number % self._count :], *self._ports]
            return next((f"127.0.0.1:{port}" for port in ports if port), None)

        return now

    async def kill_again_and_again(self) -> None:
        for _ in range(LIVES):
            await asyncio.sleep(SECONDS / (LIVES + 1))
            victim = self._processes[0]
            victim.kill()
            await victim.wait()
            self.deaths += 1
            self._ports[0] = None
            await self._start(0)

    async def _start(self, place: int) -> None:
        started = await self._stack.enter_async_context(process("serve", self._settings))
        self._processes[place], self._ports[place] = started


@pytest.mark.slow
@pytest.mark.timeout(60 + 6 * SECONDS)
@pytest.mark.parametrize("servers", [1, 2])
async def test_nothing_is_lost_and_nothing_is_twice(platform, settings, own_tenant, channel, servers):
    homes = [await make_home(Caller(channel)) for _ in range(STREAMS)]
    async with Servers(settings, servers) as running:
        senders = [
            Sender(f"adapter:{n}", home.voltage, own_tenant.secret, running.target(n))
            for n, home in enumerate(homes)
        ]
        killer = asyncio.create_task(running.kill_again_and_again())
        await asyncio.gather(*(sender.run(SECONDS) for sender in senders))
        await killer
        assert running.deaths == LIVES
    # Streams broke, and others did not have to.
    assert senders[0].streams > 1
    rows = await platform.store.rows(
        "SELECT source, count(), uniqExact(channel, ts), uniqExact(sequence) FROM raw_reading"
        " WHERE tenant_id = {tenant:UUID} GROUP BY source ORDER BY source",
        {"tenant": str(own_tenant.caller.tenant_id)},
    )
    assert [tuple(row) for row in rows] == [
        (
            sender.source,
            len(sender.acknowledged) * ROWS,
            len(sender.acknowledged) * ROWS,
            len(sender.acknowledged),
        )
        for sender in senders
    ]
    assert all(sender.acknowledged == set(range(len(sender.acknowledged))) for sender in senders)
