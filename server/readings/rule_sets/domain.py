"""Rule sets, their versions, and for whom they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from uuid import UUID

from server.platform.resource_store import Stored
from server.readings.domain import Severity
from server.readings.rule_sets.catalogue import LIMITS, METHODS, RULES, MethodEntry, RuleEntry

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on a first version holds that says nothing else."""


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One rule within a set; the texts of its parameters by name."""

    rule: str
    enabled: bool
    severity: Severity
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MethodStep:
    """One method of estimation within a set."""

    method: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says: all rules of the catalogue in order, the methods in order, the limits."""

    rules: tuple[RuleSetting, ...]
    methods: tuple[MethodStep, ...]
    limits: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A rule set with its newest version."""

    rule_set_id: UUID
    display_name: str
    description: str
    content: Content
    number: int = 1
    """Of the newest version; counts from 1."""
    version_id: int = 0
    effective_from: datetime = ALWAYS
    created_by: str = ""
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule set; it never changes."""

    version_id: int
    rule_set_id: UUID
    number: int
    effective_from: datetime
    content: Content
    created_by: str
    create_time: datetime


class TargetKind(IntEnum):
    """What a rule set is assigned to, the least specific first; numbers are those of the wire."""

    TENANT = 1
    COMMODITY = 2
    SOURCE = 3
    MODEL = 4
    USAGE_POINT = 5


@dataclass(frozen=True, slots=True)
class Target:
    """For whom: ``key`` is the name of a commodity, a source, the id of a model or of a usage point."""

    kind: TargetKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """That a rule set holds for a target for a while."""

    assignment_id: UUID
    rule_set_id: UUID
    target: Target
    priority: int
    """Of several of one target the largest counts; of equal ones the newest."""
    effective_from: datetime
    effective_to: datetime | None
    created_by: str
    create_time: datetime

    def holds(self, at: datetime) -> bool:
        """Whether it is in effect at a time."""
        return self.effective_from <= at and (self.effective_to is None or at < self.effective_to)


def default_setting(rule: RuleEntry) -> RuleSetting:
    """A rule as it is in the built-in set."""
    return RuleSetting(
        rule.id, rule.enabled, rule.severity, {one.name: one.default for one in rule.parameters}
    )


def default_step(method: MethodEntry) -> MethodStep:
    """A method as it is in the built-in set."""
    return MethodStep(method.id, {one.name: one.default for one in method.parameters})


def built_in_content() -> Content:
    """The built-in set."""
    return Content(
        tuple(map(default_setting, RULES.values())),
        tuple(map(default_step, METHODS.values())),
        {name: limit.default for name, limit in LIMITS.items()},
    )
