"""Rule sets on the wire and in the domain."""

from collections.abc import Iterable
from typing import Any

from server.platform.ids import parse_id
from server.platform.wire import enum_name, enum_value, own_id, stamp, times
from server.readings.domain import Severity
from server.readings.rule_sets.catalogue import LIMITS, METHODS, RULES, Parameter
from server.readings.rule_sets.domain import (
    Assignment,
    Content,
    MethodStep,
    RuleSet,
    RuleSetting,
    Target,
    TargetKind,
    Version,
)
from server.readings.rule_sets.parameters import BUILT_IN_ID
from server.readings.rule_sets.resolving import Candidate, Resolution, target_text
from server.readings.vee.rules import APPLIED_METHODS, APPLIED_RULES
from simba.common.v1.types_pb2 import Commodity
from simba.readings.v1 import rule_set_pb2, vee_service_pb2
from simba.readings.v1 import rule_set_service_pb2 as pb


def rule_set_of(wire: rule_set_pb2.RuleSet) -> RuleSet:
    """A rule set as a caller gives it, not yet checked nor filled in."""
    return RuleSet(
        rule_set_id=own_id("rule_set.rule_set_id", wire.rule_set_id),
        display_name=wire.display_name,
        description=wire.description,
        content=Content(
            tuple(map(_setting_of, wire.rules)),
            tuple(MethodStep(one.method, dict(one.parameters)) for one in wire.methods),
            dict(wire.limits),
        ),
    )


def _setting_of(wire: rule_set_pb2.RuleSetting) -> RuleSetting:
    """What is not said is as in the catalogue; a rule that it does not have is refused later."""
    usual = RULES.get(wire.rule)
    enabled = wire.enabled if wire.HasField("enabled") else usual is None or usual.enabled
    severity = Severity(wire.severity) if wire.severity else usual.severity if usual else Severity.ISSUE
    return RuleSetting(wire.rule, enabled, severity, dict(wire.parameters))


def wire_rule_set(one: RuleSet) -> rule_set_pb2.RuleSet:
    """A rule set on the wire."""
    return rule_set_pb2.RuleSet(
        rule_set_id=str(one.rule_set_id),
        display_name=one.display_name,
        description=one.description,
        **_wire_content(one.content),
        version=one.number,
        effective_from=stamp(one.effective_from),
        created_by=one.created_by,
        archived=one.stored.archived,
        **times(one.stored),
    )


def wire_version(one: Version) -> rule_set_pb2.RuleSetVersion:
    """A version on the wire; the built-in set has no rule set."""
    built_in = one.version_id == BUILT_IN_ID
    return rule_set_pb2.RuleSetVersion(
        rule_set_id="" if built_in else str(one.rule_set_id),
        version=one.number,
        effective_from=stamp(one.effective_from),
        **_wire_content(one.content),
        created_by=one.created_by,
        create_time=None if built_in else stamp(one.create_time),
        version_id=one.version_id,
    )


def _wire_content(content: Content) -> Any:
    return {
        "rules": [
            rule_set_pb2.RuleSetting(
                rule=one.rule,
                enabled=one.enabled,
                severity=vee_service_pb2.VeeSeverity.ValueType(one.severity),
                parameters=dict(one.parameters),
            )
            for one in content.rules
        ],
        "methods": [
            rule_set_pb2.MethodStep(method=one.method, parameters=dict(one.parameters))
            for one in content.methods
        ],
        "limits": dict(content.limits),
    }


def target_of(field: str, wire: rule_set_pb2.RuleSetTarget) -> Target:
    """A target from the wire, which has one."""
    kind = wire.WhichOneof("target")
    if kind == "commodity":
        return Target(TargetKind.COMMODITY, enum_name(Commodity, wire.commodity))
    if kind == "source":
        return Target(TargetKind.SOURCE, wire.source)
    if kind == "device_model_id":
        return Target(TargetKind.MODEL, str(parse_id(f"{field}.device_model_id", wire.device_model_id)))
    if kind == "usage_point_id":
        return Target(TargetKind.USAGE_POINT, str(parse_id(f"{field}.usage_point_id", wire.usage_point_id)))
    return Target(TargetKind.TENANT)


