"""Wire and domain of access."""

from collections.abc import Callable
from dataclasses import asdict, replace

from google.protobuf.field_mask_pb2 import FieldMask

from server.access.domain import ApiKey, Principal, Role, Tenant
from server.access.scopes import scope_of, scope_to_wire
from server.platform.caller import Quota
from server.platform.changing import patched
from server.platform.etags import etag_of
from server.platform.masks import apply_mask
from server.platform.wire import enum_name, enum_value, maybe_instant, own_id, stamp, times
from simba.access.v1 import api_key_pb2, principal_pb2, role_pb2, tenant_pb2

_KEY = {"display_name", "roles", "expire_time", "scope"}
_TENANT = {"display_name", "time_zone", "quota"}
_PRINCIPAL = {"kind", "display_name", "subject", "certificate_identity", "roles", "scope"}
_ROLE = {"display_name", "permissions"}


def key_to_wire(key: ApiKey) -> api_key_pb2.ApiKey:
    """An API key as callers see it."""
    return api_key_pb2.ApiKey(
        api_key_id=str(key.api_key_id),
        display_name=key.display_name,
        roles=key.roles,
        prefix=key.prefix,
        create_time=stamp(key.create_time),
        expire_time=stamp(key.expire_time),
        last_used_time=stamp(key.last_used_time),
        revoke_time=stamp(key.revoke_time),
        principal_id=str(key.principal_id or ""),
        scope=scope_to_wire(key.scope),
        previous_expire_time=stamp(key.previous_expire_time),
        rotate_time=stamp(key.rotate_time),
        update_time=stamp(key.update_time or key.create_time),
        etag=etag_of(key.version),
    )


def key_change(patch: api_key_pb2.ApiKey, mask: FieldMask | None) -> Callable[[ApiKey], ApiKey]:
    """What an update makes of a stored key."""

    def change(before: ApiKey) -> ApiKey:
        wire = key_to_wire(before)
        apply_mask(wire, patch, mask, _KEY)
        return replace(
            before,
            display_name=wire.display_name or before.display_name,
            roles=tuple(wire.roles),
            expire_time=maybe_instant("api_key.expire_time", wire),
            scope=scope_of("api_key", wire),
        )

    return change


def quota_of(wire: tenant_pb2.Quota) -> Quota:
    """A quota from the wire."""
    return Quota(**{name: getattr(wire, name) for name in asdict(Quota())})


def quota_to_wire(quota: Quota) -> tenant_pb2.Quota:
    """A quota on the wire."""
    return tenant_pb2.Quota(**asdict(quota))


def tenant_to_wire(tenant: Tenant) -> tenant_pb2.Tenant:
    """A tenant as callers see it."""
    state = tenant_pb2.TENANT_STATE_ACTIVE if tenant.active else tenant_pb2.TENANT_STATE_SUSPENDED
    return tenant_pb2.Tenant(
        tenant_id=str(tenant.tenant_id),
        code=tenant.code,
        display_name=tenant.display_name,
        time_zone=tenant.time_zone,
        state=state,
        create_time=stamp(tenant.create_time),
        update_time=stamp(tenant.update_time or tenant.create_time),
        quota=quota_to_wire(tenant.quota),
        suspend_reason=tenant.suspend_reason,
        etag=etag_of(tenant.version),
    )


def tenant_change(patch: tenant_pb2.Tenant, mask: FieldMask | None) -> Callable[[Tenant], Tenant]:
    """What an update makes of a stored tenant."""

    def change(before: Tenant) -> Tenant:
        wire = tenant_to_wire(before)
        apply_mask(wire, patch, mask, _TENANT)
        return replace(
            before,
            display_name=wire.display_name,
            time_zone=wire.time_zone,
            quota=quota_of(wire.quota),
        )

    return change


def principal_to_wire(principal: Principal) -> principal_pb2.Principal:
    """A principal as callers see it."""
    state = "ARCHIVED" if principal.stored.archived else "SUSPENDED" if principal.suspended else "ACTIVE"
    return principal_pb2.Principal(
        principal_id=str(principal.principal_id),
        kind=enum_value(principal_pb2.PrincipalKind, principal.kind),
        display_name=principal.display_name,
        subject=principal.subject,
        certificate_identity=principal.certificate_identity,
        roles=principal.roles,
        scope=scope_to_wire(principal.scope),
        state=enum_value(principal_pb2.PrincipalState, state),
        **times(principal.stored),
    )


def principal_of(wire: principal_pb2.Principal) -> Principal:
    """A principal from the wire; without an id it gets one."""
    return Principal(
        principal_id=own_id("principal.principal_id", wire.principal_id),
        kind=enum_name(principal_pb2.PrincipalKind, wire.kind),
        display_name=wire.display_name,
        subject=wire.subject,
        certificate_identity=wire.certificate_identity,
        roles=tuple(wire.roles),
        scope=scope_of("principal", wire),
    )


def principal_change(
    patch: principal_pb2.Principal, mask: FieldMask | None
) -> Callable[[Principal], Principal]:
    """What an update makes of a stored principal."""
    return patched(
        "principal",
        patch,
        mask,
        _PRINCIPAL,
        to_wire=principal_to_wire,
        from_wire=principal_of,
        keep=("suspended",),
    )


def role_to_wire(role: Role) -> role_pb2.Role:
    """A role as callers see it."""
    wire = role_pb2.Role(
        role_id=str(role.role_id),
        code=role.code,
        display_name=role.display_name,
        permissions=role.permissions,
        built_in=role.built_in,
        archived=role.stored.archived,
    )
    if not role.built_in:
        wire.MergeFrom(role_pb2.Role(**times(role.stored)))
    return wire


def role_of(wire: role_pb2.Role) -> Role:
    """A role from the wire; without an id it gets one."""
    return Role(
        role_id=own_id("role.role_id", wire.role_id),
        code=wire.code,
        display_name=wire.display_name,
        permissions=tuple(wire.permissions),
    )


def role_change(patch: role_pb2.Role, mask: FieldMask | None) -> Callable[[Role], Role]:
    """What an update makes of a stored role; its code stays."""
    return patched("role", patch, mask, _ROLE, to_wire=role_to_wire, from_wire=role_of)
