"""Rates: how often a tenant may call, how many rows a second it may bring, how many streams it has open.

Buckets are in Valkey, so that several servers keep a tenant's rate together. While Valkey is away each server
keeps the whole rate by itself: callers are neither refused for that, nor let through without bounds.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import redis.asyncio as redis
from redis.exceptions import RedisError

from server.platform.caller import Caller
from server.platform.errors import ResourceExhausted
from server.platform.ids import new_id

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PREFIX = "simba:rates:"
_PATIENCE_SECONDS = 0.25
"""An answer that takes longer costs callers more than it is worth."""
_AWAY_SECONDS = 1.0
"""How long Valkey is left alone after it did not answer."""
_BURST_SECONDS = 2.0
_LONGEST_PACE_SECONDS = 5.0
_STREAM_SECONDS = 30.0
"""An open stream counts for this long after its server last said that it is open."""
_STREAM_RETRY = timedelta(seconds=5)

# A bucket is the instant at which it is full again, in microseconds (GCRA). What costs more than the whole
# bucket takes it into debt, once it is full. Both return 0, or the microseconds to wait.
_TAKE = """
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local each, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = (full - now) - (burst - math.min(cost, burst)) * each
if wait >= 1 then return math.ceil(wait) end
full = full + cost * each
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
return 0
"""
_OPEN = """
local t = redis.call('TIME')
local now = tonumber(t[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[3] ~= '0' and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 1 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[2]) * 2)
return 0
"""


class RateExceeded(ResourceExhausted):
    """The tenant does more in a second than its quota allows."""

    reason = "RATE_EXCEEDED"

    def __init__(self, quota: str, bound: float, retry_after: timedelta) -> None:
        super().__init__(
            f"more than the {bound:g} that the tenant's {quota} allows",
            retry_after=retry_after,
            quota=quota,
            limit=f"{bound:g}",
        )


@dataclass(slots=True)
class Bucket:
    """The same bucket in this process."""

    full: float = 0.0
    """When it is full again."""

    def take(self, rate: float, burst: float, cost: float, now: float) -> float:
        """0, or the seconds to wait until there is room."""
        full = max(self.full, now)
        wait = (full - now) - (burst - min(cost, burst)) / rate
        if wait >= 1e-6:  # noqa: PLR2004 - a microsecond, as in Valkey
            return wait
        self.full = full + cost / rate
        return 0.0


class Rates:
    """Keeps tenants to the rates of their quotas; one for the whole process."""

    def __init__(self, client: "redis.Redis", clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._take = client.register_script(_TAKE)
        self._open = client.register_script(_OPEN)
        self._away_until = float("-inf")
        self._buckets: dict[str, Bucket] = {}
        self._streams: dict[UUID, int] = {}

    async def request(self, caller: Caller) -> None:
        """Counts a call. Raises RateExceeded."""
        rate = caller.quota.requests_per_second
        if rate:
            burst = caller.quota.request_burst or max(1.0, rate * _BURST_SECONDS)
            wait = await self.take(f"{caller.tenant_id}:requests", rate, burst)
            if wait:
                raise RateExceeded("requests_per_second", rate, timedelta(seconds=wait))

    async def readings(self, caller: Caller, rows: int) -> None:
        """Counts rows of readings. Raises RateExceeded."""
        wait = await self._rows(caller, rows)
        if wait:
            rate = caller.quota.readings_per_second
            raise RateExceeded("readings_per_second", rate, timedelta(seconds=wait))

    async def pace_readings(self, caller: Caller, rows: int) -> None:
        """Counts rows of a stream, which are held up for a moment before they are refused."""
        while wait := await self._rows(caller, rows):
            if wait > _LONGEST_PACE_SECONDS:
                rate = caller.quota.readings_per_second
                raise RateExceeded("readings_per_second", rate, timedelta(seconds=wait))
            await asyncio.sleep(wait)

    async def take(self, key: str, rate: float, burst: float, cost: float = 1.0) -> float:
        """Takes from a bucket that fills with ``rate`` a second up to ``burst``.

        0: taken; else nothing was, and there may be room after so many seconds.
        """
        each = 1_000_000 / rate
        asked = await self._ask(
            lambda: self._take(keys=[_PREFIX + key], args=[repr(each), repr(burst), repr(cost)])
        )
        local = self._buckets.setdefault(key, Bucket())
        if asked is None:
            return local.take(rate, burst, cost, self._clock())
        if not asked:
            # Known here too, so that Valkey's going away is not a full bucket for everybody.
            local.full = max(local.full, self._clock()) + cost / rate
        return int(asked) / 1_000_000

    @asynccontextmanager
    async def stream(self, caller: Caller) -> AsyncIterator[None]:
        """Counts a stream as open inside the block. Raises RateExceeded when there are too many."""
        bound, tenant_id = caller.quota.max_streams, caller.tenant_id
        if not bound:
            yield
            return
        key, stream_id = f"{_PREFIX}{tenant_id}:streams", str(new_id())
        full = await self._said(key, stream_id, bound)
        if full if full is not None else self._streams.get(tenant_id, 0) >= bound:
            raise RateExceeded("max_streams", bound, _STREAM_RETRY)
        self._streams[tenant_id] = self._streams.get(tenant_id, 0) + 1
        saying = asyncio.create_task(self._say_again(key, stream_id))
        try:
            yield
        finally:
            saying.cancel()
            self._streams[tenant_id] -= 1
            if not self._streams[tenant_id]:
                del self._streams[tenant_id]
            await self._ask(lambda: self._client.zrem(key, stream_id))

    async def _rows(self, caller: Caller, rows: int) -> float:
        rate = caller.quota.readings_per_second
        if not rate or not rows:
            return 0.0
        burst = max(1.0, rate * _BURST_SECONDS)
        return await self.take(f"{caller.tenant_id}:readings", rate, burst, rows)

    async def _said(self, key: str, stream_id: str, bound: int) -> int | None:
        """Says that a stream is open: 0, 1 when there are too many, None when Valkey is away."""
        args = [stream_id, str(int(_STREAM_SECONDS)), str(bound)]
        said: int | None = await self._ask(lambda: self._open(keys=[key], args=args))
        return said

    async def _say_again(self, key: str, stream_id: str) -> None:
        while True:
            await asyncio.sleep(_STREAM_SECONDS / 3)
            await self._said(key, stream_id, 0)

    async def _ask(self, question: Callable[[], Awaitable[Any]]) -> Any:
        """Valkey's answer; None while it is away."""
        if self._clock() < self._away_until:
            return None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._away_until = self._clock() + _AWAY_SECONDS
            _log.warning("valkey is away, each server keeps rates by itself: %s", error)
            return None
