"""``simba.readings.v1.RetentionService``."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, maybe_id, maybe_instant
from server.readings.retention.app import Retention
from server.readings.retention.convert import (
    policy_of,
    wire_hold,
    wire_policy,
    wire_rows,
    wire_run,
    wire_status,
)
from simba.common.v1.types_pb2 import Commodity
from simba.readings.v1 import retention_pb2
from simba.readings.v1 import retention_service_pb2 as pb
from simba.readings.v1 import retention_service_pb2_grpc as rpc


class RetentionService(rpc.RetentionServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, retention: Retention, pages: Pages) -> None:
        self._retention = retention
        self._pages = pages

    async def SetRetentionPolicy(
        self, request: pb.SetRetentionPolicyRequest, context: Any
    ) -> pb.SetRetentionPolicyResponse:
        """Sets one."""
        made = await self._retention.set_policy(policy_of(request.retention_policy))
        return pb.SetRetentionPolicyResponse(retention_policy=wire_policy(made))

    async def ListRetentionPolicies(
        self, request: pb.ListRetentionPoliciesRequest, context: Any
    ) -> pb.ListRetentionPoliciesResponse:
        """All."""
        found = await self._retention.policies()
        return pb.ListRetentionPoliciesResponse(retention_policies=[wire_policy(one) for one in found.rows])

    async def DeleteRetentionPolicy(
        self, request: pb.DeleteRetentionPolicyRequest, context: Any
    ) -> pb.DeleteRetentionPolicyResponse:
        """Takes one away."""
        await self._retention.delete_policy(
            enum_name(retention_pb2.DataClass, request.data_class), enum_name(Commodity, request.commodity)
        )
        return pb.DeleteRetentionPolicyResponse()

    async def CreateLegalHold(
        self, request: pb.CreateLegalHoldRequest, context: Any
    ) -> pb.CreateLegalHoldResponse:
        """Orders one."""
        wanted = request.legal_hold
        made = await self._retention.create_hold(
            maybe_id("legal_hold.usage_point_id", wanted.usage_point_id),
            maybe_id("legal_hold.meter_id", wanted.meter_id),
            wanted.reason,
            maybe_instant("legal_hold.end_time", wanted),
        )
        return pb.CreateLegalHoldResponse(legal_hold=wire_hold(made, self._retention.clock()))

    async def GetLegalHold(self, request: pb.GetLegalHoldRequest, context: Any) -> pb.GetLegalHoldResponse:
        """One."""
        found = await self._retention.hold(parse_id("legal_hold_id", request.legal_hold_id))
        return pb.GetLegalHoldResponse(legal_hold=wire_hold(found, self._retention.clock()))

    async def ListLegalHolds(
        self, request: pb.ListLegalHoldsRequest, context: Any
    ) -> pb.ListLegalHoldsResponse:
        """Many, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await self._retention.holds(
            active_only=request.active_only, before=page.after_value, limit=page.limit
        )
        found, following = page.cut(found, lambda one: (one.legal_hold_id,))
        now = self._retention.clock()
        return pb.ListLegalHoldsResponse(
            legal_holds=[wire_hold(one, now) for one in found], next_page_token=following
        )

    async def ReleaseLegalHold(
        self, request: pb.ReleaseLegalHoldRequest, context: Any
    ) -> pb.ReleaseLegalHoldResponse:
        """Ends one."""
        found = await self._retention.release(parse_id("legal_hold_id", request.legal_hold_id))
        return pb.ReleaseLegalHoldResponse(legal_hold=wire_hold(found, self._retention.clock()))

    async def PreviewRetention(
        self, request: pb.PreviewRetentionRequest, context: Any
    ) -> pb.PreviewRetentionResponse:
        """What would go."""
        found = await self._retention.preview()
        return pb.PreviewRetentionResponse(tables=[wire_rows(one) for one in found])

    async def GetRetentionStatus(
        self, request: pb.GetRetentionStatusRequest, context: Any
    ) -> pb.GetRetentionStatusResponse:
        """How it stands."""
        return wire_status(await self._retention.status())

    async def StartRetentionRun(
        self, request: pb.StartRetentionRunRequest, context: Any
    ) -> pb.StartRetentionRunResponse:
        """Asks for a run."""
        return pb.StartRetentionRunResponse(
            retention_run=wire_run(await self._retention.start(request.reason))
        )

    async def GetRetentionRun(
        self, request: pb.GetRetentionRunRequest, context: Any
    ) -> pb.GetRetentionRunResponse:
        """One, with its steps."""
        found = await self._retention.run(parse_id("retention_run_id", request.retention_run_id))
        return pb.GetRetentionRunResponse(retention_run=wire_run(found))

    async def ListRetentionRuns(
        self, request: pb.ListRetentionRunsRequest, context: Any
    ) -> pb.ListRetentionRunsResponse:
        """Many, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await self._retention.runs(before=page.after_value, limit=page.limit)
        found, following = page.cut(found, lambda one: (one.retention_run_id,))
        return pb.ListRetentionRunsResponse(
            retention_runs=[wire_run(one) for one in found], next_page_token=following
        )

    async def CancelRetentionRun(
        self, request: pb.CancelRetentionRunRequest, context: Any
    ) -> pb.CancelRetentionRunResponse:
        """Ends one."""
        found = await self._retention.cancel(parse_id("retention_run_id", request.retention_run_id))
        return pb.CancelRetentionRunResponse(retention_run=wire_run(found))

    async def WatchRetentionRun(
        self, request: pb.WatchRetentionRunRequest, context: Any
    ) -> AsyncIterator[pb.WatchRetentionRunResponse]:
        """Each step of one."""
        run_id = parse_id("retention_run_id", request.retention_run_id)
        async with aclosing(self._retention.watch(run_id)) as steps:
            async for run in steps:
                yield pb.WatchRetentionRunResponse(retention_run=wire_run(run))
