"""MQTT with acknowledgement by hand: what was not acknowledged comes again, whoever dies.

paho's network thread does the protocol (MQTT 5 and 3.1.1, reconnecting with back-off); asyncio stands in
front. The session is persistent, so the broker keeps what comes while nobody is connected. Acknowledgements
leave in the order in which the messages came, as MQTT demands (MQTT-4.6.0-2) and brokers rely on: one that is
ready early waits for those before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

_log = logging.getLogger(__name__)

_PLAIN_PORT: Final = 1883
_TLS_PORT: Final = 8883
_NO_EXPIRY_LIMIT: Final = 0xFFFFFFFF
_MOST_UNPROTECTED: Final = 20_000


class MqttAwayError(ConnectionError):
    """The broker did not take a message in time."""


@dataclass(frozen=True, slots=True)
class MqttOptions:
    """How to reach the broker and what to ask of it."""

    url: str
    """`mqtt://[user:password@]host[:port]` or `mqtts://…` for TLS."""
    client_id: str
    """Names the persistent session: the same after a restart, another for each replica."""
    topics: tuple[str, ...]
    """Subscribed with QoS 1 at every connection."""
    version: Literal["5", "3.1.1"] = "5"
    session_expiry_seconds: int = 7 * 86400
    """How long the broker keeps the session without us (MQTT 5; in 3.1.1 the broker decides)."""
    in_flight: int = 1000
    """Most messages unacknowledged at once (MQTT 5 receive maximum; in 3.1.1 the broker decides)."""
    keepalive_seconds: int = 30
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""


@dataclass(slots=True, eq=False)
class Delivery:
    """One message from the broker, to be acknowledged once it is safe elsewhere."""

    topic: str
    payload: bytes
    qos: int
    mid: int
    duplicate: bool
    session: int
    """Which connection it came by: an acknowledgement for an earlier one would mean another message."""
    done: bool = field(default=False)


class MqttLink:
    """One connection to the broker; use as an async context manager.

    `receive` gives messages in order, `acknowledge` releases them, `publish` returns when the broker has it.
    """

    def __init__(self, options: MqttOptions) -> None:
        self._options = options
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: deque[Delivery] = deque()
        self._unacknowledged: deque[Delivery] = deque()
        self._arrived = asyncio.Event()
        self._connected = asyncio.Event()
        self._published: dict[int, asyncio.Future[None]] = {}
        self._dropped = 0
        self._closing = False
        # Both belong to the network thread: connections counted, and the one that lives (0: none).
        self._connections = 0
        self._live = 0
        self.detail = "not connected yet"
        self._client = self._make_client()

    @property
    def connected(self) -> bool:
        """Whether the broker is connected and subscribed right now."""
        return self._connected.is_set()

    async def wait_connected(self) -> None:
        """Returns once the subscription stands."""
        await self._connected.wait()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        host, port, _, _, _ = _address(self._options.url)
        options: dict[str, Any] = {}
        if self._options.version == "5":
            properties: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = min(self._options.session_expiry_seconds, _NO_EXPIRY_LIMIT)
            properties.ReceiveMaximum = self._options.in_flight
            options = {"clean_start": False, "properties": properties}
        self._client.connect_async(host, port, keepalive=self._options.keepalive_seconds, **options)
        self._client.loop_start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._client.disconnect()
        # The network thread may sit in a connection attempt; joining it must not hold the loop.
        await asyncio.to_thread(self._client.loop_stop)
        for waiting in self._published.values():
            waiting.cancel()
        self._published.clear()

    async def receive(self, limit: int = 256) -> list[Delivery]:
        """At least one and at most `limit` messages, in the order in which they came."""
        while not self._inbox:
            self._arrived.clear()
            await self._arrived.wait()
        return [self._inbox.popleft() for _ in range(min(limit, len(self._inbox)))]

    def acknowledge(self, delivery: Delivery) -> None:
        """This message is safe; the broker is told as soon as all before it are safe as well."""
        delivery.done = True
        while self._unacknowledged and self._unacknowledged[0].done:
            head = self._unacknowledged.popleft()
            # A lost connection is noted at once and remade a second later: no acknowledgement slips across.
            if head.session == self._live:
                self._client.ack(head.mid, head.qos)

    async def publish(self, topic: str, payload: bytes, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Publishes with QoS 1 and returns when the broker has it.

        Raises MqttAwayError after `timeout` seconds. A message that was under way then may still go out when
        the broker comes back.
        """
        mid = 0
        try:
            async with asyncio.timeout(timeout):
                await self._connected.wait()
                arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                mid = self._client.publish(topic, payload, qos=1).mid
                self._published[mid] = arrived
                await arrived
        except TimeoutError as error:
            raise MqttAwayError(f"the broker did not take a message for {topic} in {timeout:g} s") from error
        finally:
            self._published.pop(mid, None)

    def _make_client(self) -> paho.Client:
        options = self._options
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=options.client_id,
            protocol=paho.MQTTv5 if options.version == "5" else paho.MQTTv311,
            manual_ack=True,
            # MQTT 5 says it at each connection, by clean_start.
            clean_session=None if options.version == "5" else False,
        )
        _, _, tls, user, password = _address(options.url)
        if user:
            client.username_pw_set(user, password)
        if tls:
            client.tls_set(options.ca_file or None, options.cert_file or None, options.key_file or None)
        client.reconnect_delay_set(min_delay=1, max_delay=30)
        client.max_inflight_messages_set(100)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    # What follows runs in paho's thread and hands everything to the loop.

    def _soon(self, function: Callable[..., None], *arguments: Any) -> None:
        if self._loop is not None:
            # The loop may be closing while the network thread still speaks.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function, *arguments)

    def _on_connect(
        self, client: paho.Client, _data: object, flags: Any, reason: Any, _properties: object
    ) -> None:
        if reason.is_failure:
            self._soon(self._lost, f"the broker refused the connection: {reason}")
            return
        self._connections += 1
        self._live = self._connections
        self._soon(self._unacknowledged.clear)
        _log.info("connected to the broker, session %s", "kept" if flags.session_present else "new")
        if not self._options.topics:
            self._soon(self._subscribed)
            return
        # Always again: a broker that lost its sessions says so by session_present, some not even then.
        client.subscribe([(topic, 1) for topic in self._options.topics])

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, reasons: Any, _properties: object
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._soon(self._lost, f"the broker refused the subscription: {', '.join(refused)}")
        else:
            self._soon(self._subscribed)

    def _on_connect_fail(self, _client: paho.Client, _data: object) -> None:
        self._soon(self._lost, "the broker cannot be reached")

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, reason: Any, _properties: object
    ) -> None:
        self._live = 0
        self._soon(self._lost, f"the connection to the broker is lost: {reason}")

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        payload = bytes(message.payload)
        self._soon(self._take, Delivery(topic, payload, message.qos, message.mid, message.dup, self._live))

    def _on_publish(
        self, _client: paho.Client, _data: object, mid: int, _reason: object, _properties: object
    ) -> None:
        self._soon(self._taken, mid)

    # What follows runs in the loop again.

    def _subscribed(self) -> None:
        self.detail = ""
        self._connected.set()

    def _lost(self, detail: str) -> None:
        if detail != self.detail and not self._closing:
            _log.warning("%s", detail)
        self.detail = detail
        self._connected.clear()

    def _take(self, delivery: Delivery) -> None:
        if delivery.qos:
            self._unacknowledged.append(delivery)
        elif len(self._inbox) >= _MOST_UNPROTECTED:
            # QoS 0 knows no flow control: better to lose some than to fall over and lose all.
            self._dropped += 1
            if self._dropped % 1000 == 1:
                _log.error(
                    "%d messages dropped: they come with QoS 0 and faster than they can be stored",
                    self._dropped,
                )
            return
        self._inbox.append(delivery)
        self._arrived.set()

    def _taken(self, mid: int) -> None:
        waiting = self._published.get(mid)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


def _address(url: str) -> tuple[str, int, bool, str, str]:
    """Host, port, TLS, user, password. Raises ValueError that names the rule."""
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError(f"MQTT URL {url!r} must be mqtt://host[:port] or mqtts://host[:port]")
    tls = parts.scheme == "mqtts"
    port = parts.port or (_TLS_PORT if tls else _PLAIN_PORT)
    return parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or "")
