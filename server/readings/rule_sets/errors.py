"""Errors of rule sets."""

from uuid import UUID

from server.platform.errors import FailedPrecondition, InvalidField, NotFound


class RuleSetNotFound(NotFound):
    """The rule set does not exist, or belongs to another tenant."""

    reason = "RULE_SET_NOT_FOUND"

    def __init__(self, rule_set_id: UUID) -> None:
        super().__init__(f"rule set {rule_set_id} does not exist", rule_set_id=rule_set_id)


class AssignmentNotFound(NotFound):
    """The assignment does not exist, or belongs to another tenant."""

    reason = "RULE_SET_ASSIGNMENT_NOT_FOUND"

    def __init__(self, assignment_id: UUID) -> None:
        super().__init__(f"assignment {assignment_id} does not exist", assignment_id=assignment_id)


class TargetNotFound(NotFound):
    """The model or usage point that a rule set is assigned to does not exist."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key} does not exist", target=key)


class RuleSetAssigned(FailedPrecondition):
    """The rule set is still assigned, now or later."""

    reason = "RESOURCE_IN_USE"

    def __init__(self, rule_set_id: UUID, count: int) -> None:
        super().__init__(
            f"rule set {rule_set_id} has {count} assignments that hold now or later; end them first",
            rule_set_id=rule_set_id,
            assignments=count,
        )


class NotAPeriod(InvalidField):
    """The end of an assignment is not after its beginning."""

    def __init__(self, field: str, value: str, start: str) -> None:
        super().__init__(field, f"{value} is not after effective_from, {start}", "assignment.order")
