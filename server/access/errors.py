"""Errors of access."""

from collections.abc import Iterable
from uuid import UUID

from server.platform.errors import (
    AlreadyExists,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Unauthenticated,
)


class KeyInvalid(Unauthenticated):
    """No such key, or a token or certificate that does not hold."""

    reason = "CREDENTIAL_INVALID"


class KeyRevoked(Unauthenticated):
    """The key was revoked, or its principal is archived."""

    reason = "CREDENTIAL_REVOKED"


class KeyExpired(Unauthenticated):
    """The key or token is past its expiry."""

    reason = "CREDENTIAL_EXPIRED"


class TenantSuspended(PermissionDenied):
    """The tenant may not work at present."""

    reason = "TENANT_SUSPENDED"

    def __init__(self) -> None:
        super().__init__("the tenant is suspended")


class PrincipalSuspended(PermissionDenied):
    """The principal may not call at present."""

    reason = "PRINCIPAL_SUSPENDED"

    def __init__(self, principal_id: UUID) -> None:
        super().__init__(f"principal {principal_id} is suspended", principal_id=principal_id)


class TenantNotFound(NotFound):
    """No such tenant."""

    reason = "TENANT_NOT_FOUND"

    def __init__(self, tenant_id: UUID) -> None:
        super().__init__(f"tenant {tenant_id} does not exist", tenant_id=tenant_id)


class TenantExists(AlreadyExists):
    """The code or the id of a tenant is taken."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(
            f"{field}: {value!r} is taken",
            violations=[FieldViolation(field, f"{value!r} is taken", "unique")],
            field=field,
        )


class OneTenantOnly(FailedPrecondition):
    """The installation is set up for one tenant."""

    reason = "ONE_TENANT_ONLY"

    def __init__(self) -> None:
        super().__init__("this installation has one tenant (SIMBA_ONE_TENANT); there can be no other")


class ApiKeyNotFound(NotFound):
    """No such API key in this tenant."""

    reason = "API_KEY_NOT_FOUND"

    def __init__(self, api_key_id: UUID) -> None:
        super().__init__(f"API key {api_key_id} does not exist", api_key_id=api_key_id)


class PrincipalNotFound(NotFound):
    """No such principal in this tenant."""

    reason = "PRINCIPAL_NOT_FOUND"

    def __init__(self, principal_id: UUID) -> None:
        super().__init__(f"principal {principal_id} does not exist", principal_id=principal_id)


class RoleNotFound(NotFound):
    """No such role in this tenant."""

    reason = "ROLE_NOT_FOUND"

    def __init__(self, role_id: UUID) -> None:
        super().__init__(f"role {role_id} does not exist", role_id=role_id)


class RoleBuiltIn(FailedPrecondition):
    """A built-in role cannot be changed."""

    reason = "ROLE_BUILT_IN"

    def __init__(self, code: str) -> None:
        super().__init__(f"the role {code!r} is built in and cannot be changed", role=code)


class InUse(FailedPrecondition):
    """Something is bound to the resource."""

    reason = "RESOURCE_IN_USE"


class StateTransitionInvalid(FailedPrecondition):
    """The state does not allow that."""

    reason = "STATE_TRANSITION_INVALID"


class RoleUnknown(InvalidArgument):
    """A role that does not exist."""

    reason = "ROLE_UNKNOWN"

    def __init__(self, field: str, role: str, known: Iterable[str]) -> None:
        said = f"{role!r} is not a role; there are {', '.join(known)}"
        super().__init__(
            f"{field}: {said}", violations=[FieldViolation(field, said, "role.known")], role=role
        )


class BeyondCaller(PermissionDenied):
    """Somebody wants to give, or take hold of, more than they have."""

    reason = "PERMISSION_MISSING"

    def __init__(self, what: str, permission: str) -> None:
        super().__init__(f"{what} holds {permission!r}, which you lack", what=what, permission=permission)
