"""Scopes: callers whose rights end at a part of the trees, or at some usage points.

The permission step refuses such callers at every method that the contract does not mark with
``(simba.common.v1.scoped)``. A method that is marked must keep to :func:`current_scope` by itself.
"""

from server.platform.caller import Scope, caller_or_none
from server.platform.errors import PermissionDenied

__all__ = ["Scope", "ScopeInsufficient", "current_scope"]


class ScopeInsufficient(PermissionDenied):
    """The caller's rights end at a part of the tenant, and this would reach further."""

    reason = "SCOPE_INSUFFICIENT"

    def __init__(self, message: str, **which: object) -> None:
        super().__init__(message, **which)  # type: ignore[arg-type]  # metadata is free


def current_scope() -> Scope | None:
    """What the caller's rights are limited to; None: the whole tenant. The server itself has none."""
    caller = caller_or_none()
    return None if caller is None else caller.scope
