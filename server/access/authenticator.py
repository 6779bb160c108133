"""From a credential to a caller."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.access import store
from server.access.domain import SECRET_START, ApiKey, Tenant, hash_of
from server.access.errors import KeyInvalid, TenantSuspended
from server.access.roles import RoleBook
from server.access.tokens import Tokens
from server.platform.caller import Caller
from server.platform.rpc import Credential
from server.platform.uow import UnitOfWork

_LARGEST_CACHE = 20_000


@dataclass(frozen=True, slots=True)
class _Known:
    key: ApiKey
    active: bool
    caller: Caller


class CredentialAuthenticator:
    """Knows API keys and tokens; implements :class:`server.platform.rpc.Authenticator`.

    A key that was found is believed for ``cache_seconds``; unknown ones are never remembered.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        roles: RoleBook,
        tokens: Tokens,
        *,
        clock: Callable[[], datetime],
        cache_seconds: float,
    ) -> None:
        self._uow = uow
        self._roles = roles
        self._tokens = tokens
        self._clock = clock
        self._cache_seconds = cache_seconds
        self._keys: dict[bytes, tuple[float, _Known]] = {}
        self._tenants: dict[str, tuple[float, Tenant]] = {}
        self._asked: dict[bytes, asyncio.Task[_Known]] = {}
        self._used: dict[tuple[UUID, UUID], datetime] = {}

    async def authenticate(self, credential: Credential) -> Caller:
        """The caller. Raises KeyInvalid, KeyRevoked, KeyExpired, TenantSuspended, or Unavailable."""
        secret = credential.secret
        if secret.startswith(SECRET_START):
            return await self._by_key(secret)
        if self._tokens.accepted and secret.count(".") == 2:  # noqa: PLR2004 - a JWS has three parts
            return await self._by_token(secret)
        raise KeyInvalid("the credential is not known")

    def forget(self, api_key_id: UUID) -> None:
        """Makes the next call with this key ask the database."""
        gone = [digest for digest, (_, known) in self._keys.items() if known.key.api_key_id == api_key_id]
        for digest in gone:
            del self._keys[digest]

    async def flush_used(self) -> None:
        """Writes down when keys were last used."""
        used, self._used = self._used, {}
        if used:
            async with self._uow.system() as tx:
                await store.touch_keys(tx, used)

    async def _by_key(self, secret: str) -> Caller:
        digest = hash_of(secret)
        cached = self._keys.get(digest)
        if cached is not None and time.monotonic() - cached[0] < self._cache_seconds:
            known = cached[1]
        else:
            known = await self._ask_once(digest)
        now = self._clock()
        known.key.check(now)
        if not known.active:
            raise TenantSuspended
        self._used[known.key.tenant_id, known.key.api_key_id] = now
        return known.caller

    async def _ask_once(self, digest: bytes) -> _Known:
        """Looks a key up; calls that want the same key at the same time share one look."""
        task = self._asked.get(digest)
        if task is None:
            task = self._asked[digest] = asyncio.create_task(self._ask(digest))
            task.add_done_callback(lambda _: self._asked.pop(digest, None))
            task.add_done_callback(_looked_up)
        return await asyncio.shield(task)

    async def _ask(self, digest: bytes) -> _Known:
        async with self._uow.system() as tx:
            found = await store.find_key_by_hash(tx, digest)
        if found is None:
            self._keys.pop(digest, None)
            raise KeyInvalid("the API key is not known")
        key, active = found
        caller = Caller(
            tenant_id=key.tenant_id,
            principal_id=f"api-keys/{key.api_key_id}",
            display_name=key.display_name,
            permissions=self._roles.permissions(key.roles),
        )
        known = _Known(key, active, caller)
        if len(self._keys) >= _LARGEST_CACHE:
            self._keys.clear()
        self._keys[digest] = (time.monotonic(), known)
        return known

    async def _by_token(self, raw: str) -> Caller:
        token = await self._tokens.verify(raw)
        tenant = await self._tenant(token.tenant)
        if not tenant.active:
            raise TenantSuspended
        return Caller(
            tenant_id=tenant.tenant_id,
            principal_id=f"subjects/{token.subject}",
            display_name=token.display_name,
            permissions=self._roles.permissions(token.roles),
        )

    async def _tenant(self, named: str) -> Tenant:
        cached = self._tenants.get(named)
        if cached is not None and time.monotonic() - cached[0] < self._cache_seconds:
            return cached[1]
        async with self._uow.system() as tx:
            found = await store.find_tenant(tx, tenant_id=_id(named), code=named)
        if found is None:
            raise KeyInvalid("the token names a tenant that does not exist")
        self._tenants[named] = (time.monotonic(), found)
        return found


def _id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None


def _looked_up(task: asyncio.Task[_Known]) -> None:
    """Takes note of the outcome, which nobody may be waiting for any more."""
    if not task.cancelled():
        task.exception()
