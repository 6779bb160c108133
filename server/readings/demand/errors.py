"""What goes wrong when somebody asks for demand."""

from collections.abc import Iterable

from server.platform.errors import InvalidField, NotFound


class NothingMeasured(NotFound):
    """The usage point or node does not exist, or has no series with intervals of the quantity."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} has no series of that quantity")


class PeriodRefused(InvalidField):
    """A period over which there can be no demand."""

    def __init__(self, seconds: int, why: str) -> None:
        super().__init__("period", f"{seconds} s {why}", "demand.period")


class NotAlike(InvalidField):
    """Series that cannot be added: they differ in what must be one."""

    def __init__(self, what: str, values: Iterable[str]) -> None:
        said = f"the series together have several {what}: {', '.join(sorted(values))}"
        super().__init__("coincident", said, "demand.one_kind")
