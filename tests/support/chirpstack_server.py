"""ChirpStack's gRPC API on a free port, with its own semantics: the servicers are those of `chirpstack_api`.

As the real one (4.20) it makes ids of applications and profiles by itself, refuses a second device of the
same EUI in any tenant (ALREADY_EXISTS), tells the key of a tenant UNAUTHENTICATED for what does not exist or
is another tenant's, gives a key that is not set as zeros, lists devices by application only, does not look
at names, and deletes the devices of a deleted application or profile along.

It can be away, slow, or fail before or after it did the work; a call can be held, to end a process meanwhile.
"""

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from chirpstack_api import api
from google.protobuf.empty_pb2 import Empty
from google.protobuf.timestamp_pb2 import Timestamp

_NO_KEY = "0" * 32


class Refusal(Exception):
    """What a call ends with."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass
class Fault:
    """What is to go wrong with the next calls of a method."""

    after: bool = False
    """After the work is done, so that only the answer is lost."""
    code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE
    text: str = "the connection is gone"
    times: int = 1


@dataclass
class Hold:
    """Where a call waits."""

    after: bool
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Stored:
    """A message with the times that ChirpStack keeps."""

    message: Any
    created: Timestamp


class ChirpStackServer:
    """All tenants of one ChirpStack."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        """API keys of tenants: secret to tenant id."""
        self.applications: dict[str, Stored] = {}
        self.profiles: dict[str, Stored] = {}
        self.devices: dict[str, Stored] = {}
        self.keys: dict[str, Any] = {}
        self.gateways: dict[str, Stored] = {}
        self.calls: Counter[str] = Counter()
        self.faults: dict[str, Fault] = {}
        self.holds: dict[str, Hold] = {}
        self.slow = 0.0
        """Seconds that every call takes."""
        self.port = 0
        self._server: grpc.aio.Server | None = None
        self._seconds = 0

    def tenant(self) -> tuple[str, str]:
        """A new tenant and the secret of an API key of it."""
        tenant_id, secret = str(uuid.uuid4()), uuid.uuid4().hex
        self.tokens[secret] = tenant_id
        return tenant_id, secret

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listens; after a stop on the same port again."""
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        api.add_ApplicationServiceServicer_to_server(_Applications(self), self._server)
        api.add_DeviceProfileServiceServicer_to_server(_Profiles(self), self._server)
        api.add_DeviceServiceServicer_to_server(_Devices(self), self._server)
        api.add_GatewayServiceServicer_to_server(_Gateways(self), self._server)
        self.port = self._server.add_insecure_port(f"127.0.0.1:{self.port}")
        await self._server.start()

    async def stop(self) -> None:
        """Is away; what it knows stays."""
        if self._server is not None:
            await self._server.stop(0)
            self._server = None

    def hold(self, method: str, *, after: bool) -> Hold:
        """Lets the next call of a method wait, before or after its work."""
        self.holds[method] = Hold(after)
        return self.holds[method]

    def now(self) -> Timestamp:
        """A later time with each call."""
        self._seconds += 1
        return Timestamp(seconds=1_700_000_000 + self._seconds)

    def application_of(self, tenant_id: str, application_id: str) -> Any:
        """An application, if the tenant may see it."""
        found = self.applications.get(_uuid(application_id))
        if found is None or found.message.tenant_id != tenant_id:
            raise _DENIED
        return found.message

    def device_of(self, tenant_id: str, dev_eui: str) -> Any:
        """A device, if the tenant may see it."""
        found = self.devices.get(_eui(dev_eui))
        if found is None:
            raise _DENIED
        self.application_of(tenant_id, found.message.application_id)
        return found.message

    def drop_devices(self, name: str, value: str) -> None:
        """Deletes the devices of what is deleted."""
        for eui in [eui for eui, one in self.devices.items() if getattr(one.message, name) == value]:
            del self.devices[eui]
            self.keys.pop(eui, None)


_DENIED = Refusal(grpc.StatusCode.UNAUTHENTICATED, "")


