"""What the inventory speaks of."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.devices.clocks import ClockStatus
from server.devices.configuration import Configuration, Settings
from server.devices.device_keys import DeviceKeys
from server.devices.life import PLAIN, Life, shown_state
from server.devices.provisioning_rules import Task
from server.platform.resource_store import ExternalId, Stored


@dataclass(frozen=True, slots=True)
class Codec:
    """A LoRaWAN payload codec (TS013)."""

    script: str
    version: int = 0
    """Counts the scripts that the model has had, from 1."""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class CodecVersion:
    """One script that a model has had."""

    codec: Codec
    create_time: datetime


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
class LorawanProfile:
    """What the network server must know of LoRaWAN devices of a model."""

    region: str
    """Channel plan as in the Regional Parameters: EU868."""
    mac_version: str
    reg_params_revision: str
    supports_class_b: bool = False
    supports_class_c: bool = False
    class_c_timeout_seconds: int | None = None
    uplink_interval_seconds: int | None = None
    """How often such devices send; decides when one counts as silent."""
    flush_queue_on_activate: bool = False


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
    lorawan: LorawanProfile | None = None
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
    place_id: UUID | None = None
    managed: bool = False
    """Whether it is kept in the network server; once set it stays."""
    stats_interval_seconds: int | None = None
    """How often it reports by itself; None: as gateways do."""
    configuration: Configuration = field(default_factory=Configuration)
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    life: str = PLAIN
    stored: Stored = field(default_factory=Stored)
    last_seen_time: datetime | None = None
    battery_level: float | None = None
    clock: ClockStatus = field(default_factory=ClockStatus)
    provisioning: Task | None = None
    """How far the network server knows it; None: it is not managed."""
    used_by: None = None
    """Nothing names the gateways that it needs."""

    @property
    def places(self) -> dict[str, UUID | None]:
        """Where it stands, by field."""
        return {"place_id": self.place_id}

    @property
    def state(self) -> Life:
        """In use is what has a place, or was heard."""
        return shown_state(
            archived=self.stored.archived,
            life=self.life,
            provisioning=self.provisioning.state if self.provisioning else "",
            in_use=self.place_id is not None or self.last_seen_time is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentrator:
    """What reads the meters of a mesh on its own."""

    concentrator_id: UUID
    serial_number: str
    adapter: str
    identity: str = ""
    """Name in its client certificate; empty: not enrolled."""
    display_name: str = ""
    place_id: UUID | None = None
    grid_node_id: UUID | None = None
    configuration: Configuration = field(default_factory=Configuration)
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    life: str = PLAIN
    stored: Stored = field(default_factory=Stored)
    keys: DeviceKeys = field(default_factory=DeviceKeys, repr=False)
    """Those that a caller gives; never read back."""
    key_names: tuple[str, ...] = ()
    last_seen_time: datetime | None = None
    battery_level: float | None = None
    clock: ClockStatus = field(default_factory=ClockStatus)
    provisioning: Task | None = None
    """Nobody provisions concentrators: they come by themselves."""
    used_by: UUID | None = None
    """A meter that it reads; None: it reads none."""

    @property
    def places(self) -> dict[str, UUID | None]:
        """Where it stands, and what it covers, by field."""
        return {"place_id": self.place_id, "grid_node_id": self.grid_node_id}

    @property
    def state(self) -> Life:
        """In use is what has a place, reads meters, or was heard."""
        placed = self.place_id or self.grid_node_id or self.used_by
        return shown_state(
            archived=self.stored.archived,
            life=self.life,
            in_use=placed is not None or self.last_seen_time is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProfile:
    """A set of settings under a name."""

    config_profile_id: UUID
    display_name: str
    settings: Settings
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
    device_kind: str = "METER"
    """METER, or PULSE_MODULE: what counts the pulses of meters that cannot speak for themselves."""
    dev_eui: str = ""
    join_eui: str = ""
    display_name: str = ""
    batch: str = ""
    """The delivery that it came with."""
    concentrator_id: UUID | None = None
    """The concentrator that reads it."""
    configuration: Configuration = field(default_factory=Configuration)
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    life: str = PLAIN
    stored: Stored = field(default_factory=Stored)
    keys: DeviceKeys = field(default_factory=DeviceKeys, repr=False)
    """Those that a caller gives; never read back."""
    key_names: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    usage_point_id: UUID | None = None
    """Where it is installed now."""
    used_by: UUID | None = None
    """The usage point, or a meter that a module counts for; None: it is not in use."""
    last_seen_time: datetime | None = None
    battery_level: float | None = None
    clock: ClockStatus = field(default_factory=ClockStatus)
    provisioning: Task | None = None
    """How far the network server knows it; None: it is not managed."""

    @property
    def places(self) -> dict[str, UUID | None]:
        """Where it stands, by field: a meter is where its usage point is."""
        return {}

    @property
    def state(self) -> Life:
        """In use is what is installed, or counts for a meter."""
        return shown_state(
            archived=self.stored.archived,
            life=self.life,
            provisioning=self.provisioning.state if self.provisioning else "",
            in_use=self.used_by is not None,
        )


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
    phases: tuple[str, ...] = ()
    """Those that feed it: A, B, C; none: unknown, or no electricity."""
    address: str = ""
    contract_capacity: Decimal | None = None
    """What the customer may take at most; None: no bound."""
    contract_capacity_unit: str = ""
    latitude: float | None = None
    longitude: float | None = None
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
    """The one that it began with."""
    multipliers: tuple["EffectiveMultiplier", ...] = ()
    """All, oldest first; empty: only that one."""
    end_reason: str = ""
    """``removed`` or ``replaced``; empty while it lasts."""


@dataclass(frozen=True, slots=True)
class EffectiveMultiplier:
    """Current times voltage transformer ratio, and from when on it counts."""

    effective_from: datetime
    multiplier: Decimal
    current_ratio: str = ""
    voltage_ratio: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place, or a part of the network."""

    node_id: UUID
    hierarchy: str
    """PLACE or GRID."""
    kind: str
    code: str
    parent_id: UUID | None = None
    effective_from: datetime | None = None
    """From when on it is there; None: since always."""
    ancestor_ids: tuple[UUID, ...] = ()
    """What is above it, the root first."""
    display_name: str = ""
    external_ids: tuple[ExternalId, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What was last heard of one device of any kind."""

    device_id: UUID
    kind: str
    """METER, PULSE_MODULE, GATEWAY or CONCENTRATOR."""
    address: str = ""
    """DevEUI, gateway EUI or name in the certificate; empty: it has none."""
    last_seen_time: datetime | None = None
    battery_level: float | None = None
    margin_db: int | None = None
    rssi_dbm: int | None = None
    snr_db: float | None = None
    gateway_eui: str = ""
    network_address: str = ""
    clock: ClockStatus = field(default_factory=ClockStatus)
    """As measured; what is tolerated is the device's configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """What an adapter heard of one device; what it does not say stays as it was."""

    address: str
    seen_time: datetime
    kind: str = ""
    """Empty: a meter or a pulse module."""
    battery_level: float | None = None
    margin_db: int | None = None
    rssi_dbm: int | None = None
    snr_db: float | None = None
    gateway_eui: str = ""
    network_address: str = ""
    clock_offset_ms: int | None = None
    clock_uncertainty_ms: int | None = None
    reported: Settings | None = None
    """Its settings, if it told them."""
