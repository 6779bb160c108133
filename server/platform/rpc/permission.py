"""Step 5: the caller must hold the permission that the contract names, and the method keep to its scope."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.platform.caller import Caller, current_caller
from server.platform.errors import PermissionDenied
from server.platform.rpc.call import Call
from server.platform.rpc.methods import MethodInfo
from server.platform.scope import ScopeInsufficient


class PermissionMissing(PermissionDenied):
    """The caller lacks a permission."""

    reason = "PERMISSION_MISSING"

    def __init__(self, permission: str, method: str) -> None:
        super().__init__(f"this needs the permission {permission!r}", permission=permission, method=method)


def check_permitted(method: MethodInfo, caller: Caller) -> None:
    """Raises PermissionMissing without the permission, and for everybody where the contract names none.

    Raises ScopeInsufficient for a caller with a scope whom the method does not know how to limit.
    """
    if not (method.permission and caller.may(method.permission)):
        raise PermissionMissing(method.permission, method.path)
    if caller.scope is not None and not method.scoped:
        raise ScopeInsufficient(
            "your rights end at a part of the tenant; this is about all", method=method.path
        )


@asynccontextmanager
async def permitted(call: Call) -> AsyncIterator[None]:
    """Refuses callers who may not do this."""
    if not call.method.public:
        check_permitted(call.method, current_caller())
    yield
