"""Rules that resources must keep; each violation names the field, the value and the rule."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kernel.codec.mapping import RuleInvalid, channel_rule
from kernel.codec.paths import PathInvalid, parse_path
from kernel.codec.units import dimension_of
from server.devices.domain import ChannelTemplate, DeviceModel, LorawanProfile
from server.devices.quantities import wanted_dimension
from server.devices.reading_types import reading_type_violations
from server.platform.errors import FieldViolation
from server.platform.zones import is_zone

LORAWAN_ADAPTER = "chirpstack"


def time_zone_violations(field: str, name: str) -> Iterator[FieldViolation]:
    """A zone must be one of the IANA database."""
    if not is_zone(name):
        yield FieldViolation(field, f"{name!r} is not an IANA time zone", "time_zone.iana")


def model_violations(model: DeviceModel) -> Iterator[FieldViolation]:
    """What is wrong with a device model by itself."""
    templates = model.channel_templates
    yield from _repeated("channel_templates", "code", [one.code for one in templates])
    yield from _repeated("command_templates", "action", [one.action for one in model.command_templates])
    for index, template in enumerate(templates):
        where = f"device_model.channel_templates[{index}]"
        yield from _template_violations(where, template)
        yield from reading_type_violations(f"{where}.reading_type", template, model.commodity)
    for index, command in enumerate(model.command_templates):
        if command.answer_path:
            yield from _path_violations(
                f"device_model.command_templates[{index}].answer_path", command.answer_path
            )
        elif command.answer_value:
            yield FieldViolation(
                f"device_model.command_templates[{index}].answer_value",
                f"{command.answer_value!r} needs answer_path, where it must stand",
                "answer_value.path",
            )
    clock = model.clock_behaviour
    if clock.time_zone:
        yield from time_zone_violations("device_model.clock_behaviour.time_zone", clock.time_zone)
    elif clock.observes_dst:
        yield FieldViolation(
            "device_model.clock_behaviour.observes_dst",
            "UTC has no summer time: set time_zone",
            "observes_dst.zone",
        )
    if model.lorawan is not None:
        yield from _lorawan_violations("device_model.lorawan", model, model.lorawan)


_AS923 = ("AS923", "AS923_2", "AS923_3", "AS923_4")
_REGIONS = frozenset(
    [*_AS923, "AU915", "CN470", "CN779", "EU433", "EU868", "IN865", "ISM2400", "KR920", "RU864", "US915"]
)
"""Channel plans of the LoRaWAN Regional Parameters RP002-1.0.4, and ISM2400 of LoRa at 2.4 GHz."""
_MAC_VERSIONS = frozenset(["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"])


def _lorawan_violations(where: str, model: DeviceModel, profile: LorawanProfile) -> Iterator[FieldViolation]:
    if model.adapter != LORAWAN_ADAPTER:
        yield FieldViolation(
            where, f"devices of the adapter {model.adapter!r} do not speak LoRaWAN", "lorawan.adapter"
        )
    if profile.region not in _REGIONS:
        known = ", ".join(sorted(_REGIONS))
        yield FieldViolation(f"{where}.region", f"{profile.region!r} is none of {known}", "region.known")
    if profile.mac_version not in _MAC_VERSIONS:
        known = ", ".join(sorted(_MAC_VERSIONS))
        yield FieldViolation(
            f"{where}.mac_version", f"{profile.mac_version!r} is none of {known}", "mac_version.known"
        )
    if profile.class_c_timeout_seconds is not None and not profile.supports_class_c:
        yield FieldViolation(
            f"{where}.class_c_timeout",
            "only devices of class C have one: set supports_class_c",
            "class_c_timeout.class_c",
        )


def _template_violations(where: str, template: ChannelTemplate) -> Iterator[FieldViolation]:
    for name, unit in (("unit", template.unit), ("codec_unit", template.codec_unit)):
        if unit and dimension_of(unit) is None:
            yield FieldViolation(f"{where}.{name}", f"{unit!r} is not a known unit", "unit.known")
    wanted = wanted_dimension(template.quantity, template.unit)
    if wanted and dimension_of(template.unit):
        yield FieldViolation(
            f"{where}.unit",
            f"{template.unit!r} is not a unit of {wanted}, which {template.quantity} needs",
            "unit.dimension",
        )
    if template.kind == "INTERVAL" and not template.interval_seconds:
        yield FieldViolation(f"{where}.interval", "an INTERVAL channel needs its length", "interval.set")
    if template.interval_seconds and 86_400 % template.interval_seconds:
        yield FieldViolation(
            f"{where}.interval",
            f"{template.interval_seconds} s does not divide a day",
            "interval.divides_day",
        )
    if not template.multiplier:
        yield FieldViolation(f"{where}.multiplier", "0 makes every value 0", "multiplier.not_zero")
    if template.max_per_hour is not None and template.max_per_hour <= 0:
        yield FieldViolation(
            f"{where}.max_per_hour", f"{template.max_per_hour} is not above 0", "max_per_hour.positive"
        )
    if template.codec_path and dimension_of(template.unit):
        try:
            channel_rule(
                code=template.code,
                unit=template.unit,
                codec_path=template.codec_path,
                codec_time_path=template.codec_time_path,
                codec_unit_path=template.codec_unit_path,
                codec_unit=template.codec_unit,
                multiplier=str(template.multiplier),
            )
        except RuleInvalid as error:
            yield FieldViolation(f"{where}.{error.field}", str(error), "template.rule")


def _path_violations(field: str, path: str) -> Iterator[FieldViolation]:
    try:
        parse_path(path)
    except PathInvalid as error:
        yield FieldViolation(field, str(error), "path")


def _repeated(field: str, name: str, values: list[str]) -> Iterator[FieldViolation]:
    for value, count in Counter(values).items():
        if count > 1:
            yield FieldViolation(f"device_model.{field}", f"{name} {value!r} occurs {count} times", "unique")


def change_violations(before: DeviceModel, after: DeviceModel) -> Iterator[FieldViolation]:
    """What cannot change in a model that meters may have: the meaning of a channel that readings refer to."""
    now = {one.code: one for one in after.channel_templates}
    if after.commodity != before.commodity:
        yield FieldViolation(
            "device_model.commodity",
            f"{before.commodity} cannot become {after.commodity}",
            "commodity.identity",
        )
    for old in before.channel_templates:
        new = now.get(old.code)
        field = "device_model.channel_templates"
        if new is None:
            yield FieldViolation(field, f"channel {old.code!r} cannot be taken away", "template.kept")
            continue
        same = replace(
            new,
            quantity=old.quantity,
            kind=old.kind,
            unit=old.unit,
            interval_seconds=old.interval_seconds,
        )
        if same != new:
            yield FieldViolation(
                field,
                f"quantity, kind, unit and interval of channel {old.code!r} cannot change",
                "template.identity",
            )
