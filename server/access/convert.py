"""Wire and domain of access."""

from server.access.domain import ApiKey, Tenant
from server.platform.etags import etag_of
from server.platform.wire import stamp
from simba.access.v1 import api_key_pb2, tenant_pb2


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
    )


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
        etag=etag_of(tenant.version),
    )
