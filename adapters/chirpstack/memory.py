"""What the adapter remembers in Valkey, so that restarts and replicas know it: frames seen, commands open.

Everything here expires by itself. While Valkey is away calls wait for it: MQTT keeps what is not
acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, TypeVar

import redis.asyncio as redis
from redis.exceptions import RedisError

from adapters.chirpstack.events import Uplink
from adapters.chirpstack.open_commands import OpenCommand, Stage
from adapters.runtime.batching import Batcher

_log = logging.getLogger(__name__)
T = TypeVar("T")

_FRAME_SECONDS: Final = 86_400
_SESSION_SECONDS: Final = 90 * 86_400
_AFTERLIFE_SECONDS: Final = 86_400
"""How long a command is remembered beyond its expiry: late answers still find it."""

# First come, first kept: returns the identity under which this very frame was seen first.
_CLAIM: Final = """
local session = redis.call('GET', KEYS[2]) or ''
local seen = redis.call('SET', KEYS[1] .. session, ARGV[1], 'NX', 'GET', 'EX', ARGV[2])
return seen or ARGV[1]
"""
# A command goes forward only, whoever speaks of it in whichever order. Returns 1 when it moved.
_ADVANCE: Final = """
local now = redis.call('HGET', KEYS[1], ARGV[1] .. ':stage')
if not now or tonumber(string.match(now, '^%d+')) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1] .. ':stage', ARGV[2] .. ':' .. ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered about an uplink and its device."""

    identity: str
    """Under which the frame is stored: the deduplication id by which it came first."""
    commands: tuple[OpenCommand, ...]


class Memory:
    """Frames seen and commands open, per device."""

    def __init__(self, client: redis.Redis, *, prefix: str = "simba:chirpstack:") -> None:
        self._client: Any = client
        self._prefix = prefix
        self._uplinks: Batcher[Uplink, Recalled] = Batcher(self._recall_all, limit=200)
        self.detail = ""
        """What is wrong with Valkey, in words; empty: nothing."""

    async def recall(self, uplink: Uplink) -> Recalled:
        """Claims a frame and loads the open commands of its device.

        A frame that came before under another deduplication id, within the same session and a day, gets that
        one's identity, so that it is stored once whichever copy arrives.
        """
        return await self._uplinks.submit(uplink)

    async def new_session(self, dev_eui: str, mark: str) -> None:
        """The device's frame counter starts again: what it sends now is nothing seen before."""
        await self._patiently(
            lambda: self._client.set(self._key("session", dev_eui), mark, ex=_SESSION_SECONDS)
        )

    async def commands(self, dev_eui: str) -> tuple[OpenCommand, ...]:
        """The commands of a device, oldest first."""
        key = self._key("commands", dev_eui)
        return _commands(await self._patiently(lambda: self._client.hgetall(key)))

    async def remember(self, command: OpenCommand) -> None:
        """Writes a command anew, with its stage."""
        key = self._key("commands", command.dev_eui)
        fixed = {name: value for name, value in asdict(command).items() if name not in {"stage", "stage_ms"}}

        async def write() -> None:
            pipeline = self._client.pipeline(transaction=True)
            pipeline.hset(key, command.command_id, json.dumps(fixed))
            pipeline.hset(key, f"{command.command_id}:stage", f"{command.stage:d}:{command.stage_ms}")
            # The longest-lived command decides; a shorter one must not cut it off.
            gone = command.expires_ms // 1000 + _AFTERLIFE_SECONDS
            pipeline.expireat(key, gone, nx=True)
            pipeline.expireat(key, gone, gt=True)
            await pipeline.execute()

        await self._patiently(write)

    async def advance(self, command: OpenCommand, stage: Stage, time: datetime) -> bool:
        """Moves a remembered command forward; False when it is as far already, or forgotten."""
        key, millis = self._key("commands", command.dev_eui), int(time.timestamp() * 1000)
        moved = await self._patiently(
            lambda: self._client.eval(_ADVANCE, 1, key, command.command_id, int(stage), millis)
        )
        return bool(moved)

    async def _recall_all(self, uplinks: Sequence[Uplink]) -> Sequence[Recalled]:
        async def ask() -> list[Any]:
            pipeline = self._client.pipeline(transaction=False)
            for uplink in uplinks:
                eui, print_ = uplink.device.dev_eui, _fingerprint(uplink)
                frame, session = f"{self._key('frame', eui)}:{print_}:", self._key("session", eui)
                identity = uplink.deduplication_id or f"{print_}:{uplink.time.timestamp()}"
                pipeline.eval(_CLAIM, 2, frame, session, identity, _FRAME_SECONDS)
                pipeline.hgetall(self._key("commands", eui))
            return list(await pipeline.execute())

        answers = await self._patiently(ask)
        return [Recalled(answers[2 * n].decode(), _commands(answers[2 * n + 1])) for n in range(len(uplinks))]

    def _key(self, what: str, dev_eui: str) -> str:
        # The braces keep a device's keys on one node of a cluster.
        return f"{self._prefix}{what}:{{{dev_eui}}}"

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        wait = 0.05
        while True:
            try:
                answer = await ask()
            except (RedisError, OSError) as error:
                if not self.detail:
                    _log.warning("Valkey is away, waiting: %s", error)
                self.detail = f"Valkey is away: {error}"
            else:
                self.detail = ""
                return answer
            await asyncio.sleep(wait)
            wait = min(wait * 2, 2.0)


def _fingerprint(uplink: Uplink) -> str:
    """What makes two frames of a session the same frame."""
    head = f"{uplink.dev_addr}|{uplink.f_cnt}|{uplink.f_port}|".encode()
    return sha256(head + uplink.data).hexdigest()[:32]


def _commands(entries: Mapping[bytes, bytes]) -> tuple[OpenCommand, ...]:
    found = []
    # Ids are UUIDv7: their order is that of time.
    for key in sorted(entries):
        stage = entries.get(key + b":stage")
        if stage is not None:
            rank, millis = stage.split(b":")
            found.append(
                OpenCommand(**json.loads(entries[key]), stage=Stage(int(rank)), stage_ms=int(millis))
            )
    return tuple(found)
