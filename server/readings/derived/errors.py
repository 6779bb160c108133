"""Errors of derived series."""

from uuid import UUID

from server.platform.errors import FailedPrecondition, InvalidField, NotFound


class DerivedSeriesNotFound(NotFound):
    """It does not exist, belongs to another tenant, or is made of what the caller may not see."""

    reason = "DERIVED_SERIES_NOT_FOUND"

    def __init__(self, derived_series_id: UUID) -> None:
        super().__init__(
            f"derived series {derived_series_id} does not exist", derived_series_id=derived_series_id
        )


class DerivedSeriesUsed(FailedPrecondition):
    """Another derived series is made of it."""

    reason = "RESOURCE_IN_USE"

    def __init__(self, derived_series_id: UUID, other: UUID, name: str) -> None:
        super().__init__(
            f"derived series {derived_series_id} is an input of {name!r}, {other}",
            derived_series_id=derived_series_id,
            used_by=other,
        )


class NotComputable(FailedPrecondition):
    """What the derived series was made of has changed since, so that it cannot be computed any more."""

    reason = "DERIVED_SERIES_NOT_COMPUTABLE"

    def __init__(self, derived_series_id: UUID, why: str) -> None:
        super().__init__(
            f"derived series {derived_series_id} cannot be computed: {why}",
            derived_series_id=derived_series_id,
        )


class InputRefused(InvalidField):
    """An input that does not exist, or does not fit."""

    def __init__(self, place: int, part: str, why: str, rule: str) -> None:
        path = f"derived_series.inputs[{place}]"
        super().__init__(f"{path}.{part}" if part else path, why, f"derived.{rule}")


class CycleRefused(InputRefused):
    """A derived series that would be made of itself."""

    def __init__(self, place: int, names: list[str]) -> None:
        super().__init__(place, "derived_series_id", f"goes in a circle: {' → '.join(names)}", "cycle")


class TooDeep(InputRefused):
    """Derived series of derived series of derived series, too many of them."""

    def __init__(self, place: int, deepest: int) -> None:
        why = f"is more than {deepest} derived series deep"
        super().__init__(place, "derived_series_id", why, "depth")
