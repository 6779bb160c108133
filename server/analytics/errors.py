"""Errors of analytics."""

from uuid import UUID

from server.platform.errors import FailedPrecondition, NotFound


class ForecastNotFound(NotFound):
    """No forecast of the tenant has this id."""

    reason = "FORECAST_NOT_FOUND"

    def __init__(self, forecast_id: UUID) -> None:
        super().__init__(f"forecast {forecast_id} does not exist", forecast_id=forecast_id)


class SubjectNotFound(NotFound):
    """There is no such usage point, or nothing below such a node."""

    reason = "USAGE_POINT_NOT_FOUND"


class HistoryTooShort(FailedPrecondition):
    """The series is too short or too full of holes for a forecast that deserves the name."""

    reason = "HISTORY_TOO_SHORT"
