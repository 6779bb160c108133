"""Errors of access."""

from uuid import UUID

from server.platform.errors import (
    AlreadyExists,
    FieldViolation,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Unauthenticated,
)


class KeyInvalid(Unauthenticated):
    """No such key, or a token that does not hold."""

    reason = "CREDENTIAL_INVALID"


class KeyRevoked(Unauthenticated):
    """The key was revoked."""

    reason = "CREDENTIAL_REVOKED"


class KeyExpired(Unauthenticated):
    """The key or token is past its expiry."""

    reason = "CREDENTIAL_EXPIRED"


class TenantSuspended(PermissionDenied):
    """The tenant may not work at present."""

    reason = "TENANT_SUSPENDED"

    def __init__(self) -> None:
        super().__init__("the tenant is suspended")


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


class ApiKeyNotFound(NotFound):
    """No such API key in this tenant."""

    reason = "API_KEY_NOT_FOUND"

    def __init__(self, api_key_id: UUID) -> None:
        super().__init__(f"API key {api_key_id} does not exist", api_key_id=api_key_id)


class RoleUnknown(InvalidArgument):
    """A role that does not exist."""

    reason = "ROLE_UNKNOWN"

    def __init__(self, index: int, role: str, known: tuple[str, ...]) -> None:
        said = f"{role!r} is not a role; there are {', '.join(known)}"
        field = f"api_key.roles[{index}]"
        super().__init__(
            f"{field}: {said}", violations=[FieldViolation(field, said, "role.known")], role=role
        )


class RoleBeyondCaller(PermissionDenied):
    """Somebody wants to give more than they have."""

    reason = "PERMISSION_MISSING"

    def __init__(self, role: str, permission: str) -> None:
        super().__init__(
            f"you cannot give the role {role!r}: it holds {permission!r}, which you lack",
            role=role,
            permission=permission,
        )
