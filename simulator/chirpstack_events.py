"""ChirpStack v4 integration events, written as ChirpStack writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from chirpstack_api.common import common_pb2
from chirpstack_api.gw import gw_pb2
from chirpstack_api.integration import integration_pb2 as wire
from google.protobuf import json_format

Coding = Literal["json", "protobuf"]

_GATEWAY_PARTS: Final = ("rxInfo", "txInfo", "relayRxInfo", "joinServerContext", "location")


def encode(event: Any, coding: Coding) -> bytes:
    """The event as it goes over MQTT.

    ChirpStack's JSON emits every field of integration messages and leaves out defaults inside gateway
    objects; times end in `+00:00`, bytes are base64, enums are names.
    """
    if coding == "protobuf":
        return bytes(event.SerializeToString())
    sparse = json_format.MessageToDict(event)
    document = json_format.MessageToDict(event, always_print_fields_with_no_presence=True)
    for part in _GATEWAY_PARTS:
        if part in sparse:
            document[part] = sparse[part]
    return json.dumps(_offsets(document), separators=(",", ":")).encode()


def device_info(
    *,
    dev_eui: str,
    application_id: str,
    device_name: str,
    profile_name: str,
    device_class: Literal["A", "B", "C"] = "A",
    tags: Mapping[str, str] | None = None,
) -> wire.DeviceInfo:
    """Who sent it."""
    return wire.DeviceInfo(
        tenant_id="52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
        tenant_name="Utility",
        application_id=application_id,
        application_name="Meters",
        device_profile_id="4e7b1f0e-0000-4000-8000-000000000001",
        device_profile_name=profile_name,
        device_name=device_name,
        dev_eui=dev_eui,
        device_class_enabled=common_pb2.DeviceClass.Value(f"CLASS_{device_class}"),
        tags=dict(tags or {}),
    )


def uplink(
    info: wire.DeviceInfo,
    *,
    deduplication_id: str,
    time: datetime,
    dev_addr: str,
    f_cnt: int,
    f_port: int,
    data: bytes,
    confirmed: bool = False,
    decoded: Mapping[str, Any] | None = None,
    gateway_id: str = "0016c001f153a14c",
    rssi: int = -57,
    snr: float = 9.5,
) -> wire.UplinkEvent:
    """An `up` event heard by one gateway."""
    event = wire.UplinkEvent(
        deduplication_id=deduplication_id,
        device_info=info,
        dev_addr=dev_addr,
        adr=True,
        dr=5,
        f_cnt=f_cnt,
        f_port=f_port,
        confirmed=confirmed,
        data=data,
        region_config_id="eu868",
    )
    event.time.FromDatetime(time)
    if decoded is not None:
        event.object.SetInParent()
        event.object.update(decoded)
    received = event.rx_info.add(
        gateway_id=gateway_id, uplink_id=f_cnt % 0x7FFFFFFF + 1, rssi=rssi, snr=snr, crc_status=gw_pb2.CRC_OK
    )
    received.gw_time.FromDatetime(time)
    event.tx_info.frequency = 868_100_000
    lora = event.tx_info.modulation.lora
    lora.bandwidth, lora.spreading_factor = 125_000, 7
    return event


def join(info: wire.DeviceInfo, *, deduplication_id: str, time: datetime, dev_addr: str) -> wire.JoinEvent:
    """A `join` event."""
    event = wire.JoinEvent(
        deduplication_id=deduplication_id, device_info=info, dev_addr=dev_addr, region_config_id="eu868"
    )
    event.time.FromDatetime(time)
    return event


def tx_ack(
    info: wire.DeviceInfo, *, time: datetime, queue_item_id: str, f_cnt_down: int, downlink_id: int
) -> wire.TxAckEvent:
    """A `txack` event: a gateway takes the downlink."""
    event = wire.TxAckEvent(
        downlink_id=downlink_id,
        device_info=info,
        queue_item_id=queue_item_id,
        f_cnt_down=f_cnt_down,
        gateway_id="0016c001f153a14c",
    )
    event.time.FromDatetime(time)
    event.tx_info.frequency, event.tx_info.power = 869_525_000, 27
    return event


def ack(
    info: wire.DeviceInfo,
    *,
    deduplication_id: str,
    time: datetime,
    queue_item_id: str,
    acknowledged: bool,
    f_cnt_down: int,
) -> wire.AckEvent:
    """An `ack` event: the device acknowledged a confirmed downlink, or did not."""
    event = wire.AckEvent(
        deduplication_id=deduplication_id,
        device_info=info,
        queue_item_id=queue_item_id,
        acknowledged=acknowledged,
        f_cnt_down=f_cnt_down,
    )
    event.time.FromDatetime(time)
    return event


def log(
    info: wire.DeviceInfo,
    *,
    time: datetime,
    level: Literal["INFO", "WARNING", "ERROR"],
    code: str,
    description: str,
    context: Mapping[str, str] | None = None,
) -> wire.LogEvent:
    """A `log` event; `code` is a name of integration.LogCode."""
    event = wire.LogEvent(
        device_info=info,
        level=wire.LogLevel.Value(level),
        code=wire.LogCode.Value(code),
        description=description,
        context=dict(context or {}),
    )
    event.time.FromDatetime(time)
    return event


def status(
    info: wire.DeviceInfo,
    *,
    deduplication_id: str,
    time: datetime,
    margin: int,
    battery_level: float | None,
    external_power: bool = False,
) -> wire.StatusEvent:
    """A `status` event (DevStatusAns)."""
    event = wire.StatusEvent(
        deduplication_id=deduplication_id,
        device_info=info,
        margin=margin,
        external_power_source=external_power,
        battery_level_unavailable=battery_level is None and not external_power,
        battery_level=battery_level or 0.0,
    )
    event.time.FromDatetime(time)
    return event


def _offsets(value: Any) -> Any:
    """The same document with times written with an offset, as ChirpStack does."""
    if isinstance(value, dict):
        return {
            key: item[:-1] + "+00:00" if _is_time(key, item) else _offsets(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_offsets(item) for item in value]
    return value


def _is_time(key: str, item: Any) -> bool:
    return isinstance(item, str) and key.lower().endswith("time") and item.endswith("Z")
