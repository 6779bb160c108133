"""``simba.readings.v1.VeeService``."""

from typing import Any

import numpy as np

from server.platform.caller import current_caller
from server.platform.paging import Pages
from server.platform.telemetry_store import TelemetryStore
from server.platform.wire import instant, maybe_id, maybe_instant
from server.readings.apart import apart
from server.readings.calendar import to_ms
from server.readings.errors import IntervalNotFound, SubjectMissing
from server.readings.ports import ChannelDirectory
from server.readings.queries.intervals import IntervalQueries
from server.readings.vee.exceptions import FindingFilter, findings_page
from server.readings.vee.explain import Explainer
from server.readings.vee.runner import Runner
from server.readings.wire.explanations import explanation_message
from server.readings.wire.findings import finding_message
from simba.readings.v1 import vee_service_pb2 as pb
from simba.readings.v1 import vee_service_pb2_grpc as rpc


class VeeService(rpc.VeeServiceServicer):
    """Converts, calls, converts."""

    def __init__(
        self,
        runner: Runner,
        explainer: Explainer,
        intervals: IntervalQueries,
        store: TelemetryStore,
        directory: ChannelDirectory,
        pages: Pages,
    ) -> None:
        self._runner = runner
        self._explainer = explainer
        self._intervals = intervals
        self._store = store
        self._directory = directory
        self._pages = pages

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

    async def ListVeeExceptions(
        self, request: pb.ListVeeExceptionsRequest, context: Any
    ) -> pb.ListVeeExceptionsResponse:
        """What was found."""
        tenant_id = current_caller().tenant_id
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        found = await findings_page(
            self._store,
            tenant_id,
            _filter(request),
            await self._intervals.watermark(),
            after=page.after,
            limit=page.limit,
        )
        found, following = page.cut(found, lambda one: (one.version, one.series, one.day, one.rule))
        numbers = np.unique(np.array([one.series for one in found], np.uint64))
        units = {info.series: info.unit for info in await self._directory.series(tenant_id, numbers)}
        return pb.ListVeeExceptionsResponse(
            exceptions=[finding_message(one, units.get(one.series, "")) for one in found],
            next_page_token=following,
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


def _filter(request: pb.ListVeeExceptionsRequest) -> FindingFilter:
    start, end = maybe_instant("start_time", request), maybe_instant("end_time", request)
    return FindingFilter(
        series=request.series,
        usage_point_id=maybe_id("usage_point_id", request.usage_point_id),
        rule=request.rule,
        start_ms=None if start is None else to_ms(start),
        end_ms=None if end is None else to_ms(end),
    )
