"""Rules that resources must keep; each violation names the field, the value and the rule."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kernel.codec.mapping import RuleInvalid, channel_rule
from kernel.codec.paths import PathInvalid, parse_path
from kernel.codec.units import dimension_of
from server.devices.domain import ChannelTemplate, DeviceModel
from server.devices.quantities import wanted_dimension
from server.platform.errors import FieldViolation
from server.platform.zones import is_zone


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
    for index, command in enumerate(model.command_templates):
        if command.answer_path:
            yield from _path_violations(
                f"device_model.command_templates[{index}].answer_path", command.answer_path
            )
    if model.clock_behaviour.time_zone:
        yield from time_zone_violations(
            "device_model.clock_behaviour.time_zone", model.clock_behaviour.time_zone
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
