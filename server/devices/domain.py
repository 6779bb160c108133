"""What the inventory speaks of."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.platform.resource_store import ExternalId, Stored


@dataclass(frozen=True, slots=True)
class Codec:
    """A LoRaWAN payload codec (TS013)."""

    script: str
    version: int = 0
    """Counts the scripts that the model has had, from 1."""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTemplate:
    """One quantity that devices of a model measure. Enum values are names without their prefix."""

    code: str
    quantity: str
    kind: str
    """REGISTER, INTERVAL or INSTANTANEOUS."""
    unit: str
    reading_type: str = ""
    obis: str = ""
    dials: int = 0
    interval_seconds: int | None = None
    multiplier: Decimal = Decimal(1)
    max_per_hour: Decimal | None = None
    negative_allowed: bool = False
    codec_path: str = ""
    codec_time_path: str = ""
    codec_unit_path: str = ""
    codec_unit: str = ""
    display_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTemplate:
    """One thing that devices of a model can be told."""

    action: str
    downlink: dict[str, Any]
    answer_path: str = ""
    answer_value: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBehaviour:
    """How the clock of a device is to be read."""

    time_zone: str = ""
    observes_dst: bool = False
    deviation_inverted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceModel:
    """What the devices of one type measure and how they speak."""

    device_model_id: UUID
    manufacturer: str
    model: str
    commodity: str
    adapter: str
    codec: Codec | None = None
    channel_templates: tuple[ChannelTemplate, ...] = ()
    command_templates: tuple[CommandTemplate, ...] = ()
    clock_behaviour: ClockBehaviour = field(default_factory=ClockBehaviour)
    external_ids: tuple[ExternalId, ...] = ()
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A radio gateway."""

    gateway_id: UUID
    gateway_eui: str
    display_name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    last_seen_time: datetime | None = None
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One quantity of one meter. Its number names it in bulk readings and is never given out again."""

    channel: int
    meter_id: UUID
    code: str
    quantity: str
    kind: str
    unit: str
    interval_seconds: int | None
    dials: int
    max_per_hour: Decimal | None
    negative_allowed: bool
    reading_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One physical meter."""

    meter_id: UUID
    device_model_id: UUID
    manufacturer: str
    """Of its model: serial numbers are unique per manufacturer."""
    serial_number: str
    dev_eui: str = ""
    display_name: str = ""
    last_seen_time: datetime | None = None
    battery_level: float | None = None
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    stored: Stored = field(default_factory=Stored)
    channels: tuple[Channel, ...] = ()
    usage_point_id: UUID | None = None
    """Where it is installed now."""

    @property
    def state(self) -> str:
        """IN_STOCK, ACTIVE or ARCHIVED."""
        if self.stored.archived:
            return "ARCHIVED"
        return "ACTIVE" if self.usage_point_id else "IN_STOCK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One quantity of one usage point; it goes on when a meter is exchanged."""

    series: int
    usage_point_id: UUID
    quantity: str
    unit: str
    interval_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePoint:
    """Where a customer takes or gives."""

    usage_point_id: UUID
    code: str
    commodity: str
    time_zone: str
    display_name: str = ""
    place_id: UUID | None = None
    grid_node_id: UUID | None = None
    address: str = ""
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    stored: Stored = field(default_factory=Stored)
    series: tuple[Series, ...] = ()
    meter_id: UUID | None = None
    """Which meter is installed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """That a meter is, or was, at a usage point: half-open in time."""

    installation_id: UUID
    usage_point_id: UUID
    meter_id: UUID
    start: datetime
    end: datetime | None
    multiplier: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place, or a part of the network."""

    node_id: UUID
    hierarchy: str
    """PLACE or GRID."""
    kind: str
    code: str
    parent_id: UUID | None = None
    display_name: str = ""
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """What an adapter heard of one device."""

    dev_eui: str
    seen_time: datetime
    battery_level: float | None = None
    margin_db: int | None = None
    rssi_dbm: int | None = None
    snr_db: float | None = None
    gateway_eui: str = ""
    network_address: str = ""
