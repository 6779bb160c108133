"""What the history tells of API keys and tenants, which are no resources of a ResourceStore."""

from typing import Any

from server.access.convert import key_to_wire, tenant_to_wire
from server.access.domain import ApiKey, Tenant
from server.platform.history import Form, form_of
from server.platform.uow import Tx

_LATER = ("tenant_id", "api_key_id", "last_used_time")


async def told(tx: Tx, before: ApiKey | None, after: ApiKey, action: str) -> None:
    """States what became of a key."""
    await tx.changed(
        kind="api_key",
        resource_id=after.api_key_id,
        action=action,
        before=None if before is None else _form(key_to_wire(before)),
        after=_form(key_to_wire(after)),
    )


async def tenant_told(tx: Tx, before: Tenant | None, after: Tenant, action: str) -> None:
    """States what became of a tenant, in its own chain; for system transactions too."""
    await tx.of(after.tenant_id).changed(
        kind="tenant",
        resource_id=after.tenant_id,
        action=action,
        before=None if before is None else _form(tenant_to_wire(before)),
        after=_form(tenant_to_wire(after)),
    )


def _form(wire: Any) -> Form:
    return {path: value for path, value in form_of(wire).items() if path not in _LATER}
