"""Scopes: callers whose rights end at a part of the trees, or at some usage points.

The permission step refuses such callers at every method that the contract does not mark with
``(simba.common.v1.scoped)``. A method that is marked must keep to :func:`current_scope` by itself. Who knows
the trees gives the others functions of the type :data:`Visible`.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

import sqlalchemy as sa

from server.platform.caller import Scope, caller_or_none
from server.platform.errors import PermissionDenied
from server.platform.uow import Tx

__all__ = ["Narrowing", "Scope", "ScopeInsufficient", "Visible", "current_scope", "narrowed", "narrowing"]

Visible = Callable[[Tx], sa.Select[tuple[UUID]] | None]
"""Gives the ids of one kind within the caller's scope; None: all of the tenant."""
Narrowing = Callable[[Tx], list[sa.ColumnElement[bool]]]
"""Gives the conditions that leave what the caller may see."""


class ScopeInsufficient(PermissionDenied):
    """The caller's rights end at a part of the tenant, and this would reach further."""

    reason = "SCOPE_INSUFFICIENT"

    def __init__(self, message: str, **which: object) -> None:
        super().__init__(message, **which)  # type: ignore[arg-type]  # metadata is free


def current_scope() -> Scope | None:
    """What the caller's rights are limited to; None: the whole tenant. The server itself has none."""
    caller = caller_or_none()
    return None if caller is None else caller.scope


def narrowed(
    column: sa.ColumnElement[UUID], visible: sa.Select[tuple[UUID]] | None
) -> list[sa.ColumnElement[bool]]:
    """The condition that a column keeps to the visible ids; none when all are."""
    return [] if visible is None else [column.in_(visible)]


def narrowing(
    column: sa.ColumnElement[UUID],
    visible: Visible | None,
    only: Sequence[sa.ColumnElement[bool]] = (),
) -> Narrowing:
    """What narrows queries over a table by one of its columns; without ``visible`` only ``only`` does."""

    def conditions(tx: Tx) -> list[sa.ColumnElement[bool]]:
        return [*only, *([] if visible is None else narrowed(column, visible(tx)))]

    return conditions
