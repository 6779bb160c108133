"""What goes wrong when somebody asks for quality of supply."""

from uuid import UUID

from server.platform.errors import InvalidField, NotFound


class UsagePointNotFound(NotFound):
    """The usage point does not exist, belongs to another tenant, or is outside of the caller's scope."""

    reason = "USAGE_POINT_NOT_FOUND"

    def __init__(self, usage_point_id: UUID) -> None:
        super().__init__(f"usage point {usage_point_id} does not exist", usage_point_id=usage_point_id)


class NothingPromised(InvalidField):
    """A ranking by a quantity about which nothing is promised."""

    def __init__(self, quantity: str) -> None:
        said = f"nothing is promised of {quantity}: EN 50160 says nothing, and `bands` has none in its unit"
        super().__init__("limits.bands", said, "supply.promised")