def _served(method: Any) -> Any:
    """A method with key, slowness, faults and holds around it, as each of ChirpStack's has."""

    async def served(self: Any, request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        server: ChirpStackServer = self.server
        name = f"{self.service}.{method.__name__}"
        server.calls[name] += 1
        try:
            secret = dict(context.invocation_metadata() or ()).get("authorization", "")
            tenant_id = server.tokens.get(str(secret).removeprefix("Bearer "))
            if tenant_id is None:
                raise Refusal(grpc.StatusCode.UNAUTHENTICATED, "invalid token")
            await asyncio.sleep(server.slow)
            await _trouble(server, name, after=False)
            # The work is done whether the caller waits or not.
            answer = method(self, tenant_id, request)
            await _trouble(server, name, after=True)
        except Refusal as refusal:
            await context.abort(refusal.code, refusal.text)
        return answer

    return served


async def _trouble(server: ChirpStackServer, name: str, *, after: bool) -> None:
    hold = server.holds.get(name)
    if hold is not None and hold.after == after:
        del server.holds[name]
        hold.reached.set()
        await hold.released.wait()
    fault = server.faults.get(name)
    if fault is not None and fault.after == after:
        fault.times -= 1
        if not fault.times:
            del server.faults[name]
        raise Refusal(fault.code, fault.text)


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "invalid length: expected a UUID") from None


