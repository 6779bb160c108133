"""Device models on the wire and in the domain, both ways."""

from decimal import Decimal

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from kernel.codec.units import canonical
from server.devices.domain import (
    ChannelTemplate,
    ClockBehaviour,
    Codec,
    CodecVersion,
    CommandTemplate,
    DeviceModel,
    LorawanProfile,
)
from server.platform.wire import duration, enum_name, enum_value, own_id, plain, seconds, stamp, times
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2 as pb
from simba.devices.v1 import device_model_service_pb2 as service_pb

_TEXTS = (
    "code",
    "reading_type",
    "obis",
    "dials",
    "negative_allowed",
    "codec_path",
    "codec_time_path",
    "codec_unit_path",
    "codec_unit",
    "display_name",
)


def model_of(wire: pb.DeviceModel) -> DeviceModel:
    """A device model as a caller gives it."""
    clock = wire.clock_behaviour
    return DeviceModel(
        device_model_id=own_id("device_model.device_model_id", wire.device_model_id),
        manufacturer=wire.manufacturer,
        model=wire.model,
        commodity=enum_name(types_pb2.Commodity, wire.commodity),
        adapter=wire.adapter,
        codec=Codec(wire.codec.script, wire.codec.version, wire.codec.sha256)
        if wire.HasField("codec")
        else None,
        channel_templates=tuple(
            _template_of(f"device_model.channel_templates[{index}]", one)
            for index, one in enumerate(wire.channel_templates)
        ),
        command_templates=tuple(
            CommandTemplate(
                action=one.action,
                downlink=json_format.MessageToDict(one.downlink),
                answer_path=one.answer_path,
                answer_value=one.answer_value,
                confirmed=one.confirmed,
            )
            for one in wire.command_templates
        ),
        clock_behaviour=ClockBehaviour(
            time_zone=clock.time_zone,
            observes_dst=clock.observes_dst,
            deviation_inverted=clock.deviation_inverted,
        ),
        lorawan=_lorawan_of("device_model.lorawan", wire.lorawan) if wire.HasField("lorawan") else None,
    )


_LORAWAN = (
    "region",
    "mac_version",
    "reg_params_revision",
    "supports_class_b",
    "supports_class_c",
    "flush_queue_on_activate",
)


def _lorawan_of(where: str, wire: pb.LorawanProfile) -> LorawanProfile:
    return LorawanProfile(
        **{name: getattr(wire, name) for name in _LORAWAN},
        class_c_timeout_seconds=seconds(f"{where}.class_c_timeout", wire.class_c_timeout)
        if wire.HasField("class_c_timeout")
        else None,
        uplink_interval_seconds=seconds(f"{where}.uplink_interval", wire.uplink_interval)
        if wire.HasField("uplink_interval")
        else None,
    )


def wire_lorawan(profile: LorawanProfile | None) -> pb.LorawanProfile | None:
    """A LoRaWAN profile on the wire."""
    if profile is None:
        return None
    return pb.LorawanProfile(
        **{name: getattr(profile, name) for name in _LORAWAN},
        class_c_timeout=duration(profile.class_c_timeout_seconds),
        uplink_interval=duration(profile.uplink_interval_seconds),
    )


def _template_of(where: str, wire: pb.ChannelTemplate) -> ChannelTemplate:
    return ChannelTemplate(
        **{name: getattr(wire, name) for name in _TEXTS},
        # One spelling, so that the series of a usage point goes on whoever wrote the model.
        unit=canonical(wire.unit),
        quantity=enum_name(types_pb2.Quantity, wire.quantity),
        kind=enum_name(types_pb2.MeasurementKind, wire.kind),
        interval_seconds=seconds(f"{where}.interval", wire.interval) if wire.HasField("interval") else None,
        multiplier=Decimal(wire.multiplier or "1"),
        max_per_hour=Decimal(wire.max_per_hour) if wire.max_per_hour else None,
    )


def wire_model(model: DeviceModel) -> pb.DeviceModel:
    """A device model on the wire."""
    clock = model.clock_behaviour
    return pb.DeviceModel(
        device_model_id=str(model.device_model_id),
        manufacturer=model.manufacturer,
        model=model.model,
        commodity=enum_value(types_pb2.Commodity, model.commodity),
        adapter=model.adapter,
        codec=wire_codec(model.codec),
        channel_templates=[wire_template(one) for one in model.channel_templates],
        command_templates=[wire_command_template(one) for one in model.command_templates],
        clock_behaviour=pb.ClockBehaviour(
            time_zone=clock.time_zone,
            observes_dst=clock.observes_dst,
            deviation_inverted=clock.deviation_inverted,
        )
        if clock != ClockBehaviour()
        else None,
        lorawan=wire_lorawan(model.lorawan),
        archived=model.stored.archived,
        **times(model.stored),
    )


def wire_codec(codec: Codec | None) -> pb.Codec | None:
    """A codec on the wire."""
    if codec is None:
        return None
    return pb.Codec(script=codec.script, version=codec.version, sha256=codec.sha256)


def wire_codec_version(version: CodecVersion) -> service_pb.CodecVersion:
    """One script of a model on the wire."""
    return service_pb.CodecVersion(codec=wire_codec(version.codec), create_time=stamp(version.create_time))


def wire_template(template: ChannelTemplate) -> pb.ChannelTemplate:
    """A channel template on the wire."""
    most = template.max_per_hour
    return pb.ChannelTemplate(
        **{name: getattr(template, name) for name in _TEXTS},
        unit=template.unit,
        quantity=enum_value(types_pb2.Quantity, template.quantity),
        kind=enum_value(types_pb2.MeasurementKind, template.kind),
        interval=duration(template.interval_seconds),
        multiplier=plain(template.multiplier),
        max_per_hour="" if most is None else plain(most),
    )


def wire_command_template(command: CommandTemplate) -> pb.CommandTemplate:
    """A command template on the wire."""
    return pb.CommandTemplate(
        action=command.action,
        downlink=json_format.ParseDict(command.downlink, Struct()),
        answer_path=command.answer_path,
        answer_value=command.answer_value,
        confirmed=command.confirmed,
    )
