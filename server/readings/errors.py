"""Errors of readings."""

from datetime import datetime
from uuid import UUID

from server.platform.errors import FailedPrecondition, InvalidArgument, InvalidField, NotFound


class SubjectMissing(InvalidArgument):
    """A query that names nothing to look for."""

    def __init__(self, *fields: str) -> None:
        super().__init__(f"one of {', '.join(fields)} is needed")


class UnknownTimeZone(InvalidField):
    """A zone that the time zone database does not have."""

    def __init__(self, field: str, name: str) -> None:
        super().__init__(field, f"{name!r} is not an IANA time zone", "time_zone.known")


class SeriesNotFound(NotFound):
    """No series has the number, or it belongs to another tenant."""

    def __init__(self, series: int) -> None:
        super().__init__(f"series {series} does not exist", series=series)


class IntervalNotFound(NotFound):
    """The series has no interval that begins at the time."""

    def __init__(self, series: int, time: str) -> None:
        super().__init__(f"series {series} has no interval that begins at {time}", series=series, time=time)


class ChannelNotFound(NotFound):
    """No channel has the number, or it belongs to another tenant."""

    reason = "UNKNOWN_CHANNEL"

    def __init__(self, channel: int) -> None:
        super().__init__(f"no channel has the number {channel}", channel=channel)


class MeterNotFound(NotFound):
    """The meter does not exist, or measures nothing, or belongs to another tenant."""

    reason = "METER_NOT_FOUND"

    def __init__(self, meter_id: UUID) -> None:
        super().__init__(f"meter {meter_id} does not exist", meter_id=meter_id)


class UsagePointNotFound(NotFound):
    """The usage point does not exist, or has no series, or belongs to another tenant."""

    reason = "USAGE_POINT_NOT_FOUND"

    def __init__(self, usage_point_id: UUID) -> None:
        super().__init__(
            f"usage point {usage_point_id} does not exist, or nothing is measured there",
            usage_point_id=usage_point_id,
        )


class NodeNotFound(NotFound):
    """The node does not exist, or belongs to another tenant, or lies outside of the caller's scope."""

    reason = "NODE_NOT_FOUND"

    def __init__(self, node_id: UUID) -> None:
        super().__init__(f"node {node_id} does not exist", node_id=node_id)


class NotBilled(FailedPrecondition):
    """What was billed is asked for, and some of it was not."""

    reason = "PERIOD_NOT_BILLED"

    def __init__(self, since: datetime) -> None:
        super().__init__(f"there is no bill of what follows {since.isoformat()}", since=since.isoformat())
