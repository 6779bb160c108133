"""Use cases of API keys."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from server.access import store
from server.access.domain import ApiKey, hash_of, new_secret, shown_part
from server.access.errors import ApiKeyNotFound, RoleBeyondCaller, RoleUnknown
from server.access.roles import RoleBook
from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.ids import new_id
from server.platform.uow import Tx, UnitOfWork


class Principals:
    """Makes, lists and ends API keys of the caller's tenant."""

    def __init__(
        self, uow: UnitOfWork, roles: RoleBook, clock: Callable[[], datetime], forget: Callable[[UUID], None]
    ) -> None:
        self._uow = uow
        self._roles = roles
        self._clock = clock
        self._forget = forget

    async def create_key(
        self, display_name: str, roles: list[str], expire_time: datetime | None
    ) -> tuple[ApiKey, str]:
        """A new key and its secret. Raises RoleUnknown, RoleBeyondCaller, InvalidField for a past expiry."""
        self._check_roles(roles)
        if expire_time is not None and expire_time <= self._clock():
            said = f"{expire_time.isoformat()} is not in the future"
            raise InvalidField("api_key.expire_time", said, "timestamp.future")
        async with self._uow() as tx:
            return await issue_key(tx, display_name, tuple(roles), expire_time)

    def _check_roles(self, roles: list[str]) -> None:
        mine = current_caller().permissions
        for index, role in enumerate(roles):
            if not self._roles.knows(role):
                raise RoleUnknown(index, role, self._roles.names)
            beyond = self._roles.permissions([role]) - mine
            if beyond:
                raise RoleBeyondCaller(role, min(beyond))

    async def get_key(self, api_key_id: UUID) -> ApiKey:
        """One key. Raises ApiKeyNotFound."""
        async with self._uow() as tx:
            key = await store.find_key(tx, api_key_id)
        if key is None:
            raise ApiKeyNotFound(api_key_id)
        return key

    async def list_keys(self, after: UUID | None, limit: int, *, revoked: bool) -> list[ApiKey]:
        """Keys after one, oldest first."""
        async with self._uow() as tx:
            return await store.list_keys(tx, after, limit, revoked=revoked)

    async def revoke_key(self, api_key_id: UUID) -> ApiKey:
        """Ends a key; a repeat changes nothing. Raises ApiKeyNotFound."""
        async with self._uow() as tx:
            if await store.find_key(tx, api_key_id, lock=True) is None:
                raise ApiKeyNotFound(api_key_id)
            await store.revoke_key(tx, api_key_id, tx.now)
            key = await store.find_key(tx, api_key_id)
        assert key is not None
        # This process need not wait until its cache is stale; the others do, a few seconds.
        self._forget(api_key_id)
        return key


async def issue_key(
    tx: Tx, display_name: str, roles: tuple[str, ...], expire_time: datetime | None = None
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
    )
    await store.insert_key(tx, key, hash_of(secret))
    return key, secret
