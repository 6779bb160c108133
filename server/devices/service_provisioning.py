"""``simba.devices.v1.ProvisioningService``."""

from typing import Any

from server.devices.convert_provisioning import (
    difference_of,
    report_of,
    wire_assignment,
    wire_reconciliation,
    wire_task,
)
from server.devices.provisioning_tasks import ProvisioningTasks
from server.devices.reconciliations import Reconciliations
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name
from simba.common.v1 import types_pb2
from simba.devices.v1 import network_health_service_pb2
from simba.devices.v1 import provisioning_service_pb2 as pb
from simba.devices.v1 import provisioning_service_pb2_grpc as rpc


class ProvisioningServicer(rpc.ProvisioningServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, tasks: ProvisioningTasks, reconciliations: Reconciliations, pages: Pages) -> None:
        self._tasks = tasks
        self._reconciliations = reconciliations
        self._pages = pages

    async def TakeProvisioningTask(
        self, request: pb.TakeProvisioningTaskRequest, context: Any
    ) -> pb.TakeProvisioningTaskResponse:
        """What is to be done."""
        taken = await self._tasks.take(parse_id("provisioning_task_id", request.provisioning_task_id))
        return pb.TakeProvisioningTaskResponse(
            provisioning_task=None if taken is None else wire_assignment(taken)
        )

    async def ReportProvisioning(
        self, request: pb.ReportProvisioningRequest, context: Any
    ) -> pb.ReportProvisioningResponse:
        """How far it is."""
        task_id = parse_id("provisioning_task_id", request.provisioning_task_id)
        return pb.ReportProvisioningResponse(applied=await self._tasks.report(task_id, report_of(request)))

    async def ListManagedDevices(
        self, request: pb.ListManagedDevicesRequest, context: Any
    ) -> pb.ListManagedDevicesResponse:
        """What the network server should know."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        kind = enum_name(network_health_service_pb2.DeviceKind, request.kind)
        found = await self._tasks.managed(request.adapter, kind, after_id=page.after_value, limit=page.limit)
        rows, following = page.cut(found, lambda row: (row.device_id,))
        return pb.ListManagedDevicesResponse(devices=map(wire_task, rows), next_page_token=following)

    async def StartReconciliation(
        self, request: pb.StartReconciliationRequest, context: Any
    ) -> pb.StartReconciliationResponse:
        """Begins a comparison."""
        begun = await self._reconciliations.start(request.adapter, repair=request.repair)
        return pb.StartReconciliationResponse(reconciliation=wire_reconciliation(begun))

    async def GetReconciliation(
        self, request: pb.GetReconciliationRequest, context: Any
    ) -> pb.GetReconciliationResponse:
        """One comparison."""
        found = await self._reconciliations.get(parse_id("reconciliation_id", request.reconciliation_id))
        return pb.GetReconciliationResponse(reconciliation=wire_reconciliation(found))

    async def ListReconciliations(
        self, request: pb.ListReconciliationsRequest, context: Any
    ) -> pb.ListReconciliationsResponse:
        """Comparisons, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await self._reconciliations.page(request.adapter, before=page.after_value, limit=page.limit)
        rows, following = page.cut(found, lambda row: (row.reconciliation_id,))
        return pb.ListReconciliationsResponse(
            reconciliations=map(wire_reconciliation, rows), next_page_token=following
        )

    async def ReportReconciliation(
        self, request: pb.ReportReconciliationRequest, context: Any
    ) -> pb.ReportReconciliationResponse:
        """Keeps what an adapter found."""
        found = await self._reconciliations.report(
            parse_id("reconciliation_id", request.reconciliation_id),
            state=enum_name(types_pb2.WorkState, request.state),
            compared=request.compared,
            differences=[
                difference_of(f"differences[{index}]", one) for index, one in enumerate(request.differences)
            ],
            error=request.error,
        )
        return pb.ReportReconciliationResponse(reconciliation=wire_reconciliation(found))
