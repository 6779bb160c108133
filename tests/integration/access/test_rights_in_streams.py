"""A stream ends when its caller loses the right to it, with the error that a new call would get."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest

from simba.access.v1.api_key_pb2 import ApiKey
from simba.access.v1.principal_pb2 import PRINCIPAL_KIND_SERVICE, Principal
from simba.access.v1.principal_service_pb2 import (
    CreateApiKeyRequest,
    CreatePrincipalRequest,
    RevokeApiKeyRequest,
    SuspendPrincipalRequest,
    UpdateApiKeyRequest,
    UpdatePrincipalRequest,
)
from simba.access.v1.principal_service_pb2_grpc import PrincipalServiceStub
from simba.access.v1.role_pb2 import Role
from simba.access.v1.role_service_pb2 import CreateRoleRequest, UpdateRoleRequest
from simba.access.v1.role_service_pb2_grpc import RoleServiceStub
from simba.access.v1.scope_pb2 import Scope
from simba.events.v1.event_service_pb2 import SubscribeRequest
from simba.events.v1.event_service_pb2_grpc import EventServiceStub
from tests.support.inventory import stamp
from tests.support.platform import RunningServer, error_of

LISTENER = ["access.self.read", "events.*.read", "devices.*.read"]


class Stage:
    """An administrator, and somebody with a role of the tenant's own who listens to events."""

    def __init__(self, server: RunningServer, channel: grpc.aio.Channel) -> None:
        self._server = server
        self.principals = PrincipalServiceStub(channel)
        self.roles = RoleServiceStub(channel)
        self.role = Role()
        self.principal = Principal()
        self.key = ApiKey()

    async def begin(self) -> None:
        wanted = Role(code="listener", permissions=LISTENER)
        self.role = (await self.roles.CreateRole(CreateRoleRequest(role=wanted))).role
        somebody = Principal(kind=PRINCIPAL_KIND_SERVICE, display_name="Listener", roles=["listener"])
        made = await self.principals.CreatePrincipal(CreatePrincipalRequest(principal=somebody))
        self.principal = made.principal

    async def stream(self, expire_time: datetime | None = None) -> Any:
        """An open stream of the principal."""
        key = ApiKey(display_name="Listener", principal_id=self.principal.principal_id)
        if expire_time is not None:
            key.expire_time.CopyFrom(stamp(expire_time))
        made = await self.principals.CreateApiKey(CreateApiKeyRequest(api_key=key))
        self.key = made.api_key
        call = EventServiceStub(self._server.channel(made.secret)).Subscribe(SubscribeRequest())
        assert (await call.read()).heartbeat
        return call


@pytest.fixture
async def stage(server: RunningServer, channel: grpc.aio.Channel) -> Stage:
    made = Stage(server, channel)
    await made.begin()
    return made


async def ended(call: Any) -> tuple[grpc.StatusCode, str]:
    """How a stream ends."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        while await call.read() is not grpc.aio.EOF:
            pass
    return caught.value.code(), error_of(caught.value)[0]


async def less_permissions(stage: Stage) -> None:
    role = Role(role_id=stage.role.role_id, permissions=["access.self.read", "devices.*.read"])
    await stage.roles.UpdateRole(UpdateRoleRequest(role=role))


async def another_role(stage: Stage) -> None:
    change = Principal(principal_id=stage.principal.principal_id, roles=["billing"])
    await stage.principals.UpdatePrincipal(UpdatePrincipalRequest(principal=change))


async def suspension(stage: Stage) -> None:
    request = SuspendPrincipalRequest(principal_id=stage.principal.principal_id)
    await stage.principals.SuspendPrincipal(request)


async def revocation(stage: Stage) -> None:
    await stage.principals.RevokeApiKey(RevokeApiKeyRequest(api_key_id=stage.key.api_key_id))


async def a_scope(stage: Stage) -> None:
    """What is seen from then on is less: the stream must be begun anew."""
    change = Principal(principal_id=stage.principal.principal_id, scope=Scope())
    await stage.principals.UpdatePrincipal(UpdatePrincipalRequest(principal=change))


DENIED, UNKNOWN = grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize(
    ("change", "code", "why"),
    [
        (less_permissions, DENIED, "PERMISSION_MISSING"),
        (suspension, DENIED, "PRINCIPAL_SUSPENDED"),
        (revocation, UNKNOWN, "CREDENTIAL_REVOKED"),
        (a_scope, grpc.StatusCode.UNAVAILABLE, "ENGINE_UNAVAILABLE"),
        (another_role, grpc.StatusCode.UNAVAILABLE, "ENGINE_UNAVAILABLE"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_right_is_lost_in_the_middle_of_a_stream(
    stage: Stage, change: Callable[[Stage], Awaitable[None]], code: grpc.StatusCode, why: str
):
    call = await stage.stream()
    await change(stage)
    assert await ended(call) == (code, why)


async def test_a_key_expires_in_the_middle_of_a_stream(stage: Stage):
    soon = datetime.now(UTC) + timedelta(seconds=1)
    call = await stage.stream(expire_time=soon)
    assert await ended(call) == (UNKNOWN, "CREDENTIAL_EXPIRED")
    assert datetime.now(UTC) < soon + timedelta(seconds=1)


async def test_a_stream_goes_on_while_nothing_changes(stage: Stage):
    call = await stage.stream()
    change = ApiKey(api_key_id=stage.key.api_key_id, display_name="Still listening")
    await stage.principals.UpdateApiKey(UpdateApiKeyRequest(api_key=change))
    role = Role(role_id=stage.role.role_id, display_name="Listens")
    await stage.roles.UpdateRole(UpdateRoleRequest(role=role))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            while True:
                assert (await call.read()).heartbeat
    call.cancel()
