"""Bearer tokens of an OpenID Connect issuer."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt

from server.access.errors import KeyExpired, KeyInvalid
from server.access.scopes import scope_of_claim
from server.platform.caller import Scope
from server.platform.engine_errors import unavailable
from server.platform.settings import Settings

_REFRESH_SECONDS = 600.0
_LEAST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified token says."""

    subject: str
    display_name: str
    tenant: str
    """Id or code of the tenant; empty: it names none."""
    roles: tuple[str, ...]
    scope: Scope | None
    expire_time: datetime


class Tokens:
    """Verifies tokens of the configured issuer: signature, issuer, audience, expiry."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = KeySet(settings)

    @property
    def accepted(self) -> bool:
        """Whether an issuer is configured."""
        return bool(self._settings.oidc_issuer)

    async def verify(self, raw: str) -> Token:
        """What the token says. Raises KeyExpired, KeyInvalid, or Unavailable when there are no keys."""
        settings = self._settings
        try:
            key = await self._keys.key(jwt.get_unverified_header(raw).get("kid"))
            claims = jwt.decode(
                raw,
                key=key,
                algorithms=list(settings.oidc_algorithms),
                audience=settings.oidc_audience,
                issuer=settings.oidc_issuer,
                leeway=settings.oidc_leeway_seconds,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise KeyExpired("the token has expired") from None
        except jwt.PyJWTError as error:
            raise KeyInvalid(f"the token is not accepted: {error}") from None
        return self._read(claims)

    @property
    def tenant_claim(self) -> str:
        """The claim that names the tenant."""
        return self._settings.oidc_tenant_claim

    def _read(self, claims: Mapping[str, Any]) -> Token:
        settings = self._settings
        tenant = _claim(claims, settings.oidc_tenant_claim) or ""
        if not isinstance(tenant, str):
            raise KeyInvalid(f"the claim {settings.oidc_tenant_claim!r} does not name a tenant")
        subject = str(claims["sub"])
        shown = _claim(claims, settings.oidc_name_claim) or claims.get("preferred_username") or subject
        return Token(
            subject=subject,
            display_name=str(shown),
            tenant=tenant,
            roles=self._roles(_claim(claims, settings.oidc_roles_claim)),
            scope=scope_of_claim(_claim(claims, settings.oidc_scope_claim), settings.oidc_scope_claim),
            expire_time=datetime.fromtimestamp(claims["exp"], UTC)
            + timedelta(seconds=settings.oidc_leeway_seconds),
        )

    def _roles(self, claim: Any) -> tuple[str, ...]:
        """Roles from the claim; the issuer's names for them are translated by the settings."""
        settings = self._settings
        names = claim.split() if isinstance(claim, str) else claim or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise KeyInvalid(f"the claim {settings.oidc_roles_claim!r} is not a list of roles")
        if not settings.oidc_role_map:
            return tuple(names)
        return tuple(
            dict.fromkeys(settings.oidc_role_map[name] for name in names if name in settings.oidc_role_map)
        )


class KeySet:
    """The issuer's public keys, fetched when a token needs one that is not known."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys: dict[str | None, Any] = {}
        self._loaded = -_REFRESH_SECONDS
        self._lock = asyncio.Lock()

    async def key(self, key_id: str | None) -> Any:
        """The key with this id. Raises KeyInvalid when the issuer has none such."""
        age = time.monotonic() - self._loaded
        if age > _REFRESH_SECONDS or (key_id not in self._keys and age > _LEAST_SECONDS):
            await self._load()
        found = self._keys.get(key_id)
        if found is None:
            raise KeyInvalid(f"the issuer has no key {key_id!r}")
        return found

    async def _load(self) -> None:
        before = self._loaded
        async with self._lock:
            if self._loaded != before:
                return
            keys = await self._fetch()
            self._keys = {key.key_id: key.key for key in keys.keys if key.public_key_use in {None, "sig"}}
            self._loaded = time.monotonic()

    async def _fetch(self) -> jwt.PyJWKSet:
        settings = self._settings
        try:
            if settings.oidc_jwks_file is not None:
                return jwt.PyJWKSet.from_json(
                    await asyncio.to_thread(Path.read_text, settings.oidc_jwks_file)
                )
            async with httpx.AsyncClient(timeout=5, follow_redirects=True) as client:
                url = settings.oidc_jwks_url or await self._discovered(client)
                answer = await client.get(url)
                return jwt.PyJWKSet.from_dict(answer.raise_for_status().json())
        except (httpx.HTTPError, OSError, json.JSONDecodeError, jwt.PyJWTError, KeyError) as error:
            raise unavailable("identity provider") from error

    async def _discovered(self, client: httpx.AsyncClient) -> str:
        answer = await client.get(
            self._settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
        )
        return str(answer.raise_for_status().json()["jwks_uri"])


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim; a dotted path reaches into objects, unless a claim has the whole path as its name."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
