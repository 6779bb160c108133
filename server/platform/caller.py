"""Who calls, and within which bounds: set by the authentication interceptor, read by everything below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.platform.errors import Unauthenticated


class CallerMissing(Unauthenticated):
    """Code that needs a caller ran outside a call and outside :func:`acting_as`."""

    reason = "CREDENTIAL_MISSING"


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a tenant that rights end at: what hangs below the nodes now, and the usage points."""

    node_ids: frozenset[UUID] = frozenset()
    usage_point_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How much a tenant may have and do; 0 is no bound."""

    max_meters: int = 0
    max_gateways: int = 0
    max_usage_points: int = 0
    max_api_keys: int = 0
    requests_per_second: float = 0.0
    request_burst: int = 0
    """Calls that may come at once; 0: those of two seconds."""
    max_streams: int = 0
    readings_per_second: float = 0.0


UNBOUNDED = Quota()


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated principal of a call, and the tenant that its credential belongs to."""

    tenant_id: UUID
    principal_id: str
    """``principals/<id>``, ``api-keys/<id>`` of a key that stands alone, ``subjects/<sub>`` of a token whose
    subject is no principal, or ``system``."""
    display_name: str
    permissions: frozenset[str]
    roles: tuple[str, ...] = ()
    scope: Scope | None = None
    """What the rights are limited to; None: the whole tenant."""
    expire_time: datetime | None = None
    """When the credential stops working by itself."""
    quota: Quota = UNBOUNDED
    """What the tenant may have and do."""

    def may(self, permission: str) -> bool:
        """Whether the caller holds the permission."""
        return permission in self.permissions


_caller: ContextVar[Caller | None] = ContextVar("simba_caller", default=None)


def current_caller() -> Caller:
    """The caller of the call that is being served. Raises :class:`CallerMissing` when there is none."""
    caller = _caller.get()
    if caller is None:
        raise CallerMissing("no caller: this code runs outside a call")
    return caller


def caller_or_none() -> Caller | None:
    """The caller, or None outside a call; for logs and traces."""
    return _caller.get()


@contextmanager
def acting_as(caller: Caller) -> Iterator[Caller]:
    """Makes ``caller`` the current one inside the block; jobs and tests use it."""
    token = _caller.set(caller)
    try:
        yield caller
    finally:
        _caller.reset(token)


def system_caller(tenant_id: UUID) -> Caller:
    """The server itself, working within one tenant: jobs, timers, relays."""
    return Caller(tenant_id, "system", "SiMBA", frozenset())
