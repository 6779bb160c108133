"""Tenants and API keys."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.access.errors import KeyExpired, KeyRevoked

SECRET_START = "simba_"  # noqa: S105 - the part of every secret that is none
"""How every secret begins, so that scanners for leaked secrets can know it."""
_SECRET_BYTES = 32
_SHOWN = len(SECRET_START) + 6


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


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A credential of a program, without its secret."""

    tenant_id: UUID
    api_key_id: UUID
    display_name: str
    roles: tuple[str, ...]
    prefix: str
    create_time: datetime
    expire_time: datetime | None = None
    last_used_time: datetime | None = None
    revoke_time: datetime | None = None

    def check(self, now: datetime) -> None:
        """Raises KeyRevoked or KeyExpired unless the key works at ``now``."""
        if self.revoke_time is not None:
            raise KeyRevoked(f"the API key {self.prefix}… was revoked", api_key_id=self.api_key_id)
        if self.expire_time is not None and self.expire_time <= now:
            raise KeyExpired(f"the API key {self.prefix}… has expired", api_key_id=self.api_key_id)


def new_secret() -> str:
    """A fresh secret: 256 random bits behind a prefix that tells what it is."""
    return SECRET_START + secrets.token_urlsafe(_SECRET_BYTES)


def shown_part(secret: str) -> str:
    """The first characters, to recognise a key by."""
    return secret[:_SHOWN]


def hash_of(secret: str) -> bytes:
    """What is stored. A plain SHA-256 is enough: nobody guesses 256 random bits, however fast they try."""
    return hashlib.sha256(secret.encode()).digest()
