"""Tenants, principals, roles and API keys."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.access.errors import KeyExpired, KeyRevoked
from server.platform.caller import UNBOUNDED, Quota, Scope
from server.platform.resource_store import Stored

SECRET_START = "simba_"  # noqa: S105 - the part of every secret that is none
"""How every secret begins, so that scanners for leaked secrets can know it."""
_SECRET_BYTES = 32
_SHOWN = len(SECRET_START) + 6

USER, SERVICE = "USER", "SERVICE"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One utility."""

    tenant_id: UUID
    code: str
    display_name: str
    time_zone: str
    active: bool
    version: int
    create_time: datetime
    update_time: datetime | None = None
    """None: as it was made."""
    quota: Quota = UNBOUNDED
    suspend_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person or a program that may call."""

    principal_id: UUID
    kind: str
    """USER or SERVICE."""
    display_name: str
    subject: str = ""
    """The ``sub`` of its tokens; empty: it has none."""
    certificate_identity: str = ""
    """A URI or DNS name in its client certificate; empty: it has none."""
    roles: tuple[str, ...] = ()
    scope: Scope | None = None
    suspended: bool = False
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A named set of permissions."""

    role_id: UUID
    code: str
    display_name: str = ""
    permissions: tuple[str, ...] = ()
    """Permissions or patterns, see :mod:`server.access.roles`."""
    built_in: bool = False
    stored: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A credential of a program, without its secret."""

    tenant_id: UUID
    api_key_id: UUID
    display_name: str
    roles: tuple[str, ...]
    """Empty for a key of a principal."""
    prefix: str
    create_time: datetime
    expire_time: datetime | None = None
    last_used_time: datetime | None = None
    revoke_time: datetime | None = None
    principal_id: UUID | None = None
    """Whose key it is; None: it stands alone."""
    scope: Scope | None = None
    previous_expire_time: datetime | None = None
    """Until when the secret before the last rotation works."""
    rotate_time: datetime | None = None
    update_time: datetime | None = None
    version: int = 1

    def check(self, now: datetime, *, previous: bool = False) -> None:
        """Raises KeyRevoked or KeyExpired unless the key works at ``now``, by its ``previous`` secret."""
        if self.revoke_time is not None:
            raise KeyRevoked(f"the API key {self.prefix}… was revoked", api_key_id=self.api_key_id)
        end = self.end(previous=previous)
        if end is not None and end <= now:
            what = "the secret before the last rotation" if previous else f"the API key {self.prefix}…"
            raise KeyExpired(f"{what} has expired", api_key_id=self.api_key_id)

    def end(self, *, previous: bool = False) -> datetime | None:
        """When the secret, or the one before it, stops working; None: never."""
        ends = [self.expire_time, self.previous_expire_time if previous else None]
        return min((end for end in ends if end is not None), default=None)


def new_secret() -> str:
    """A fresh secret: 256 random bits behind a prefix that tells what it is."""
    return SECRET_START + secrets.token_urlsafe(_SECRET_BYTES)


def shown_part(secret: str) -> str:
    """The first characters, to recognise a key by."""
    return secret[:_SHOWN]


def hash_of(secret: str) -> bytes:
    """What is stored. A plain SHA-256 is enough: nobody guesses 256 random bits, however fast they try."""
    return hashlib.sha256(secret.encode()).digest()
