"""The rule sets of validation, built."""

from dataclasses import dataclass

from server.platform.capability import Capability, Service
from server.platform.platform import Platform
from server.readings.rule_sets.app import RuleSets
from server.readings.rule_sets.ports import Subjects
from server.readings.rule_sets.service import RuleSetService
from simba.readings.v1.rule_set_service_pb2_grpc import add_RuleSetServiceServicer_to_server


@dataclass(frozen=True, slots=True)
class BuiltRuleSets:
    """The capability, and what the engine asks of it."""

    capability: Capability
    rule_sets: RuleSets


def build_rule_sets(platform: Platform, *, subjects: Subjects) -> BuiltRuleSets:
    """The service; ``subjects`` is the devices capability's."""
    rule_sets = RuleSets(platform.uow, subjects)
    service = Service(
        "simba.readings.v1.RuleSetService",
        add_RuleSetServiceServicer_to_server,
        RuleSetService(rule_sets, platform.pages),
    )
    return BuiltRuleSets(Capability("readings.rule_sets", services=[service]), rule_sets)
