"""Step 5: the caller must hold the permission that the contract names for the method."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.platform.caller import current_caller
from server.platform.errors import PermissionDenied
from server.platform.rpc.call import Call


class PermissionMissing(PermissionDenied):
    """The caller lacks a permission."""

    reason = "PERMISSION_MISSING"

    def __init__(self, permission: str, method: str) -> None:
        super().__init__(f"this needs the permission {permission!r}", permission=permission, method=method)


@asynccontextmanager
async def permitted(call: Call) -> AsyncIterator[None]:
    """Refuses callers without the permission, and everybody where the contract names none."""
    method = call.method
    if not method.public and not (method.permission and current_caller().may(method.permission)):
        raise PermissionMissing(method.permission, method.path)
    yield
