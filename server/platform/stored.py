"""What every stored resource has beside its own fields: columns, errors, and how rows become attributes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from server.platform.errors import AlreadyExists, FailedPrecondition, FieldViolation

Row = Mapping[str, Any]
Key = tuple[Any, ...]

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """What every stored resource has beside its own fields."""

    archived: bool = False
    create_time: datetime = _NEVER
    update_time: datetime = _NEVER
    version: int = 0
    """Grows with every change; 0 until stored."""


class Taken(AlreadyExists):
    """A value that must be unique is another resource's."""

    def __init__(self, field: str, value: object, other: UUID | None) -> None:
        whose = f" by {other}" if other else ""
        super().__init__(
            f"{field}: {str(value)!r} is taken{whose}",
            violations=[FieldViolation(field, f"{str(value)!r} is taken{whose}", "unique")],
            field=field,
            conflicting_id=other,
        )


class Archived(FailedPrecondition):
    """The resource is archived and takes no more changes."""

    reason = "RESOURCE_ARCHIVED"

    def __init__(self, kind: str, resource_id: UUID) -> None:
        super().__init__(f"{kind.replace('_', ' ')} {resource_id} is archived", resource_id=resource_id)


class NotArchived(FailedPrecondition):
    """The resource is not archived, so that it cannot be brought back."""

    reason = "STATE_TRANSITION_INVALID"

    def __init__(self, kind: str, resource_id: UUID) -> None:
        super().__init__(f"{kind.replace('_', ' ')} {resource_id} is not archived", resource_id=resource_id)


def resource_columns() -> list[sa.Column[Any]]:
    """The columns of :class:`Stored`, for a capability's table."""
    time = sa.DateTime(timezone=True)
    return [
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("create_time", time, nullable=False),
        sa.Column("update_time", time, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    ]


def columns_of(row: Row, *names: str) -> dict[str, Any]:
    """Columns that a resource's attributes are named for, for its ``read``."""
    return {name: row[name] for name in names}


def attributes_of(resource: object, *names: str) -> dict[str, Any]:
    """Attributes that columns are named for, for its ``write``."""
    return {name: getattr(resource, name) for name in names}


class Resource(Protocol):
    """What all resources have; those that other systems name have ``external_ids`` besides."""

    @property
    def stored(self) -> Stored:
        """Version, times, whether it is archived."""


R = TypeVar("R", bound=Resource)
BESIDE: Final = "beside"
"""Label of the column of :class:`Beside`."""


@dataclass(frozen=True, slots=True)
class Beside(Generic[R]):
    """What is stored elsewhere and belongs to a resource, read in the same query."""

    column: sa.ColumnElement[Any]
    """An expression of the resource's id; its parameters are those of :data:`server.platform.sql.ASKED`."""
    put: Callable[[R, Any], R]
    """Puts a value of it into a resource."""


def constraint_of(error: BaseException | None) -> str | None:
    """Name of the constraint that a statement broke; None for any other error."""
    if isinstance(error, IntegrityError) and isinstance(error.orig, psycopg.Error):
        return error.orig.diag.constraint_name
    return None


def stored_columns(stored: Stored) -> dict[str, Any]:
    """The columns of all resources, for a statement."""
    return {
        "archived": stored.archived,
        "create_time": stored.create_time,
        "update_time": stored.update_time,
        "version": stored.version,
    }


def stored_of(row: Row) -> Stored:
    """What all resources have, from a row."""
    return Stored(row["archived"], row["create_time"], row["update_time"], row["version"])
