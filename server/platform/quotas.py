"""How many resources a tenant may have.

Whoever makes meters, gateways, usage points or API keys calls :func:`check_quota` first, in the transaction
that makes them. A tenant without a bound costs one look at its own row; one that is far from its bound is
counted now and then; near the bound makers wait for one another, so that two of them cannot both take the
last place.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.platform.caller import Quota
from server.platform.errors import ResourceExhausted
from server.platform.uow import Tx

_COUNTED_FOR_SECONDS = 5.0
_ROOM = 0.9
"""Up to this part of the bound, a count of a moment ago is good enough."""

_COUNTS = {
    "meters": "SELECT count(*) FROM meter WHERE tenant_id = :tenant AND NOT archived",
    "gateways": """
        SELECT (SELECT count(*) FROM gateway WHERE tenant_id = :tenant AND NOT archived)
             + (SELECT count(*) FROM concentrator WHERE tenant_id = :tenant AND NOT archived)
    """,
    "usage_points": "SELECT count(*) FROM usage_point WHERE tenant_id = :tenant AND NOT archived",
    "api_keys": """
        SELECT count(*) FROM api_key WHERE tenant_id = :tenant AND revoke_time IS NULL
            AND (expire_time IS NULL OR expire_time > :now)
    """,
}
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
_BOUND = sa.text("SELECT quota FROM tenant WHERE tenant_id = :tenant")


class QuotaExceeded(ResourceExhausted):
    """The tenant would have more than its quota allows; waiting does not help."""

    reason = "QUOTA_EXCEEDED"

    def __init__(self, what: str, bound: int, used: int, adding: int) -> None:
        super().__init__(
            f"the tenant may have {bound} {what.replace('_', ' ')}, has {used}, and wants {adding} more",
            quota=f"max_{what}",
            limit=bound,
            used=used,
            adding=adding,
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tenant has of what its quota counts."""

    meters: int
    gateways: int
    usage_points: int
    api_keys: int


@dataclass(slots=True)
class _Counted:
    at: float
    count: int
    """As it was, and what was added here since."""


_counted: dict[tuple[UUID, str], _Counted] = {}


async def check_quota(tx: Tx, what: str, *, adding: int = 1) -> None:
    """Raises QuotaExceeded when the tenant may not have ``adding`` more.

    ``what`` is ``meters``, ``gateways``, ``usage_points`` or ``api_keys``.
    """
    if adding <= 0:
        return
    quota = Quota(**(await tx.conn.scalar(_BOUND, {"tenant": tx.tenant_id}) or {}))
    bound: int = getattr(quota, f"max_{what}")
    if not bound or _has_room(tx.tenant_id, what, bound, adding):
        return
    await tx.conn.execute(_LOCK, {"what": f"quota:{tx.tenant_id}:{what}"})
    used = await _count(tx, what)
    if used + adding > bound:
        raise QuotaExceeded(what, bound, used, adding)
    _counted[tx.tenant_id, what] = _Counted(time.monotonic(), used + adding)


async def usage_of(tx: Tx) -> Usage:
    """What the transaction's tenant has."""
    return Usage(**{what: await _count(tx, what) for what in _COUNTS})


def _has_room(tenant_id: UUID, what: str, bound: int, adding: int) -> bool:
    known = _counted.get((tenant_id, what))
    if known is None or time.monotonic() - known.at > _COUNTED_FOR_SECONDS:
        return False
    known.count += adding
    return known.count <= bound * _ROOM


async def _count(tx: Tx, what: str) -> int:
    parameters: dict[str, Any] = {"tenant": tx.tenant_id, "now": tx.now}
    wanted = sa.text(_COUNTS[what])
    names = wanted.compile().params
    return int(await tx.conn.scalar(wanted, {name: parameters[name] for name in names}) or 0)
