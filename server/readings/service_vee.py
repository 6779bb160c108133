"""``simba.readings.v1.VeeService``."""

from typing import Any

import numpy as np

from server.platform.caller import current_caller
from server.platform.paging import Pages
from server.platform.wire import instant, maybe_id
from server.readings.apart import apart
from server.readings.desk.queue import Queue
from server.readings.desk.service_queue import QueueMethods
from server.readings.errors import IntervalNotFound, SubjectMissing
from server.readings.ports import ChannelDirectory
from server.readings.queries.intervals import IntervalQueries
from server.readings.vee.explain import Explainer
from server.readings.vee.runner import Runner
from server.readings.wire.explanations import explanation_message
from simba.readings.v1 import vee_service_pb2 as pb
from simba.readings.v1 import vee_service_pb2_grpc as rpc


class VeeService(QueueMethods, rpc.VeeServiceServicer):
    """Converts, calls, converts."""

    def __init__(
        self,
        runner: Runner,
        explainer: Explainer,
        intervals: IntervalQueries,
        directory: ChannelDirectory,
        queue: Queue,
        pages: Pages,
    ) -> None:
        QueueMethods.__init__(self, queue, pages)
        self._runner = runner
        self._explainer = explainer
        self._intervals = intervals
        self._directory = directory

    async def RunVee(self, request: pb.RunVeeRequest, context: Any) -> pb.RunVeeResponse:
        """Runs at once."""
        if not (request.series or request.usage_point_id):
            raise SubjectMissing("series", "usage_point_id")
        tenant_id = current_caller().tenant_id
        usage_point = maybe_id("usage_point_id", request.usage_point_id)
        series = [s.series for s in await self._intervals.series(tenant_id, request.series, usage_point, "")]
        period = request.period
        start, end = instant("period.start", period.start), instant("period.end", period.end)
        outcome = await apart(
            lambda: self._runner.run_series(tenant_id, series, start, end, dry_run=request.validate_only)
        )
        counts = outcome.counts
        return pb.RunVeeResponse(
            run_id=str(outcome.run_id),
            intervals=counts.intervals,
            changed=counts.changed,
            estimated=counts.estimated,
            missing=counts.missing,
            exceptions=counts.exceptions,
        )

    async def ExplainReading(
        self, request: pb.ExplainReadingRequest, context: Any
    ) -> pb.ExplainReadingResponse:
        """How one interval came about."""
        tenant_id = current_caller().tenant_id
        series = await self._intervals.series(tenant_id, [request.series], None, "")
        at_ms = request.time.ToMilliseconds()
        versions = await self._intervals.versions(tenant_id, series[0], at_ms)
        explanation = await self._explainer.explain(tenant_id, request.series, at_ms)
        if explanation is None or not versions:
            raise IntervalNotFound(request.series, request.time.ToJsonString())
        channels = np.unique(np.array([channel for channel, _ in explanation.inputs], np.uint64))
        infos = {info.channel: info for info in await self._directory.channels(tenant_id, channels)}
        return explanation_message(versions[-1], explanation, infos)
