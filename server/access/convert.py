"""Wire and domain of access."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from server.access.domain import ApiKey, Tenant
from server.platform.etags import etag_of
from simba.access.v1 import api_key_pb2, tenant_pb2


def key_to_wire(key: ApiKey) -> api_key_pb2.ApiKey:
    """An API key as callers see it."""
    return api_key_pb2.ApiKey(
        api_key_id=str(key.api_key_id),
        display_name=key.display_name,
        roles=key.roles,
        prefix=key.prefix,
        create_time=_stamp(key.create_time),
        expire_time=_stamp(key.expire_time),
        last_used_time=_stamp(key.last_used_time),
        revoke_time=_stamp(key.revoke_time),
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
        create_time=_stamp(tenant.create_time),
        etag=etag_of(tenant.version),
    )


def time_from_wire(given: api_key_pb2.ApiKey) -> datetime | None:
    """When a key is to expire; None for never."""
    if not given.HasField("expire_time"):
        return None
    return given.expire_time.ToDatetime(tzinfo=UTC)


def _stamp(at: datetime | None) -> Timestamp | None:
    if at is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp
