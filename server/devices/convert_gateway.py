"""Gateways, concentrators and configuration profiles on the wire and in the domain, both ways."""

from google.protobuf.duration_pb2 import Duration

from server.devices.convert_configuration import (
    configuration_of,
    settings_of,
    wire_configuration,
    wire_settings,
)
from server.devices.convert_keys import keys_of
from server.devices.convert_provisioning import wire_provisioning
from server.devices.domain import Concentrator, ConfigProfile, Gateway
from server.platform.wire import (
    duration,
    enum_value,
    maybe_id,
    names_of,
    own_id,
    seconds,
    stamp,
    text_of,
    times,
    wire_names,
)
from simba.devices.v1 import concentrator_pb2, config_profile_service_pb2, device_state_pb2, gateway_pb2

_STATE = device_state_pb2.DeviceState


def gateway_of(wire: gateway_pb2.Gateway) -> Gateway:
    """A gateway as a caller gives it."""
    return Gateway(
        gateway_id=own_id("gateway.gateway_id", wire.gateway_id),
        gateway_eui=wire.gateway_eui,
        display_name=wire.display_name,
        latitude=wire.latitude if wire.HasField("latitude") else None,
        longitude=wire.longitude if wire.HasField("longitude") else None,
        place_id=maybe_id("gateway.place_id", wire.place_id),
        managed=wire.managed,
        stats_interval_seconds=_seconds(wire.stats_interval) if wire.HasField("stats_interval") else None,
        configuration=configuration_of(wire.configuration),
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def _seconds(wire: Duration) -> int:
    return seconds("gateway.stats_interval", wire)


def wire_gateway(gateway: Gateway) -> gateway_pb2.Gateway:
    """A gateway on the wire."""
    return gateway_pb2.Gateway(
        gateway_id=str(gateway.gateway_id),
        gateway_eui=gateway.gateway_eui,
        display_name=gateway.display_name,
        latitude=gateway.latitude,
        longitude=gateway.longitude,
        last_seen_time=stamp(gateway.last_seen_time),
        state=enum_value(_STATE, gateway.state),
        place_id=text_of(gateway.place_id),
        managed=gateway.managed,
        provisioning=wire_provisioning(gateway.provisioning),
        configuration=wire_configuration(gateway.configuration),
        stats_interval=duration(gateway.stats_interval_seconds),
        external_ids=wire_names(gateway.external_ids),
        tags=gateway.tags,
        archived=gateway.stored.archived,
        **times(gateway.stored),
    )


def concentrator_of(wire: concentrator_pb2.Concentrator) -> Concentrator:
    """A concentrator as a caller gives it."""
    return Concentrator(
        concentrator_id=own_id("concentrator.concentrator_id", wire.concentrator_id),
        serial_number=wire.serial_number,
        identity=wire.identity,
        adapter=wire.adapter,
        display_name=wire.display_name,
        place_id=maybe_id("concentrator.place_id", wire.place_id),
        grid_node_id=maybe_id("concentrator.grid_node_id", wire.grid_node_id),
        keys=keys_of(wire.keys),
        configuration=configuration_of(wire.configuration),
        external_ids=names_of(wire.external_ids),
        tags=dict(wire.tags),
    )


def wire_concentrator(concentrator: Concentrator) -> concentrator_pb2.Concentrator:
    """A concentrator on the wire; its keys never."""
    return concentrator_pb2.Concentrator(
        concentrator_id=str(concentrator.concentrator_id),
        serial_number=concentrator.serial_number,
        identity=concentrator.identity,
        adapter=concentrator.adapter,
        display_name=concentrator.display_name,
        state=enum_value(_STATE, concentrator.state),
        place_id=text_of(concentrator.place_id),
        grid_node_id=text_of(concentrator.grid_node_id),
        key_names=concentrator.key_names,
        provisioning=wire_provisioning(concentrator.provisioning),
        configuration=wire_configuration(concentrator.configuration),
        last_seen_time=stamp(concentrator.last_seen_time),
        external_ids=wire_names(concentrator.external_ids),
        tags=concentrator.tags,
        archived=concentrator.stored.archived,
        **times(concentrator.stored),
    )


def profile_of(wire: config_profile_service_pb2.ConfigProfile) -> ConfigProfile:
    """A configuration profile as a caller gives it."""
    return ConfigProfile(
        config_profile_id=own_id("config_profile.config_profile_id", wire.config_profile_id),
        display_name=wire.display_name,
        settings=settings_of(wire.settings),
    )


def wire_profile(profile: ConfigProfile) -> config_profile_service_pb2.ConfigProfile:
    """A configuration profile on the wire."""
    return config_profile_service_pb2.ConfigProfile(
        config_profile_id=str(profile.config_profile_id),
        display_name=profile.display_name,
        settings=wire_settings(profile.settings),
        archived=profile.stored.archived,
        **times(profile.stored),
    )
