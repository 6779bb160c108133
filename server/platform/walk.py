"""Lists in another order than that of their ids: the one in which an index finds the few that are wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """What lists are walked along; made once, for to build a query takes a fifth of the time of a page.

    Its parameters are those of :data:`server.platform.sql.ASKED` and of the walks that take it.
    """

    source: sa.FromClause
    """Rows of :func:`in_order`, perhaps joined with more."""
    resource_id: sa.ColumnElement[UUID]
    """The resource of a row: no two rows have the same."""
    key: tuple[sa.ColumnElement[Any], ...]
    """Where a row is in the order."""

    @property
    def labelled(self) -> list[sa.ColumnElement[Any]]:
        """The key, to be selected beside the resource."""
        return [column.label(f"walk_{place}") for place, column in enumerate(self.key)]

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The key of a row that was selected with :attr:`labelled`."""
        return tuple(row[f"walk_{place}"] for place in range(len(self.key)))


@dataclass(frozen=True, slots=True)
class Walk:
    """One list that is walked."""

    route: Route
    values: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the route, by name."""


def in_order(
    query: sa.Select[Any], key: Sequence[sa.ColumnElement[Any]], name: str, *, deep: bool
) -> sa.Subquery:
    """Rows of a query in the order of a key; ``deep``: those after the key of :func:`after_values`.

    Without the fence of OFFSET 0 PostgreSQL would look at every row of the query for a page of a hundred.
    """
    if deep:
        after = [sa.bindparam(f"after_{place}", type_=column.type) for place, column in enumerate(key)]
        # The first says nothing more, but leads right to where the second holds.
        query = query.where(key[0] >= after[0], sa.tuple_(*key) > sa.tuple_(*after))
    return query.order_by(*key).offset(sa.literal_column("0")).subquery(name)


def after_values(after: Sequence[Any] | None) -> dict[str, Any]:
    """The parameters of a deep walk; none at the beginning of a list."""
    return {f"after_{place}": value for place, value in enumerate(after or ())}
