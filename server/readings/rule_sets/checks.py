"""What a rule set must be, and how what it leaves out is filled in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from server.platform.errors import FieldViolation, refuse
from server.readings.rule_sets.catalogue import LIMITS, METHODS, RULES, SCALING, Parameter
from server.readings.rule_sets.domain import Content, MethodStep, RuleSetting, default_setting, default_step

_NOTHING: Final[dict[str, Parameter]] = {}


def whole(field: str, content: Content) -> Content:
    """A content with everything in it: the built-in set stands for what is not named.

    Rules that are not named follow those that are; without any method there are the built-in ones.
    ``field`` is the rule set's name in the request. Raises InvalidArgument with every violation.
    """
    refuse(_violations(field, content))
    named = {one.rule for one in content.rules}
    rules = (
        *(_filled_rule(one) for one in content.rules),
        *(default_setting(rule) for rule in RULES.values() if rule.id not in named),
    )
    methods = tuple(map(_filled_step, content.methods)) or tuple(map(default_step, METHODS.values()))
    limits = {name: content.limits.get(name, limit.default) for name, limit in LIMITS.items()}
    return Content(rules, methods, limits)


def _filled_rule(setting: RuleSetting) -> RuleSetting:
    usual = default_setting(RULES[setting.rule])
    return RuleSetting(
        setting.rule, setting.enabled, setting.severity, {**usual.parameters, **setting.parameters}
    )


def _filled_step(step: MethodStep) -> MethodStep:
    return MethodStep(step.method, {**default_step(METHODS[step.method]).parameters, **step.parameters})


def _violations(field: str, content: Content) -> Iterator[FieldViolation]:
    yield from _twice(f"{field}.rules", "rule", [one.rule for one in content.rules])
    for place, setting in enumerate(content.rules):
        path = f"{field}.rules[{place}]"
        rule = RULES.get(setting.rule)
        if rule is None:
            yield FieldViolation(
                f"{path}.rule", f"{setting.rule!r} is no rule of the catalogue", "rule.known"
            )
            continue
        known = {one.name: one for one in rule.parameters}
        yield from _wrong(path, rule.id, known, setting.parameters)
        if rule.id == "V12" and not _ordered(known, setting.parameters, "low", "high"):
            yield FieldViolation(f"{path}.parameters[low]", "low is not less than high", "V12.low")
        if rule.id == "V20" and not _ordered(
            known, setting.parameters, "power_factor_low", "power_factor_high"
        ):
            where = f"{path}.parameters[power_factor_low]"
            yield FieldViolation(
                where, "power_factor_low is not less than power_factor_high", "V20.power_factor_low"
            )
    yield from _twice(f"{field}.methods", "method", [one.method for one in content.methods])
    for place, step in enumerate(content.methods):
        path = f"{field}.methods[{place}]"
        method = METHODS.get(step.method)
        if method is None:
            known_ids = ", ".join(METHODS)
            yield FieldViolation(f"{path}.method", f"{step.method!r} is none of {known_ids}", "method.known")
            continue
        if step.method == SCALING and place != len(content.methods) - 1:
            yield FieldViolation(f"{path}.method", "scaling (S) is always the last step", "method.order")
        yield from _wrong(path, method.id, {one.name: one for one in method.parameters}, step.parameters)
    for name, text in content.limits.items():
        yield from _wrong_value(f"{field}.limits[{name}]", "limits", LIMITS.get(name), name, text)


def _twice(path: str, name: str, ids: Sequence[str]) -> Iterator[FieldViolation]:
    for place, one in enumerate(ids):
        if one in ids[:place]:
            yield FieldViolation(f"{path}[{place}].{name}", f"{one!r} is there twice", f"{name}.unique")


def _wrong(
    path: str, owner: str, known: Mapping[str, Parameter], given: Mapping[str, str]
) -> Iterator[FieldViolation]:
    for name, text in given.items():
        yield from _wrong_value(f"{path}.parameters[{name}]", owner, known.get(name), name, text)


def _wrong_value(
    path: str, owner: str, parameter: Parameter | None, name: str, text: str
) -> Iterator[FieldViolation]:
    if parameter is None:
        yield FieldViolation(path, f"{owner} has no parameter {name!r}", f"{owner}.known")
        return
    try:
        parameter.stored(text)
    except ValueError as error:
        yield FieldViolation(path, str(error), f"{owner}.{name}")


def _ordered(known: Mapping[str, Parameter], given: Mapping[str, str], low: str, high: str) -> bool:
    try:
        return known[low].stored(given.get(low, known[low].default)) < known[high].stored(
            given.get(high, known[high].default)
        )
    except ValueError:
        return True
