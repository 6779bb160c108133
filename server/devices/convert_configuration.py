"""Settings and clocks on the wire and in the domain."""

from typing import Any

from google.protobuf import json_format
from google.protobuf.struct_pb2 import ListValue, Struct, Value

from server.devices.clocks import ClockStatus
from server.devices.configuration import Configuration, Drift, Settings
from server.platform.wire import stamp
from simba.devices.v1 import configuration_pb2 as pb

_EXACT_INTEGERS = 2.0**53


def settings_of(wire: Struct) -> dict[str, Any]:
    """Settings from the wire; whole numbers are integers again, which a Struct does not know.

    Values that are no JSON (NaN, infinity) come through: the rules for settings refuse them by name.
    """
    return {name: _plain(value) for name, value in wire.fields.items()}


def _plain(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) < _EXACT_INTEGERS else number
    if kind == "struct_value":
        return settings_of(value.struct_value)
    if kind == "list_value":
        return [_plain(one) for one in _items(value.list_value)]
    return None if kind in {None, "null_value"} else getattr(value, kind)


def _items(values: ListValue) -> Any:
    return values.values


def wire_settings(settings: Settings) -> Struct:
    """Settings on the wire."""
    # Most devices have none, and a batch has a thousand of them: nothing is quicker than the general way.
    return json_format.ParseDict(dict(settings), Struct()) if settings else Struct()


def configuration_of(wire: pb.Configuration) -> Configuration:
    """The desired settings that a caller gives, not yet checked nor counted: see ``configuration.wanted``."""
    return Configuration(desired=settings_of(wire.desired))


def wire_configuration(configuration: Configuration) -> pb.Configuration:
    """Desired and reported settings on the wire."""
    return pb.Configuration(
        desired=wire_settings(configuration.desired),
        desired_version=configuration.desired_version,
        reported=None if configuration.report_time is None else wire_settings(configuration.reported),
        report_time=stamp(configuration.report_time),
        drifted=configuration.drifted,
    )


def wire_drift(drift: Drift) -> pb.ConfigDrift:
    """One difference on the wire."""
    return pb.ConfigDrift(path=drift.path, desired=drift.desired, reported=drift.reported)


def wire_clock(clock: ClockStatus) -> pb.ClockStatus:
    """A clock on the wire."""
    return pb.ClockStatus(
        offset_ms=clock.offset_ms,
        uncertainty_ms=clock.uncertainty_ms,
        measure_time=stamp(clock.measure_time),
        sync_time=stamp(clock.sync_time),
        exceeded=clock.exceeded,
        max_offset_ms=clock.max_offset_ms,
    )
