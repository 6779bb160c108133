"""Provisions devices in ChirpStack: takes tasks, does their steps, reports each.

A message on the bus is only a hint: what is to be done the server knows, and it tells again as long as it
hears nothing. So a hint is put into a queue of this process and acknowledged at once, and neither a slow
ChirpStack nor a comparison of a whole network holds up commands that come over the same bus.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import grpc
import grpc.aio

from adapters.chirpstack.provisioning_api import (
    AwayError,
    BrokenError,
    ChirpStackError,
    DeniedError,
)
from adapters.chirpstack.provisioning_forms import Unfit
from adapters.chirpstack.provisioning_steps import Steps
from adapters.runtime.server import ServerLink
from kernel.bus import BusMessage
from simba.common.v1 import error_reason_pb2
from simba.devices.v1 import provisioning_service_pb2 as pb
from simba.devices.v1.network_health_service_pb2 import DeviceKind
from simba.devices.v1.provisioning_pb2 import ProvisioningState
from simba.devices.v1.provisioning_service_pb2_grpc import ProvisioningServiceStub

_log = logging.getLogger(__name__)

_MOST_WAITING: Final = 10_000
_MOST_BROKEN: Final = 8
_LONGEST_TEXT: Final = 2000
_TURN: Final = 0.2
_FAILED: Final = error_reason_pb2.ERROR_REASON_PROVISIONING_FAILED
_AWAY: Final = error_reason_pb2.ERROR_REASON_NETWORK_SERVER_UNAVAILABLE
_DENIED: Final = error_reason_pb2.ERROR_REASON_NETWORK_SERVER_DENIED

Compare = Callable[[str], Awaitable[None]]
"""Runs a comparison, by its id."""


class SupersededError(Exception):
    """What is to be done has changed meanwhile; the newer task is told of as well."""


class Provisioner:
    """Does tasks, several at once, each device once at a time."""

    def __init__(self, link: ServerLink, steps: Steps | None, *, concurrency: int) -> None:
        """`steps` is None where ChirpStack's API is not configured: then tasks only say so."""
        self._link = link
        self._stub: Any = ProvisioningServiceStub(link.channel)
        self._steps = steps
        self._concurrency = concurrency
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()
        self._busy: set[str] = set()
        self._comparisons: asyncio.Queue[str] = asyncio.Queue()
        self._compared: set[str] = set()
        self.compare: Compare | None = None
        """Runs a comparison; None: this process makes none."""

    async def take(self, hint: pb.ProvisioningMessage, _message: BusMessage) -> None:
        """A hint from the bus. One that finds the queue full is dropped: the server tells again."""
        if hint.reconciliation_id:
            if hint.reconciliation_id not in self._compared:
                self._compared.add(hint.reconciliation_id)
                self._comparisons.put_nowait(hint.reconciliation_id)
        elif hint.provisioning_task_id not in self._queued and len(self._queued) < _MOST_WAITING:
            self._queued.add(hint.provisioning_task_id)
            self._waiting.put_nowait(hint.provisioning_task_id)

    async def run(self) -> None:
        """Ends by being cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._concurrency):
                group.create_task(self._serve())
            group.create_task(self._serve_comparisons())

    async def work(self, task_id: str) -> bool:
        """Does one task from where it stands; whether it is settled now."""
        if task_id in self._busy:
            # The one at work asked what is to be done before this hint came: it may be more by now.
            return False
        self._busy.add(task_id)
        try:
            request = pb.TakeProvisioningTaskRequest(provisioning_task_id=task_id)
            answer = await self._link.call(
                self._stub.TakeProvisioningTask, request, pb.TakeProvisioningTaskResponse
            )
            if not answer.HasField("provisioning_task"):
                return False
            return await self._do(answer.provisioning_task)
        except grpc.aio.AioRpcError as error:
            _log.warning("the server refuses work on task %s: %s", task_id, error.details())
            return False
        finally:
            self._busy.discard(task_id)

    async def _serve(self) -> None:
        while True:
            task_id = await self._waiting.get()
            if task_id in self._busy:
                # Once more, when the one at work is done.
                self._waiting.put_nowait(task_id)
                await asyncio.sleep(_TURN)
                continue
            self._queued.discard(task_id)
            await self.work(task_id)

    async def _serve_comparisons(self) -> None:
        while True:
            reconciliation_id = await self._comparisons.get()
            try:
                if self.compare is not None:
                    await self.compare(reconciliation_id)
            except grpc.aio.AioRpcError as error:
                _log.warning("the server refuses comparison %s: %s", reconciliation_id, error.details())
            finally:
                self._compared.discard(reconciliation_id)

    async def _do(self, task: pb.ProvisioningTask) -> bool:
        try:
            if self._steps is None:
                await self._fail(task, _AWAY, "the adapter is given no SIMBA_CHIRPSTACK_API_URL", again=True)
                return False
            if task.present:
                await self._provide(self._steps, task)
                await self._say(task, ProvisioningState.PROVISIONING_STATE_ACTIVE, "done")
            else:
                await self._remove(self._steps, task)
                await self._say(task, ProvisioningState.PROVISIONING_STATE_REMOVED, "done")
        except SupersededError:
            return False
        except AwayError as error:
            await self._fail(task, _AWAY, str(error), again=True)
        except DeniedError as error:
            self._forget()
            await self._fail(task, _DENIED, str(error), again=True)
        except BrokenError as error:
            self._forget()
            await self._fail(task, _FAILED, str(error), again=task.attempt < _MOST_BROKEN)
        except (ChirpStackError, Unfit) as error:
            self._forget()
            await self._fail(task, _FAILED, str(error), again=False)
        else:
            return True
        return False

    async def _provide(self, steps: Steps, task: pb.ProvisioningTask) -> None:
        if task.kind == DeviceKind.DEVICE_KIND_GATEWAY:
            await self._reached(task, "gateway")
            await steps.gateway(task)
        else:
            await self._reached(task, "application")
            application_id = await steps.application()
            await self._reached(task, "device_profile", application_id=application_id)
            profile_id = await steps.profile(task.device_model)
            await self._reached(task, "device", device_profile_id=profile_id)
            await steps.device(task, application_id, profile_id)
            await self._reached(task, "keys")
            await steps.keys(task)
        await self._clear_former(steps, task)

    async def _remove(self, steps: Steps, task: pb.ProvisioningTask) -> None:
        await self._reached(task, "removal")
        remove = _remover(steps, task)
        await remove(task.address, task.device_id)
        await self._clear_former(steps, task)

    async def _clear_former(self, steps: Steps, task: pb.ProvisioningTask) -> None:
        for address in set(task.former_addresses) - {task.address}:
            await _remover(steps, task)(address, task.device_id)

    async def _reached(self, task: pb.ProvisioningTask, step: str, **network_ids: str) -> None:
        await self._say(
            task, ProvisioningState.PROVISIONING_STATE_PROVISIONING, step, network_ids=network_ids
        )

    async def _fail(
        self,
        task: pb.ProvisioningTask,
        reason: error_reason_pb2.ErrorReason.ValueType,
        why: str,
        *,
        again: bool,
    ) -> None:
        _log.warning("device %s is not provisioned: %s", task.address, why, extra={"again": again})
        request = _report(task, ProvisioningState.PROVISIONING_STATE_FAILED, "")
        request.reason, request.description, request.retriable = reason, why[:_LONGEST_TEXT], again
        await self._link.call(self._stub.ReportProvisioning, request, pb.ReportProvisioningResponse)

    async def _say(
        self,
        task: pb.ProvisioningTask,
        state: ProvisioningState.ValueType,
        step: str,
        *,
        network_ids: dict[str, str] | None = None,
    ) -> None:
        request = _report(task, state, step)
        request.network_ids.update(network_ids or {})
        answer = await self._link.call(self._stub.ReportProvisioning, request, pb.ReportProvisioningResponse)
        if not answer.applied and state == ProvisioningState.PROVISIONING_STATE_PROVISIONING:
            raise SupersededError

    def _forget(self) -> None:
        if self._steps is not None:
            self._steps.forget()


def _report(
    task: pb.ProvisioningTask, state: ProvisioningState.ValueType, step: str
) -> pb.ReportProvisioningRequest:
    return pb.ReportProvisioningRequest(
        provisioning_task_id=task.provisioning_task_id, generation=task.generation, state=state, step=step
    )


def _remover(steps: Steps, task: pb.ProvisioningTask) -> Callable[[str, str], Awaitable[bool]]:
    gateway = task.kind == DeviceKind.DEVICE_KIND_GATEWAY
    return steps.remove_gateway if gateway else steps.remove_device