def wire_target(target: Target) -> rule_set_pb2.RuleSetTarget:
    """A target on the wire."""
    if target.kind is TargetKind.TENANT:
        return rule_set_pb2.RuleSetTarget(tenant=True)
    if target.kind is TargetKind.COMMODITY:
        return rule_set_pb2.RuleSetTarget(commodity=enum_value(Commodity, target.key))
    if target.kind is TargetKind.SOURCE:
        return rule_set_pb2.RuleSetTarget(source=target.key)
    if target.kind is TargetKind.MODEL:
        return rule_set_pb2.RuleSetTarget(device_model_id=target.key)
    return rule_set_pb2.RuleSetTarget(usage_point_id=target.key)


def wire_assignment(one: Assignment) -> rule_set_pb2.RuleSetAssignment:
    """An assignment on the wire."""
    return rule_set_pb2.RuleSetAssignment(
        assignment_id=str(one.assignment_id),
        rule_set_id=str(one.rule_set_id),
        target=wire_target(one.target),
        priority=one.priority,
        effective_from=stamp(one.effective_from),
        effective_to=stamp(one.effective_to),
        created_by=one.created_by,
        create_time=stamp(one.create_time),
    )


def wire_resolution(resolution: Resolution, version: Version) -> pb.ResolveRuleSetResponse:
    """What holds, and why."""
    return pb.ResolveRuleSetResponse(
        version=wire_version(version),
        reason=reason_of(resolution),
        candidates=[
            pb.ResolvedAssignment(
                assignment=wire_assignment(one.assignment),
                version=one.version.number,
                version_id=one.version.version_id,
            )
            for one in resolution.candidates
        ],
    )


def reason_of(resolution: Resolution) -> str:
    """In words, why it is this one."""
    if resolution.chosen is None:
        return "nothing is assigned: the built-in set"
    told = f"assigned to {target_text(resolution.chosen.assignment.target)}"
    others = resolution.candidates[1:]
    return f"{told}, {_against(resolution.chosen, others)}" if others else told


def _against(chosen: Candidate, others: Iterable[Candidate]) -> str:
    second = next(iter(others)).assignment
    mine = chosen.assignment
    if second.target.kind != mine.target.kind:
        return f"which is more specific than {target_text(second.target)}"
    if second.priority != mine.priority:
        return f"with priority {mine.priority} before {second.priority}"
    return "newer than another one of the same priority"


def wire_catalogue() -> pb.GetRuleCatalogueResponse:
    """The catalogue on the wire."""
    return pb.GetRuleCatalogueResponse(
        rules=[
            pb.CatalogueRule(
                rule=rule.id,
                display_name=rule.name,
                definition=rule.definition,
                enabled=rule.enabled,
                severity=vee_service_pb2.VeeSeverity.ValueType(rule.severity),
                on_fail=rule.on_fail,
                parameters=map(_wire_parameter, rule.parameters),
                applied=rule.id in APPLIED_RULES,
            )
            for rule in RULES.values()
        ],
        methods=[
            pb.CatalogueMethod(
                method=method.id,
                display_name=method.name,
                definition=method.definition,
                condition=method.when,
                nem_code=method.code,
                parameters=map(_wire_parameter, method.parameters),
                applied=method.id in APPLIED_METHODS,
            )
            for method in METHODS.values()
        ],
        limits=map(_wire_parameter, LIMITS.values()),
    )


def _wire_parameter(one: Parameter) -> pb.CatalogueParameter:
    return pb.CatalogueParameter(
        name=one.name,
        unit=one.unit,
        default_value=one.default,
        min_value=one.least,
        max_value=one.most,
        choices=one.choices,
        description=one.description,
    )
