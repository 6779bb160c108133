"""Scopes as they are stored, and as tokens and messages say them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from server.access.errors import KeyInvalid
from server.platform.caller import Scope
from server.platform.ids import parse_id
from simba.access.v1 import scope_pb2

_NODE, _POINT = "node:", "usage_point:"


def read_scope(nodes: Iterable[UUID] | None, usage_points: Iterable[UUID] | None) -> Scope | None:
    """A scope from its two columns; both absent: the whole tenant."""
    if nodes is None and usage_points is None:
        return None
    return Scope(frozenset(nodes or ()), frozenset(usage_points or ()))


def write_scope(scope: Scope | None) -> dict[str, Any]:
    """The two columns of a scope."""
    if scope is None:
        return {"scope_nodes": None, "scope_usage_points": None}
    return {"scope_nodes": sorted(scope.node_ids), "scope_usage_points": sorted(scope.usage_point_ids)}


def scope_to_wire(scope: Scope | None) -> scope_pb2.Scope | None:
    """A scope on the wire; None stays absent."""
    if scope is None:
        return None
    return scope_pb2.Scope(
        node_ids=map(str, sorted(scope.node_ids)), usage_point_ids=map(str, sorted(scope.usage_point_ids))
    )


def scope_of(field: str, message: Any) -> Scope | None:
    """The field ``scope`` of a message, if it is set; ``field`` is the message's own path."""
    if not message.HasField("scope"):
        return None
    given = message.scope
    return Scope(
        frozenset(parse_id(f"{field}.scope.node_ids", one) for one in given.node_ids),
        frozenset(parse_id(f"{field}.scope.usage_point_ids", one) for one in given.usage_point_ids),
    )


def scope_of_claim(claim: Any, name: str) -> Scope | None:
    """The scope that a token's claim says; absent: the whole tenant.

    Either an object with ``node_ids`` and ``usage_point_ids``, or ``node:<id>`` and ``usage_point:<id>`` as a
    list or a text with blanks. Raises KeyInvalid for anything else: what cannot be read must not mean "all".
    """
    if claim is None:
        return None
    try:
        if isinstance(claim, Mapping):
            nodes, points = claim.get("node_ids", []), claim.get("usage_point_ids", [])
            if set(claim) <= {"node_ids", "usage_point_ids"}:
                return Scope(frozenset(map(UUID, nodes)), frozenset(map(UUID, points)))
            raise ValueError("unknown members")
        words = claim.split() if isinstance(claim, str) else list(claim)
        nodes = [one.removeprefix(_NODE) for one in words if one.startswith(_NODE)]
        points = [one.removeprefix(_POINT) for one in words if one.startswith(_POINT)]
        if len(nodes) + len(points) != len(words):
            raise ValueError("unknown words")
        return Scope(frozenset(map(UUID, nodes)), frozenset(map(UUID, points)))
    except (ValueError, TypeError, AttributeError):
        raise KeyInvalid(f"the claim {name!r} is not a scope") from None
