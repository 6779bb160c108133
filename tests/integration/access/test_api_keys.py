"""API keys over a real server."""

import grpc
import pytest
from simba.access.v1.principal_service_pb2 import (
    WhoAmIRequest,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub

from tests.support.platform import RunningServer, error_of


async def _reason(call) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return error_of(caught.value)[0]


async def test_who_am_i_by_both_headers(server: RunningServer, tenant, api_key):
    plain = PrincipalServiceStub(server.channel())
    for metadata in (("authorization", f"Bearer {api_key}"), ("x-api-key", api_key)):
        me = await plain.WhoAmI(WhoAmIRequest(), metadata=(metadata,))
        assert me.tenant_id == str(tenant)
        assert me.principal_id.startswith("api-keys/")
        assert "access.self.read" in me.permissions
