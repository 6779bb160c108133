"""Nobody gives rights, or takes hold of a credential with rights, that they do not have."""

from collections.abc import Sequence

from server.access.domain import USER, Principal
from server.access.errors import BeyondCaller, RoleUnknown
from server.access.principal_store import own_codes, own_roles
from server.access.roles import ADAPTER, MACHINE_ONLY, RoleBook
from server.platform.caller import current_caller
from server.platform.errors import InvalidField
from server.platform.uow import Tx


async def check_roles(tx: Tx, book: RoleBook, field: str, roles: Sequence[str]) -> None:
    """The roles must exist, and the caller hold what they allow. Raises RoleUnknown, BeyondCaller."""
    own = await own_roles(tx, tx.tenant_id, roles)
    for index, role in enumerate(roles):
        if not book.knows(role) and role not in own:
            raise RoleUnknown(f"{field}[{index}]", role, (*book.names, *await own_codes(tx)))
        check_held(book.permissions([role], own), f"the role {role!r}")


async def check_hold_on(tx: Tx, book: RoleBook, roles: Sequence[str], what: str) -> None:
    """The caller must hold what the roles of a credential allow, before it gets hold of it."""
    check_held(book.permissions(roles, await own_roles(tx, tx.tenant_id, roles)), what)


def check_held(permissions: frozenset[str], what: str) -> None:
    """Raises BeyondCaller unless the caller holds all of the permissions.

    What machines alone may do is no person's to have: whoever may make keys may make an adapter's.
    """
    beyond = permissions - MACHINE_ONLY - current_caller().permissions
    if beyond:
        raise BeyondCaller(what, min(beyond))


def check_fitting(principal: Principal) -> None:
    """A person cannot be an adapter. Raises InvalidField."""
    if principal.kind == USER and ADAPTER in principal.roles:
        index = principal.roles.index(ADAPTER)
        said = f"{ADAPTER!r} is for programs, not for a person"
        raise InvalidField(f"principal.roles[{index}]", said, "role.fitting")
