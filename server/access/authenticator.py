"""From a credential to a caller."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from server.access import identities, key_store
from server.access.domain import SECRET_START, hash_of
from server.access.errors import KeyInvalid
from server.access.identities import Identity
from server.access.roles import RoleBook
from server.access.tokens import Token, Tokens
from server.platform.caller import Caller, Scope
from server.platform.rpc import Credential
from server.platform.uow import Tx, UnitOfWork

_LARGEST_CACHE = 20_000
_Look = Callable[[Tx], Awaitable[Identity | None]]


class CredentialAuthenticator:
    """Knows API keys, tokens and certificates; implements :class:`server.platform.rpc.Authenticator`.

    What was found is believed for ``cache_seconds``; unknown credentials are never remembered.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        roles: RoleBook,
        tokens: Tokens,
        *,
        clock: Callable[[], datetime],
        cache_seconds: float,
        one_tenant: bool = False,
    ) -> None:
        self._uow = uow
        self._roles = roles
        self._tokens = tokens
        self._clock = clock
        self._cache_seconds = cache_seconds
        self._one_tenant = one_tenant
        self._known: dict[Any, tuple[float, Identity, Caller | None]] = {}
        self._asked: dict[Any, asyncio.Task[Identity | None]] = {}
        self._used: dict[tuple[UUID, UUID], datetime] = {}

    async def authenticate(self, credential: Credential) -> Caller:
        """The caller.

        Raises KeyInvalid, KeyRevoked, KeyExpired, PrincipalSuspended, TenantSuspended, or Unavailable.
        """
        secret = credential.secret
        if not secret and credential.certificate_names:
            return await self._by_certificate(credential.certificate_names)
        if secret.startswith(SECRET_START):
            return await self._by_key(secret)
        if self._tokens.accepted and secret.count(".") == 2:  # noqa: PLR2004 - a JWS has three parts
            return await self._by_token(secret)
        raise KeyInvalid("the credential is not known")

    def forget(self) -> None:
        """Makes the next call ask the database, whoever calls."""
        self._known.clear()

    async def flush_used(self) -> None:
        """Writes down when keys were last used."""
        used, self._used = self._used, {}
        if used:
            async with self._uow.system() as tx:
                await key_store.touch_keys(tx, used)

    async def _by_key(self, secret: str) -> Caller:
        digest = hash_of(secret)

        async def look(tx: Tx) -> Identity | None:
            return await identities.of_key(tx, digest)

        identity, caller = await self._identity(digest, look)
        if identity is None or identity.key is None:
            raise KeyInvalid("the API key is not known")
        now = self._clock()
        identity.check(now)
        self._used[identity.tenant.tenant_id, identity.key.api_key_id] = now
        if caller is None:
            caller = self._remember(digest, identity, self._of_known(identity))
        return caller

    async def _by_certificate(self, names: tuple[str, ...]) -> Caller:
        async def look(tx: Tx) -> Identity | None:
            found = await identities.of_certificate(tx, names)
            if len(found) > 1:
                raise KeyInvalid("the client certificate has the names of several principals")
            return found[0] if found else None

        identity, caller = await self._identity(names, look)
        if identity is None:
            raise KeyInvalid("the client certificate has the name of no principal")
        identity.check(self._clock())
        if caller is None:
            caller = self._remember(names, identity, self._of_known(identity))
        return caller

    async def _by_token(self, raw: str) -> Caller:
        token = await self._tokens.verify(raw)
        if not token.tenant and not self._one_tenant:
            raise KeyInvalid(f"the token has no claim {self._tokens.tenant_claim!r} that names the tenant")

        async def look(tx: Tx) -> Identity | None:
            tenant = await identities.tenant_named(tx, token.tenant)
            return await identities.of_subject(tx, tenant, token.subject, token.roles)

        identity, _ = await self._identity((token.tenant, token.subject, token.roles), look)
        if identity is None:
            raise KeyInvalid("the token names a tenant that does not exist")
        identity.check(self._clock())
        if identity.principal is not None:
            return self._of_known(identity, token.expire_time)
        return self._of_token(identity, token)

    def _of_known(self, identity: Identity, expire_time: datetime | None = None) -> Caller:
        """The caller that a principal is, or a key that stands alone."""
        key, principal = identity.key, identity.principal
        if key is not None:
            expire_time = key.end(previous=identity.previous)
        if principal is not None:
            who, named = f"principals/{principal.principal_id}", principal.display_name
            return self._caller(identity, who, named, principal.roles, principal.scope, expire_time)
        assert key is not None
        who = f"api-keys/{key.api_key_id}"
        return self._caller(identity, who, key.display_name, key.roles, key.scope, expire_time)

    def _of_token(self, identity: Identity, token: Token) -> Caller:
        who = f"subjects/{token.subject}"
        return self._caller(identity, who, token.display_name, token.roles, token.scope, token.expire_time)

    def _caller(
        self,
        identity: Identity,
        who: str,
        named: str,
        roles: tuple[str, ...],
        scope: Scope | None,
        expire_time: datetime | None,
    ) -> Caller:
        return Caller(
            tenant_id=identity.tenant.tenant_id,
            principal_id=who,
            display_name=named,
            permissions=self._roles.permissions(roles, identity.own, scoped=scope is not None),
            roles=roles,
            scope=scope,
            expire_time=expire_time,
            quota=identity.tenant.quota,
        )

    async def _identity(self, of: Any, look: _Look) -> tuple[Identity | None, Caller | None]:
        """What is known of a credential; calls that want the same at the same time share one look."""
        cached = self._known.get(of)
        if cached is not None and time.monotonic() - cached[0] < self._cache_seconds:
            return cached[1], cached[2]
        task = self._asked.get(of)
        if task is None:
            task = self._asked[of] = asyncio.create_task(self._ask(of, look))
            task.add_done_callback(lambda _: self._asked.pop(of, None))
            task.add_done_callback(_looked_up)
        return await asyncio.shield(task), None

    async def _ask(self, of: Any, look: _Look) -> Identity | None:
        async with self._uow.system() as tx:
            found = await look(tx)
        if found is None:
            self._known.pop(of, None)
            return None
        if len(self._known) >= _LARGEST_CACHE:
            self._known.clear()
        self._known[of] = (time.monotonic(), found, None)
        return found

    def _remember(self, of: Any, identity: Identity, caller: Caller) -> Caller:
        """Keeps the caller beside the identity that it was made of, as long as that is believed."""
        cached = self._known.get(of)
        if cached is not None and cached[1] is identity:
            self._known[of] = (cached[0], identity, caller)
        return caller


def _looked_up(task: asyncio.Task[Identity | None]) -> None:
    """Takes note of the outcome, which nobody may be waiting for any more."""
    if not task.cancelled():
        task.exception()
