"""Compares what ChirpStack knows with the inventory, and repairs what differs if asked to.

ChirpStack is read before the inventory: a device that is made meanwhile is in the inventory, so it is never
taken for an orphan. What is missing there is looked for once more. What bears no mark of ours is told and
left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chirpstack_api import api

from adapters.chirpstack.provisioning import Provisioner
from adapters.chirpstack.provisioning_api import ChirpStackApi, ChirpStackError
from adapters.chirpstack.provisioning_forms import DEVICE_TAG, Unfit
from adapters.chirpstack.provisioning_steps import Steps
from adapters.runtime.server import ServerLink
from simba.common.v1.types_pb2 import WorkState
from simba.devices.v1 import provisioning_service_pb2 as pb
from simba.devices.v1.device_model_service_pb2 import GetDeviceModelRequest, GetDeviceModelResponse
from simba.devices.v1.device_model_service_pb2_grpc import DeviceModelServiceStub
from simba.devices.v1.network_health_service_pb2 import DeviceKind
from simba.devices.v1.provisioning_service_pb2 import Difference, DifferenceKind, ProvisioningTask
from simba.devices.v1.provisioning_service_pb2_grpc import ProvisioningServiceStub

_log = logging.getLogger(__name__)

_PAGE: Final = 500
_AT_ONCE: Final = 8
_MISSING = DifferenceKind.DIFFERENCE_KIND_MISSING_THERE
_ORPHAN = DifferenceKind.DIFFERENCE_KIND_ORPHAN_THERE
_DIFFERENT = DifferenceKind.DIFFERENCE_KIND_DIFFERENT
_FOREIGN = DifferenceKind.DIFFERENCE_KIND_FOREIGN
_GATEWAY = DeviceKind.DEVICE_KIND_GATEWAY


@dataclass
class _Run:
    """One comparison under way."""

    reconciliation_id: str
    repair: bool
    compared: int = 0
    found: list[Difference] = field(default_factory=list)


class Comparer:
    """Runs comparisons, one at a time."""

    def __init__(
        self,
        link: ServerLink,
        chirpstack: ChirpStackApi,
        steps: Steps,
        provisioner: Provisioner,
        *,
        kind: str,
        network_tenant: str,
    ) -> None:
        self._link = link
        self._stub: Any = ProvisioningServiceStub(link.channel)
        self._models: Any = DeviceModelServiceStub(link.channel)
        self._api = chirpstack
        self._steps = steps
        self._provisioner = provisioner
        self._kind = kind
        self._network_tenant = network_tenant

    async def compare(self, reconciliation_id: str) -> None:
        """One comparison from its beginning to its report."""
        run = _Run(reconciliation_id, repair=False)
        now = await self._report(run, WorkState.WORK_STATE_RUNNING)
        if now.state != WorkState.WORK_STATE_RUNNING:
            return
        run.repair = now.repair
        self._steps.forget()
        try:
            await self._devices(run)
            await self._gateways(run)
            await self._leftovers(run)
        except ChirpStackError as error:
            _log.warning("a comparison with ChirpStack failed: %s", error)
            await self._report(run, WorkState.WORK_STATE_FAILED, error=str(error)[:2000])
            return
        await self._report(run, WorkState.WORK_STATE_SUCCEEDED)

    async def _devices(self, run: _Run) -> None:
        applications = [one.id for one in await self._steps.applications()]
        there: dict[str, Any] = {}
        for application_id in applications:
            async for item in self._there(application_id):
                there[item.dev_eui] = item
        here = {one.address: one async for one in self._here() if one.kind != _GATEWAY}
        profiles = await self._profiles(run, here.values())
        for address, item in there.items():
            await self._judge(run, item, here.get(address), address, DeviceKind.DEVICE_KIND_METER)
        mine = [one for one in here.values() if one.address not in there or self._marked(there, one)]

        async def look(task: ProvisioningTask) -> None:
            why = await self._differs(task, applications, profiles)
            if why:
                kind = _MISSING if why == _ABSENT else _DIFFERENT
                await self._settle(run, _difference(kind, task, why), task)
            run.compared += 1

        await self._many(run, mine, look)

    async def _gateways(self, run: _Run) -> None:
        listed = [
            one.gateway_id
            async for one in self._steps.pages(
                self._api.gateways.List,
                lambda offset: api.ListGatewaysRequest(
                    limit=_PAGE, offset=offset, tenant_id=self._network_tenant
                ),
            )
        ]
        there = {one: await self._steps.find_gateway(one) for one in listed}
        here = {one.address: one async for one in self._here() if one.kind == _GATEWAY}
        for address, item in there.items():
            if item is not None:
                await self._judge(run, item, here.get(address), address, _GATEWAY)

        async def look(task: ProvisioningTask) -> None:
            found = there.get(task.address) or await self._steps.find_gateway(task.address)
            if found is None:
                await self._settle(run, _difference(_MISSING, task, _ABSENT), task)
            elif self._steps.is_ours(found) and self._steps.gateway_form(found, task) != found:
                await self._settle(run, _difference(_DIFFERENT, task, "not as it is here"), task)
            run.compared += 1

        await self._many(run, list(here.values()), look)

    async def _judge(
        self, run: _Run, item: Any, task: ProvisioningTask | None, address: str, kind: DeviceKind.ValueType
    ) -> None:
        """What ChirpStack has and the inventory does not, or not as ours."""
        if not self._steps.is_ours(item):
            text = "SiMBA did not make it" + ("" if task is None else ", and has the same address")
            owner = "" if task is None else task.device_id
            found = Difference(
                kind=_FOREIGN, address=address, device_kind=kind, device_id=owner, description=text
            )
            await self._add(run, found)
        elif task is None:
            orphan = Difference(
                kind=_ORPHAN,
                address=address,
                device_kind=kind,
                description="made by SiMBA, and not here any more",
            )
            if run.repair:
                owner = item.tags[DEVICE_TAG]
                remove = self._steps.remove_gateway if kind == _GATEWAY else self._steps.remove_device
                await remove(address, owner)
                orphan.repaired = True
            await self._add(run, orphan)

    async def _differs(
        self, task: ProvisioningTask, applications: Sequence[str], profiles: dict[str, str]
    ) -> str:
        """How a device there differs from what it is to be; empty: it does not."""
        found = await self._steps.find_device(task.address)
        if found is None:
            return _ABSENT
        if not self._steps.is_ours(found):
            return ""
        application_id = applications[0] if applications else ""
        profile_id = profiles.get(task.device_model_id, "")
        if self._steps.device_form(found, application_id, profile_id, task) != found:
            return "not as it is here"
        return "" if await self._steps.find_keys(task.address) is not None else "it has no keys"

    async def _profiles(self, run: _Run, tasks: Iterable[ProvisioningTask]) -> dict[str, str]:
        """Ids of the profiles by model; those that are not as the model says are told, and set right."""
        ids = {}
        for model_id in {one.device_model_id for one in tasks} - {""}:
            found = await self._steps.profiles(model_id)
            if found:
                ids[model_id] = found[0].id
                answer = await self._link.call(
                    self._models.GetDeviceModel,
                    GetDeviceModelRequest(device_model_id=model_id),
                    GetDeviceModelResponse,
                )
                await self._check_profile(run, found[0], answer.device_model)
        return ids

    async def _check_profile(self, run: _Run, found: Any, model: Any) -> None:
        try:
            if self._steps.profile_form(found, model) == found:
                return
            told = Difference(
                kind=_DIFFERENT, address=model.device_model_id, description="its profile is not as the model"
            )
            if run.repair:
                await self._steps.profile(model)
                told.repaired = True
        except Unfit as error:
            told = Difference(kind=_DIFFERENT, address=model.device_model_id, description=str(error))
        await self._add(run, told)

    async def _leftovers(self, run: _Run) -> None:
        """Applications and profiles that were made twice, because an answer was lost."""
        for one in (await self._steps.applications())[1:]:
            await self._leftover(run, one.name, self._steps.remove_spare_application, one.id)
        models = {one.device_model_id async for one in self._here()} - {""}
        for model_id in models:
            for one in (await self._steps.profiles(model_id))[1:]:
                await self._leftover(run, one.name, self._steps.remove_spare_profile, one.id)

    async def _leftover(self, run: _Run, name: str, remove: Any, network_id: str) -> None:
        told = Difference(kind=_ORPHAN, address=network_id, description=f"a second {name!r}")
        if run.repair:
            told.repaired = await remove(network_id)
        await self._add(run, told)

    async def _settle(self, run: _Run, found: Difference, task: ProvisioningTask) -> None:
        """Tells a difference and, if asked to, does the device's task again."""
        await self._add(run, found)
        if run.repair:
            await self._flush(run)
            found.repaired = await self._provisioner.work(task.provisioning_task_id)
            await self._add(run, found)

    async def _many(self, run: _Run, tasks: Sequence[ProvisioningTask], look: Any) -> None:
        for start in range(0, len(tasks), _PAGE):
            limit = asyncio.Semaphore(_AT_ONCE)

            async def limited(task: ProvisioningTask, limit: asyncio.Semaphore = limit) -> None:
                async with limit:
                    await look(task)

            # Not a TaskGroup: the first error is to be raised as it is.
            await asyncio.gather(*(limited(one) for one in tasks[start : start + _PAGE]))
            await self._report(run, WorkState.WORK_STATE_RUNNING)

    async def _add(self, run: _Run, found: Difference) -> None:
        run.found.append(found)
        if len(run.found) >= _PAGE:
            await self._flush(run)

    async def _flush(self, run: _Run) -> None:
        await self._report(run, WorkState.WORK_STATE_RUNNING)

    async def _report(self, run: _Run, state: WorkState.ValueType, *, error: str = "") -> pb.Reconciliation:
        found, run.found = run.found, []
        request = pb.ReportReconciliationRequest(
            reconciliation_id=run.reconciliation_id,
            differences=found,
            compared=run.compared,
            state=state,
            error=error,
        )
        answer = await self._link.call(
            self._stub.ReportReconciliation, request, pb.ReportReconciliationResponse
        )
        return answer.reconciliation

    async def _here(self) -> AsyncIterator[ProvisioningTask]:
        token = ""
        while True:
            request = pb.ListManagedDevicesRequest(page_size=1000, page_token=token, adapter=self._kind)
            answer = await self._link.call(
                self._stub.ListManagedDevices, request, pb.ListManagedDevicesResponse
            )
            for one in answer.devices:
                yield one
            token = answer.next_page_token
            if not token:
                return

    def _there(self, application_id: str) -> AsyncIterator[Any]:
        return self._steps.pages(
            self._api.devices.List,
            lambda offset: api.ListDevicesRequest(limit=_PAGE, offset=offset, application_id=application_id),
        )

    def _marked(self, there: dict[str, Any], task: ProvisioningTask) -> bool:
        return self._steps.is_ours(there[task.address])


_ABSENT: Final = "it is not there"


def _difference(kind: DifferenceKind.ValueType, task: ProvisioningTask, why: str) -> Difference:
    return Difference(
        kind=kind,
        device_id=task.device_id,
        device_kind=task.kind,
        address=task.address,
        description=why,
    )
