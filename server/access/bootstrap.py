"""The first tenant and the first keys of an installation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from server.access import store
from server.access.api_keys import issue_key
from server.access.domain import Tenant
from server.access.key_history import tenant_told
from server.platform.ids import new_id
from server.platform.platform import Platform
from server.platform.uow import Tx

DEFAULT_TENANT = "default"
_LOCK = 0x53_4D_42_42


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What came out. Secrets are kept nowhere else: whoever asks must keep them."""

    tenant_id: UUID
    admin_secret: str | None
    """Secret of the first administrator key; None when the installation has had keys before."""
    adapter_secrets: dict[str, str] = field(default_factory=dict, repr=False)
    """A fresh secret for each adapter that was asked for."""


async def ensure_bootstrap(
    platform: Platform,
    *,
    tenant_code: str = DEFAULT_TENANT,
    display_name: str = "Default utility",
    time_zone: str = "UTC",
    adapters: Sequence[str] = (),
) -> Bootstrap:
    """Makes the tenant and its first administrator key, each unless it was made before.

    The first key also holds ``platform-admin``: on premises the same people run both. For each name in
    ``adapters`` there is a new key with the role ``adapter``. Safe to run in several processes at once.
    """
    async with platform.uow.system() as tx:
        await tx.conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        tenant_id = await _tenant(tx, tenant_code, display_name, time_zone)
        admin = None
        if not await store.has_keys(tx, tenant_id):
            _, admin = await issue_key(tx.of(tenant_id), "First administrator", ("admin", "platform-admin"))
        secrets = {}
        for name in adapters:
            _, secrets[name] = await issue_key(tx.of(tenant_id), f"Adapter {name}", ("adapter",))
    return Bootstrap(tenant_id, admin, secrets)


async def _tenant(tx: Tx, code: str, display_name: str, time_zone: str) -> UUID:
    found = await store.find_tenant(tx, code=code)
    if found is not None:
        return found.tenant_id
    made = Tenant(
        tenant_id=new_id(),
        code=code,
        display_name=display_name,
        time_zone=time_zone,
        active=True,
        version=1,
        create_time=tx.now,
    )
    await store.insert_tenant(tx, made)
    await tenant_told(tx, None, made, "created")
    return made.tenant_id
