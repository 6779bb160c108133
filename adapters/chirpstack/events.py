"""ChirpStack v4 integration events: JSON or protobuf bytes into frozen dataclasses.

ChirpStack publishes each event either as protobuf or as pbjson (its `json` switch); a JSON object starts
with `{`, which no protobuf event can (its first byte is a field tag), so the first byte tells them apart. In
JSON the integration message emits every field while nested gateway objects omit defaults; both parse to the
same here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from chirpstack_api.integration import integration_pb2 as wire
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

_EXACT_INTEGERS: Final = 2.0**53
_OPEN_BRACE: Final = b"{"


class EventError(ValueError):
    """An event that cannot be read; `what` names the part and the rule, `kind` the event."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind} event: {what}")
        self.kind = kind
        self.what = what


class UnknownEventError(EventError):
    """An event type that this adapter does not know; a newer ChirpStack may publish some."""


@dataclass(frozen=True, slots=True)
class Device:
    """Who sent it, as ChirpStack knows the device. Ids are ChirpStack's, `dev_eui` lower-case hex."""

    dev_eui: str
    application_id: str
    name: str = ""
    profile_name: str = ""
    device_class: str = "CLASS_A"
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uplink:
    """One received frame (`up`). `decoded` is what ChirpStack's own codec made of it, absent without one."""

    device: Device
    deduplication_id: str
    time: datetime
    dev_addr: str
    f_cnt: int
    f_port: int
    data: bytes
    dr: int = 0
    confirmed: bool = False
    decoded: Mapping[str, Any] | None = None
    gateway_id: str = ""
    rssi_dbm: int | None = None
    snr_db: float | None = None
    encrypted: bool = False
    """The payload is still under the AppSKey, which only the join server has."""


@dataclass(frozen=True, slots=True)
class Join:
    """The device joined: a new session, frame counters start again."""

    device: Device
    deduplication_id: str
    time: datetime
    dev_addr: str


@dataclass(frozen=True, slots=True)
class TxAck:
    """A gateway accepted the downlink for transmission; no proof that the device heard it."""

    device: Device
    time: datetime
    queue_item_id: str
    f_cnt_down: int
    gateway_id: str


@dataclass(frozen=True, slots=True)
class Ack:
    """The device did (or did not, in time) acknowledge a confirmed downlink."""

    device: Device
    deduplication_id: str
    time: datetime
    queue_item_id: str
    acknowledged: bool
    f_cnt_down: int


@dataclass(frozen=True, slots=True)
class Log:
    """ChirpStack's own remark; `context['queue_item_id']` names the downlink that it closes, if any."""

    device: Device
    time: datetime
    level: str
    code: str
    description: str
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Status:
    """DevStatusAns. `battery_percent` is None when unknown or on external power; the margin is one of SNR."""

    device: Device
    deduplication_id: str
    time: datetime
    margin_db: int
    external_power: bool
    battery_percent: float | None


@dataclass(frozen=True, slots=True)
class Location:
    """A position that ChirpStack resolved; degrees (WGS 84) and metres."""

    device: Device
    deduplication_id: str
    time: datetime
    latitude: float
    longitude: float
    altitude: float


Event = Uplink | Join | TxAck | Ack | Log | Status | Location


def parse_event(kind: str, payload: bytes) -> Event:
    """The event in a message, by its topic's last part. Raises `EventError` that names what is wrong."""
    known = _READERS.get(kind)
    if known is None:
        raise UnknownEventError(kind, f"this event type is none of {', '.join(sorted(_READERS))}")
    message: Any = known.message()
    decoded = _fill(kind, message, payload)
    device = _device(kind, message)
    if not message.HasField("time"):
        raise EventError(kind, "time is missing")
    try:
        time = message.time.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise EventError(kind, f"time is no instant: {error}") from error
    return known.read(message, device, time, decoded)


def _fill(kind: str, message: Any, payload: bytes) -> Mapping[str, Any] | None:
    """Parse the bytes into the message; returns what ChirpStack decoded."""
    if not payload:
        raise EventError(kind, "the message is empty")
    if payload[:1] == _OPEN_BRACE:
        return _fill_json(kind, message, payload)
    try:
        message.ParseFromString(payload)
    except DecodeError as error:
        raise EventError(kind, f"{len(payload)} bytes are neither JSON nor a whole protobuf event") from error
    if isinstance(message, wire.UplinkEvent) and message.HasField("object"):
        return plain_numbers(json_format.MessageToDict(message.object))  # type: ignore[no-any-return]
    return None


