"""A tenant's devices and the ChirpStack in which they are kept."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from chirpstack_api import api
from pydantic import SecretStr

from server.devices import provisioning
from server.devices.device_keys import DeviceKeys
from server.devices.keys import Keys
from server.devices.provisioning_rules import Managed, Task
from server.devices.provisioning_tables import provisioning as table
from server.platform.ids import new_id
from simba.common.v1 import types_pb2
from simba.devices.v1 import device_model_pb2
from simba.devices.v1 import provisioning_service_pb2 as pb
from simba.devices.v1.provisioning_service_pb2_grpc import ProvisioningServiceStub
from tests.integration.chirpstack.conftest import Field
from tests.support.chirpstack_server import ChirpStackServer, Stored
from tests.support.platform import eventually

LORAWAN = device_model_pb2.LorawanProfile(
    region="EU868", mac_version="1.0.3", reg_params_revision="A", supports_class_c=True
)
APP_KEY = "00112233445566778899aabbccddeeff"


@dataclass
class Network:
    """Devices of one tenant, as SiMBA and as ChirpStack know them."""

    field: Field
    chirpstack: ChirpStackServer
    tenant: str
    """ChirpStack's."""
    model: device_model_pb2.DeviceModel

    def adapter(self, **changed: Any) -> AbstractAsyncContextManager[None]:
        return self.field.adapter(**changed)

    async def meter(self, *, keys: DeviceKeys | None = None, **changed: Any) -> Managed:
        """A device that ChirpStack is to know."""
        device = Managed(
            **{
                "device_id": new_id(),
                "kind": "METER",
                "address": uuid4().hex[:16],
                "device_model_id": UUID(self.model.device_model_id),
                "display_name": "Meter",
                **changed,
            }
        )
        async with self.field.platform.uow() as tx:
            await Keys(self.field.platform.secrets).put(
                tx, device.device_id, keys or DeviceKeys(app_key=APP_KEY)
            )
            await provisioning.want(tx, device, present=True)
        return device

    async def gateway(self, **changed: Any) -> Managed:
        """A gateway that ChirpStack is to know."""
        device = Managed(device_id=new_id(), kind="GATEWAY", address=uuid4().hex[:16], **changed)
        await self.want(device)
        return device

    async def change(self, device: Managed, **changed: Any) -> Managed:
        made = replace(device, **changed)
        await self.want(made)
        return made

    async def want(self, device: Managed, *, present: bool = True) -> None:
        async with self.field.platform.uow() as tx:
            await provisioning.want(tx, device, present=present)

    async def remove(self, device: Managed) -> None:
        await self.want(device, present=False)

    async def retry(self, device: Managed) -> None:
        async with self.field.platform.uow() as tx:
            await provisioning.retry(tx, device.device_id)

    async def task(self, device: Managed) -> Task:
        async with self.field.platform.uow() as tx:
            return (await provisioning.of_devices(tx, [device.device_id]))[device.device_id]

    async def until(self, device: Managed, state: str, *, reason: str = "", seconds: float = 20) -> Task:
        """The task once it is in a state, for a reason."""

        async def there() -> Task | None:
            task = await self.task(device)
            return task if task.state == state and task.reason == reason else None

        found: Task = await eventually(there, seconds)
        return found

    async def hurry(self) -> None:
        """As if all waits were over."""
        async with self.field.platform.uow() as tx:
            await tx.conn.execute(
                sa.update(table)
                .where(table.c.tenant_id == tx.tenant_id, table.c.next_attempt_time.is_not(None))
                .values(next_attempt_time=tx.now)
            )

    async def compare(self, *, repair: bool) -> pb.Reconciliation:
        """A comparison, from its beginning to its end."""
        stub: Any = ProvisioningServiceStub(self.field.channel)
        begun = await stub.StartReconciliation(
            pb.StartReconciliationRequest(adapter="chirpstack", repair=repair)
        )
        request = pb.GetReconciliationRequest(reconciliation_id=begun.reconciliation.reconciliation_id)

        async def over() -> pb.Reconciliation | None:
            now = (await stub.GetReconciliation(request)).reconciliation
            ended = now.state in {types_pb2.WORK_STATE_SUCCEEDED, types_pb2.WORK_STATE_FAILED}
            return now if ended else None

        found: pb.Reconciliation = await eventually(over, 20)
        return found

    # What ChirpStack has of this tenant.

    def applications(self) -> list[Any]:
        return self._mine(self.chirpstack.applications)

    def profiles(self) -> list[Any]:
        return self._mine(self.chirpstack.profiles)

    def gateways(self) -> list[Any]:
        return self._mine(self.chirpstack.gateways)

    def devices(self) -> list[Any]:
        ids = {one.id for one in self.applications()}
        return [one.message for one in self.chirpstack.devices.values() if one.message.application_id in ids]

    def device(self, device: Managed) -> Any:
        return self.chirpstack.devices[device.address].message

    def _mine(self, stored: dict[str, Stored]) -> list[Any]:
        return [one.message for one in stored.values() if one.message.tenant_id == self.tenant]

    def put_application(self, name: str, **tags: str) -> str:
        """An application as somebody else made it."""
        made = api.Application(id=str(uuid4()), name=name, tenant_id=self.tenant, tags=tags)
        self.chirpstack.applications[made.id] = Stored(made, self.chirpstack.now())
        return str(made.id)

    def put_profile(self, name: str, **tags: str) -> str:
        made = api.DeviceProfile(id=str(uuid4()), name=name, tenant_id=self.tenant, tags=tags)
        self.chirpstack.profiles[made.id] = Stored(made, self.chirpstack.now())
        return str(made.id)

    def put_device(self, address: str, application_id: str, profile_id: str, **tags: str) -> None:
        made = api.Device(
            dev_eui=address,
            name=address,
            application_id=application_id,
            device_profile_id=profile_id,
            join_eui="0" * 16,
            tags=tags,
        )
        self.chirpstack.devices[address] = Stored(made, self.chirpstack.now())

    def put_gateway(self, address: str, **tags: str) -> None:
        made = api.Gateway(gateway_id=address, name=address, tenant_id=self.tenant, tags=tags)
        made.location.SetInParent()
        self.chirpstack.gateways[address] = Stored(made, self.chirpstack.now())

    def whole(self, *devices: Managed) -> None:
        """Asserts that ChirpStack has these devices, once each, and nothing beside them."""
        assert len(self.applications()) == 1
        assert len(self.profiles()) == 1
        assert sorted(one.dev_eui for one in self.devices()) == sorted(one.address for one in devices)
        for one in devices:
            there = self.device(one)
            assert there.tags["simba_device"] == str(one.device_id)
            assert there.device_profile_id == self.profiles()[0].id
            assert self.chirpstack.keys[one.address].nwk_key == APP_KEY


@asynccontextmanager
async def network_of(field: Field, chirpstack: ChirpStackServer) -> AsyncIterator[Network]:
    """A network of the field's tenant, with a key of its own."""
    tenant, secret = chirpstack.tenant()
    field.settings = field.settings.model_copy(
        update={
            "chirpstack_api_url": chirpstack.url,
            "chirpstack_api_token": SecretStr(secret),
            "chirpstack_tenant_id": tenant,
            "chirpstack_api_seconds": 2.0,
            "codec_processes": 1,
        }
    )
    lorawan = {"region": "EU868", "macVersion": "1.0.3", "regParamsRevision": "A", "supportsClassC": True}
    model = await field.model("simba/relay-meter", model=f"Relay {uuid4().hex[:8]}", lorawan=lorawan)
    yield Network(field, chirpstack, tenant, model)
