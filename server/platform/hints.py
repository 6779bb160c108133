"""Hints: "look again" across processes, by Valkey's publish and subscribe.

A hint carries no facts, only the name of something that may have changed; facts are read from PostgreSQL. So
a hint may be lost or come twice, and whoever waits looks again by itself after a while.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import redis.asyncio as redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

_PREFIX = "simba:hints:"
_LISTEN_SECONDS = 0.5
_LONGEST_PAUSE = 2.0


class Hints:
    """Hints of one kind; :meth:`run` must be running in a process whose tasks wait for them."""

    def __init__(self, client: "redis.Redis", kind: str) -> None:
        self._client = client
        self._channel = f"{_PREFIX}{kind}"
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    async def give(self, topics: Iterable[str]) -> None:
        """Tells everybody, everywhere, who waits for one of the topics. Never raises for a lost Valkey."""
        message = "\n".join(sorted(set(topics)))
        if not message:
            return
        try:
            await self._client.publish(self._channel, message)
        except (RedisError, OSError) as error:
            _log.debug("a hint was lost, others will look by themselves: %s", error)

    @contextmanager
    def on(self, topic: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the topic was hinted at; whoever waits clears it before looking."""
        event = asyncio.Event()
        self._waiting[topic].add(event)
        try:
            yield event
        finally:
            self._waiting[topic].discard(event)
            if not self._waiting[topic]:
                del self._waiting[topic]

    async def run(self, stop: asyncio.Event) -> None:
        """Listens until ``stop`` is set, whatever happens to Valkey."""
        wait = 0.05
        while not stop.is_set():
            try:
                async with self._client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._channel)
                    # Hints may have been missed while nobody listened.
                    self._wake(list(self._waiting))
                    wait = 0.05
                    await self._listen(pubsub, stop)
            except (RedisError, OSError) as error:
                _log.warning("hints are away, everybody polls: %s", error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_PAUSE)

    async def _listen(self, pubsub: PubSub, stop: asyncio.Event) -> None:
        while not stop.is_set():
            message = await pubsub.get_message(timeout=_LISTEN_SECONDS)
            if message is not None:
                self._wake(message["data"].decode().split("\n"))

    def _wake(self, topics: Iterable[str]) -> None:
        for topic in topics:
            for event in self._waiting.get(topic, ()):
                event.set()


async def hinted(event: asyncio.Event, seconds: float) -> None:
    """Waits for a hint, but no longer than ``seconds``."""
    # Not wait_for: in Python 3.11 it forgets a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