def _fill_json(kind: str, message: Any, payload: bytes) -> Mapping[str, Any] | None:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise EventError(kind, f"not whole JSON: {error}") from error
    # The decoded object may be deep and large, and is wanted as plain Python anyway.
    decoded = document.pop("object", None) if kind == "up" else None
    if decoded is not None and not isinstance(decoded, dict):
        raise EventError(kind, f"object must be a JSON object, not {type(decoded).__name__}")
    _check_base64(kind, document.get("data"))
    try:
        json_format.ParseDict(document, message, ignore_unknown_fields=True)
    except (json_format.ParseError, RecursionError) as error:
        raise EventError(kind, str(error)) from error
    return None if decoded is None else plain_numbers(decoded)


def _check_base64(kind: str, text: Any) -> None:
    """The library takes any text for base64 and skips what is none: half a payload must not pass for one."""
    if text is None:
        return
    try:
        base64.b64decode(text, validate=True)
    except (ValueError, TypeError) as error:
        raise EventError(kind, f"data is not base64: {error}") from error


def plain_numbers(value: Any) -> Any:
    """The same JSON value with whole floats as integers: a Struct knows doubles only."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return int(value)
    if isinstance(value, dict):
        return {key: plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_numbers(item) for item in value]
    return value


def _device(kind: str, message: Any) -> Device:
    info = message.device_info
    dev_eui = info.dev_eui.lower()
    if len(dev_eui) != 16 or not set(dev_eui) <= set("0123456789abcdef"):  # noqa: PLR2004 — EUI-64
        raise EventError(kind, f"deviceInfo.devEui {info.dev_eui!r} must be 16 hex digits")
    return Device(
        dev_eui=dev_eui,
        application_id=info.application_id,
        name=info.device_name,
        profile_name=info.device_profile_name,
        device_class=_enum_name(info, "device_class_enabled"),
        tags=dict(info.tags),
    )


def _enum_name(message: Any, name: str) -> str:
    number = getattr(message, name)
    known = message.DESCRIPTOR.fields_by_name[name].enum_type.values_by_number.get(number)
    return str(number) if known is None else str(known.name)


def _uplink(message: Any, device: Device, time: datetime, decoded: Mapping[str, Any] | None) -> Uplink:
    best = max(message.rx_info, key=lambda rx: (rx.snr, rx.rssi), default=None)
    return Uplink(
        device=device,
        deduplication_id=message.deduplication_id,
        time=time,
        dev_addr=message.dev_addr,
        f_cnt=message.f_cnt,
        f_port=message.f_port,
        data=message.data,
        dr=message.dr,
        confirmed=message.confirmed,
        decoded=decoded,
        gateway_id="" if best is None else best.gateway_id,
        rssi_dbm=None if best is None else best.rssi,
        snr_db=None if best is None else round(best.snr, 2),
        encrypted=message.HasField("join_server_context"),
    )


def _join(message: Any, device: Device, time: datetime, _decoded: object) -> Join:
    return Join(device, message.deduplication_id, time, message.dev_addr)


def _tx_ack(message: Any, device: Device, time: datetime, _decoded: object) -> TxAck:
    return TxAck(device, time, message.queue_item_id, message.f_cnt_down, message.gateway_id)


def _ack(message: Any, device: Device, time: datetime, _decoded: object) -> Ack:
    return Ack(
        device,
        message.deduplication_id,
        time,
        message.queue_item_id,
        message.acknowledged,
        message.f_cnt_down,
    )


def _log(message: Any, device: Device, time: datetime, _decoded: object) -> Log:
    return Log(
        device,
        time,
        _enum_name(message, "level"),
        _enum_name(message, "code"),
        message.description,
        dict(message.context),
    )


def _status(message: Any, device: Device, time: datetime, _decoded: object) -> Status:
    known = not (message.battery_level_unavailable or message.external_power_source)
    return Status(
        device,
        message.deduplication_id,
        time,
        message.margin,
        message.external_power_source,
        round(message.battery_level, 2) if known else None,
    )


def _location(message: Any, device: Device, time: datetime, _decoded: object) -> Location:
    place = message.location
    return Location(device, message.deduplication_id, time, place.latitude, place.longitude, place.altitude)


@dataclass(frozen=True, slots=True)
class _Reader:
    message: Callable[[], Message]
    read: Callable[[Any, Device, datetime, Mapping[str, Any] | None], Event]


_READERS: Final[Mapping[str, _Reader]] = {
    "up": _Reader(wire.UplinkEvent, _uplink),
    "join": _Reader(wire.JoinEvent, _join),
    "txack": _Reader(wire.TxAckEvent, _tx_ack),
    "ack": _Reader(wire.AckEvent, _ack),
    "log": _Reader(wire.LogEvent, _log),
    "status": _Reader(wire.StatusEvent, _status),
    "location": _Reader(wire.LocationEvent, _location),
}