def _eui(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{16}", text):
        raise Refusal(grpc.StatusCode.INTERNAL, "EUI64 must be exactly 8 bytes")
    return text.lower()


def _key(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{32}", text):
        raise Refusal(grpc.StatusCode.INTERNAL, "AES128Key must be exactly 16 bytes")
    return text.lower()


def _copy(message: Any) -> Any:
    copied = type(message)()
    copied.CopyFrom(message)
    return copied


def _page(found: list[Any], request: Any) -> list[Any]:
    # As ChirpStack: a limit of zero gives the count only.
    return found[request.offset : request.offset + request.limit]


def _named(found: Any, request: Any) -> bool:
    return request.search.lower() in found.message.name.lower()


def _missing(what: str) -> Refusal:
    return Refusal(grpc.StatusCode.NOT_FOUND, f"Object does not exist (id: {what})")


def _exists(what: str) -> Refusal:
    return Refusal(grpc.StatusCode.ALREADY_EXISTS, f"Object already exists (id: {what})")


class _Applications(api.ApplicationServiceServicer):  # type: ignore[misc]
    service = "ApplicationService"

    def __init__(self, server: ChirpStackServer) -> None:
        self.server = server

    @_served
    def Create(self, tenant_id: str, request: Any) -> Any:
        if _uuid(request.application.tenant_id) != tenant_id:
            raise _DENIED
        if not request.application.name:
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "name is not set")
        made = _copy(request.application)
        made.id = str(uuid.uuid4())
        self.server.applications[made.id] = Stored(made, self.server.now())
        return api.CreateApplicationResponse(id=made.id)

    @_served
    def Get(self, tenant_id: str, request: Any) -> Any:
        return api.GetApplicationResponse(application=self.server.application_of(tenant_id, request.id))

    @_served
    def Delete(self, tenant_id: str, request: Any) -> Any:
        self.server.application_of(tenant_id, request.id)
        self.server.drop_devices("application_id", request.id)
        del self.server.applications[request.id]
        return Empty()

    @_served
    def List(self, tenant_id: str, request: Any) -> Any:
        if _uuid(request.tenant_id) != tenant_id:
            raise _DENIED
        found = [
            one
            for one in self.server.applications.values()
            if one.message.tenant_id == tenant_id and _named(one, request)
        ]
        found.sort(key=lambda one: one.message.name)
        items = [
            api.ApplicationListItem(id=one.message.id, name=one.message.name, created_at=one.created)
            for one in _page(found, request)
        ]
        return api.ListApplicationsResponse(total_count=len(found), result=items)


class _Profiles(api.DeviceProfileServiceServicer):  # type: ignore[misc]
    service = "DeviceProfileService"

    def __init__(self, server: ChirpStackServer) -> None:
        self.server = server

    def _of(self, tenant_id: str, profile_id: str) -> Stored:
        found = self.server.profiles.get(_uuid(profile_id))
        if found is None or found.message.tenant_id != tenant_id:
            raise _DENIED
        return found

    @_served
    def Create(self, tenant_id: str, request: Any) -> Any:
        if _uuid(request.device_profile.tenant_id) != tenant_id:
            raise _DENIED
        made = _copy(request.device_profile)
        made.id = str(uuid.uuid4())
        self.server.profiles[made.id] = Stored(made, self.server.now())
        return api.CreateDeviceProfileResponse(id=made.id)

    @_served
    def Get(self, tenant_id: str, request: Any) -> Any:
        return api.GetDeviceProfileResponse(device_profile=self._of(tenant_id, request.id).message)

    @_served
    def Update(self, tenant_id: str, request: Any) -> Any:
        before = self._of(tenant_id, request.device_profile.id)
        before.message = _copy(request.device_profile)
        before.message.tenant_id = tenant_id
        return Empty()

    @_served
    def Delete(self, tenant_id: str, request: Any) -> Any:
        self._of(tenant_id, request.id)
        self.server.drop_devices("device_profile_id", request.id)
        del self.server.profiles[request.id]
        return Empty()

    @_served
    def List(self, tenant_id: str, request: Any) -> Any:
        if _uuid(request.tenant_id) != tenant_id:
            raise _DENIED
        found = [
            one
            for one in self.server.profiles.values()
            if one.message.tenant_id == tenant_id and _named(one, request)
        ]
        found.sort(key=lambda one: one.message.name)
        items = [
            api.DeviceProfileListItem(id=one.message.id, name=one.message.name, created_at=one.created)
            for one in _page(found, request)
        ]
        return api.ListDeviceProfilesResponse(total_count=len(found), result=items)


class _Devices(api.DeviceServiceServicer):  # type: ignore[misc]
    service = "DeviceService"

    def __init__(self, server: ChirpStackServer) -> None:
        self.server = server

    def _checked(self, tenant_id: str, given: Any) -> Any:
        made = _copy(given)
        made.dev_eui = _eui(given.dev_eui)
        made.join_eui = _eui(given.join_eui or "0" * 16)
        self.server.application_of(tenant_id, given.application_id)
        profile = self.server.profiles.get(_uuid(given.device_profile_id))
        if profile is None or profile.message.tenant_id != tenant_id:
            raise Refusal(
                grpc.StatusCode.INVALID_ARGUMENT,
                "Application and device-profile are not under the same tenant",
            )
        if not given.name:
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "name is not set")
        return made

    @_served
    def Create(self, tenant_id: str, request: Any) -> Any:
        made = self._checked(tenant_id, request.device)
        if made.dev_eui in self.server.devices:
            raise _exists(made.dev_eui)
        self.server.devices[made.dev_eui] = Stored(made, self.server.now())
        return Empty()

    @_served
    def Get(self, tenant_id: str, request: Any) -> Any:
        return api.GetDeviceResponse(device=self.server.device_of(tenant_id, request.dev_eui))

    @_served
    def Update(self, tenant_id: str, request: Any) -> Any:
        self.server.device_of(tenant_id, request.device.dev_eui)
        made = self._checked(tenant_id, request.device)
        self.server.devices[made.dev_eui].message = made
        return Empty()

    @_served
    def Delete(self, tenant_id: str, request: Any) -> Any:
        self.server.device_of(tenant_id, request.dev_eui)
        del self.server.devices[request.dev_eui]
        self.server.keys.pop(request.dev_eui, None)
        return Empty()

    @_served
    def List(self, tenant_id: str, request: Any) -> Any:
        self.server.application_of(tenant_id, request.application_id)
        found = [
            one
            for one in self.server.devices.values()
            if one.message.application_id == request.application_id
            and request.device_profile_id in {"", one.message.device_profile_id}
        ]
        found.sort(key=lambda one: one.message.name)
        items = [
            api.DeviceListItem(
                dev_eui=one.message.dev_eui,
                name=one.message.name,
                device_profile_id=one.message.device_profile_id,
                created_at=one.created,
                tags=one.message.tags,
            )
            for one in _page(found, request)
        ]
        return api.ListDevicesResponse(total_count=len(found), result=items)

    def _keys(self, given: Any) -> Any:
        return api.DeviceKeys(
            dev_eui=given.dev_eui,
            nwk_key=_key(given.nwk_key),
            app_key=_key(given.app_key or _NO_KEY),
            gen_app_key=_key(given.gen_app_key or _NO_KEY),
        )

    @_served
    def CreateKeys(self, tenant_id: str, request: Any) -> Any:
        device = self.server.device_of(tenant_id, request.device_keys.dev_eui)
        if device.dev_eui in self.server.keys:
            raise _exists(device.dev_eui)
        self.server.keys[device.dev_eui] = self._keys(request.device_keys)
        return Empty()

    @_served
    def GetKeys(self, tenant_id: str, request: Any) -> Any:
        device = self.server.device_of(tenant_id, request.dev_eui)
        if device.dev_eui not in self.server.keys:
            raise _missing(device.dev_eui)
        return api.GetDeviceKeysResponse(device_keys=self.server.keys[device.dev_eui])

    @_served
    def UpdateKeys(self, tenant_id: str, request: Any) -> Any:
        device = self.server.device_of(tenant_id, request.device_keys.dev_eui)
        if device.dev_eui not in self.server.keys:
            raise _missing(device.dev_eui)
        self.server.keys[device.dev_eui] = self._keys(request.device_keys)
        return Empty()


