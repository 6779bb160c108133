"""``simba.billing.v1.BillingRunService``."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from server.billing.convert import id_of
from server.billing.convert_run import run_of, wire_exception, wire_run
from server.billing.runs import BillingRuns
from simba.billing.v1 import billing_run_service_pb2 as pb
from simba.billing.v1 import billing_run_service_pb2_grpc as rpc


class BillingRunService(rpc.BillingRunServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, runs: BillingRuns, clock: Callable[[], datetime]) -> None:
        self._runs = runs
        self._clock = clock

    async def CreateBillingRun(
        self, request: pb.CreateBillingRunRequest, context: Any
    ) -> pb.CreateBillingRunResponse:
        """A run that begins as soon as a worker takes it."""
        run = await self._runs.create(run_of(request.billing_run, self._clock()))
        return pb.CreateBillingRunResponse(billing_run=wire_run(run, self._clock()))

    async def GetBillingRun(self, request: pb.GetBillingRunRequest, context: Any) -> pb.GetBillingRunResponse:
        """One run."""
        run = await self._runs.get(id_of("billing_run_id", request.billing_run_id))
        return pb.GetBillingRunResponse(billing_run=wire_run(run, self._clock()))

    async def ListBillingRuns(
        self, request: pb.ListBillingRunsRequest, context: Any
    ) -> pb.ListBillingRunsResponse:
        """A page of runs."""
        rows, following = await self._runs.page(
            size=request.page_size, token=request.page_token, bound_to=request
        )
        now = self._clock()
        return pb.ListBillingRunsResponse(
            billing_runs=[wire_run(run, now) for run in rows], next_page_token=following
        )

    async def WatchBillingRun(
        self, request: pb.WatchBillingRunRequest, context: Any
    ) -> AsyncIterator[pb.WatchBillingRunResponse]:
        """The run now, and again at each step until it is over."""
        async for run in self._runs.watch(id_of("billing_run_id", request.billing_run_id)):
            yield pb.WatchBillingRunResponse(billing_run=wire_run(run, self._clock()))

    async def ListBillingExceptions(
        self, request: pb.ListBillingExceptionsRequest, context: Any
    ) -> pb.ListBillingExceptionsResponse:
        """A page of what could not be billed."""
        rows, following = await self._runs.exceptions(
            id_of("billing_run_id", request.billing_run_id),
            size=request.page_size,
            token=request.page_token,
            bound_to=request,
        )
        return pb.ListBillingExceptionsResponse(
            exceptions=map(wire_exception, rows), next_page_token=following
        )
