"""Use cases of API keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from server.access import key_store
from server.access.domain import ApiKey, hash_of, new_secret, shown_part
from server.access.errors import ApiKeyNotFound, StateTransitionInvalid
from server.access.granting import check_hold_on, check_roles
from server.access.key_history import told
from server.access.principal_store import PRINCIPALS
from server.access.roles import RoleBook
from server.platform.caller import Scope
from server.platform.errors import InvalidField
from server.platform.etags import check_etag
from server.platform.ids import new_id
from server.platform.quotas import check_quota
from server.platform.uow import Tx, UnitOfWork


class ApiKeys:
    """Makes, lists, changes and ends API keys of the caller's tenant."""

    def __init__(
        self, uow: UnitOfWork, roles: RoleBook, clock: Callable[[], datetime], forget: Callable[[], None]
    ) -> None:
        self._uow = uow
        self._roles = roles
        self._clock = clock
        self._forget = forget

    async def create(
        self,
        display_name: str,
        roles: tuple[str, ...],
        expire_time: datetime | None,
        *,
        principal_id: UUID | None = None,
        scope: Scope | None = None,
    ) -> tuple[ApiKey, str]:
        """A new key and its secret.

        Raises RoleUnknown, BeyondCaller, PrincipalNotFound, QuotaExceeded, InvalidField.
        """
        _check_owner(roles, principal_id, scope)
        self._check_future(expire_time)
        async with self._uow() as tx:
            await check_quota(tx, "api_keys")
            if principal_id is None:
                await check_roles(tx, self._roles, "api_key.roles", roles)
            else:
                owner = await PRINCIPALS.changing(tx, principal_id)
                await check_hold_on(tx, self._roles, owner.roles, f"principal {principal_id}")
            return await issue_key(
                tx, display_name, roles, expire_time, principal_id=principal_id, scope=scope
            )

    async def get(self, api_key_id: UUID) -> ApiKey:
        """One key. Raises ApiKeyNotFound."""
        async with self._uow() as tx:
            return await _found(tx, api_key_id)

    async def page(
        self, after: UUID | None, limit: int, *, revoked: bool, principal_id: UUID | None
    ) -> list[ApiKey]:
        """Keys after one, oldest first."""
        async with self._uow() as tx:
            return await key_store.list_keys(tx, after, limit, revoked=revoked, principal_id=principal_id)

    async def update(self, api_key_id: UUID, etag: str, change: Callable[[ApiKey], ApiKey]) -> ApiKey:
        """Changes a key: its name, roles, scope or expiry.

        Raises ApiKeyNotFound, StateTransitionInvalid for a revoked one, EtagMismatch, RoleUnknown,
        BeyondCaller, InvalidField.
        """
        async with self._uow() as tx:
            before = await self._changing(tx, api_key_id, etag)
            after = change(before)
            _check_owner(after.roles, after.principal_id, after.scope)
            if after.expire_time != before.expire_time:
                self._check_future(after.expire_time)
            if after.principal_id is None:
                await check_roles(tx, self._roles, "api_key.roles", after.roles)
            return await self._saved(tx, before, after, "updated")

    async def rotate(self, api_key_id: UUID, overlap: timedelta) -> tuple[ApiKey, str]:
        """Gives a key a new secret, and returns that; the old one works for ``overlap`` more.

        Raises ApiKeyNotFound, StateTransitionInvalid for a revoked key, and BeyondCaller for one that may
        do more than the caller, who would get hold of it.
        """
        async with self._uow() as tx:
            before = await self._changing(tx, api_key_id, "")
            roles = before.roles
            if before.principal_id is not None:
                roles = (await PRINCIPALS.get(tx, before.principal_id)).roles
            await check_hold_on(tx, self._roles, roles, f"API key {api_key_id}")
            secret = new_secret()
            after = replace(
                before,
                prefix=shown_part(secret),
                previous_expire_time=tx.now + overlap if overlap else None,
                rotate_time=tx.now,
                update_time=tx.now,
                version=before.version + 1,
            )
            await key_store.save_rotated(tx, after, hash_of(secret))
            await told(tx, before, after, "rotated")
        self._forget()
        return after, secret

    async def revoke(self, api_key_id: UUID) -> ApiKey:
        """Ends a key; a repeat changes nothing. Raises ApiKeyNotFound."""
        async with self._uow() as tx:
            before = await _found(tx, api_key_id, lock=True)
            if before.revoke_time is not None:
                return before
            return await self._saved(tx, before, replace(before, revoke_time=tx.now), "revoked")

    async def _changing(self, tx: Tx, api_key_id: UUID, etag: str) -> ApiKey:
        key = await _found(tx, api_key_id, lock=True)
        if key.revoke_time is not None:
            raise StateTransitionInvalid(f"API key {api_key_id} was revoked", api_key_id=api_key_id)
        check_etag(etag, key.version)
        return key

    async def _saved(self, tx: Tx, before: ApiKey, after: ApiKey, action: str) -> ApiKey:
        stored = replace(after, update_time=tx.now, version=before.version + 1)
        await key_store.save_key(tx, stored)
        await told(tx, before, stored, action)
        # This process need not wait until its cache is stale; the others do, a few seconds.
        self._forget()
        return stored

    def _check_future(self, expire_time: datetime | None) -> None:
        if expire_time is not None and expire_time <= self._clock():
            said = f"{expire_time.isoformat()} is not in the future"
            raise InvalidField("api_key.expire_time", said, "timestamp.future")


async def issue_key(
    tx: Tx,
    display_name: str,
    roles: tuple[str, ...],
    expire_time: datetime | None = None,
    *,
    principal_id: UUID | None = None,
    scope: Scope | None = None,
) -> tuple[ApiKey, str]:
    """Stores a new key of the transaction's tenant; returns it and its secret, which is kept nowhere."""
    secret = new_secret()
    key = ApiKey(
        tenant_id=tx.tenant_id,
        api_key_id=new_id(),
        display_name=display_name,
        roles=roles,
        prefix=shown_part(secret),
        create_time=tx.now,
        expire_time=expire_time,
        principal_id=principal_id,
        scope=scope,
        update_time=tx.now,
    )
    await key_store.insert_key(tx, key, hash_of(secret))
    await told(tx, None, key, "created")
    return key, secret


async def _found(tx: Tx, api_key_id: UUID, *, lock: bool = False) -> ApiKey:
    key = await key_store.find_key(tx, api_key_id, lock=lock)
    if key is None:
        raise ApiKeyNotFound(api_key_id)
    return key


def _check_owner(roles: tuple[str, ...], principal_id: UUID | None, scope: Scope | None) -> None:
    """A key has its principal's roles and scope, or its own."""
    if principal_id is None and not roles:
        raise InvalidField("api_key.roles", "a key that stands alone needs a role", "required")
    if principal_id is not None and roles:
        said = "a key of a principal has that one's roles, none of its own"
        raise InvalidField("api_key.roles", said, "api_key.owner")
    if principal_id is not None and scope is not None:
        said = "a key of a principal has that one's scope, none of its own"
        raise InvalidField("api_key.scope", said, "api_key.owner")