class _Gateways(api.GatewayServiceServicer):  # type: ignore[misc]
    service = "GatewayService"

    def __init__(self, server: ChirpStackServer) -> None:
        self.server = server

    def _of(self, tenant_id: str, gateway_id: str) -> Stored:
        found = self.server.gateways.get(_eui(gateway_id))
        if found is None or found.message.tenant_id != tenant_id:
            raise _DENIED
        return found

    def _kept(self, given: Any) -> Any:
        # There is always a location, zeros where it is not known.
        made = _copy(given)
        made.gateway_id = _eui(given.gateway_id)
        made.location.SetInParent()
        return made

    @_served
    def Create(self, tenant_id: str, request: Any) -> Any:
        if _uuid(request.gateway.tenant_id) != tenant_id:
            raise _DENIED
        made = self._kept(request.gateway)
        if made.gateway_id in self.server.gateways:
            raise _exists(made.gateway_id)
        self.server.gateways[made.gateway_id] = Stored(made, self.server.now())
        return Empty()

    @_served
    def Get(self, tenant_id: str, request: Any) -> Any:
        return api.GetGatewayResponse(gateway=self._of(tenant_id, request.gateway_id).message)

    @_served
    def Update(self, tenant_id: str, request: Any) -> Any:
        before = self._of(tenant_id, request.gateway.gateway_id)
        before.message = self._kept(request.gateway)
        before.message.tenant_id = tenant_id
        return Empty()

    @_served
    def Delete(self, tenant_id: str, request: Any) -> Any:
        self._of(tenant_id, request.gateway_id)
        del self.server.gateways[request.gateway_id]
        return Empty()

    @_served
    def List(self, tenant_id: str, request: Any) -> Any:
        if _uuid(request.tenant_id) != tenant_id:
            raise _DENIED
        found = [one for one in self.server.gateways.values() if one.message.tenant_id == tenant_id]
        found.sort(key=lambda one: one.message.name)
        items = [
            api.GatewayListItem(
                tenant_id=tenant_id,
                gateway_id=one.message.gateway_id,
                name=one.message.name,
                created_at=one.created,
            )
            for one in _page(found, request)
        ]
        return api.ListGatewaysResponse(total_count=len(found), result=items)


@asynccontextmanager
async def chirpstack_server() -> AsyncIterator[ChirpStackServer]:
    """A ChirpStack for the block."""
    made = ChirpStackServer()
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
