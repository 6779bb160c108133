"""gRPC: DeadLetterService."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.readings.dead_letter import convert
from server.readings.dead_letter.app import DeadLetter
from simba.readings.v1 import dead_letter_service_pb2 as wire
from simba.readings.v1.dead_letter_service_pb2_grpc import DeadLetterServiceServicer


class DeadLetterService(DeadLetterServiceServicer):
    """Readings that could not be given to a channel."""

    def __init__(self, dead_letter: DeadLetter, pages: Pages, limit: int) -> None:
        self._dead_letter = dead_letter
        self._pages = pages
        self._limit = limit

    async def ListDeadReadings(
        self, request: wire.ListDeadReadingsRequest, context: Any
    ) -> wire.ListDeadReadingsResponse:
        """A page of readings."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        after = None if page.after is None else (page.after[0], page.after[1], page.after[2])
        rows = await self._dead_letter.page(convert.selector_of(request), after=after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: row.key)
        found = [convert.reading_to_wire(row) for row in rows]
        return wire.ListDeadReadingsResponse(dead_readings=found, next_page_token=following)

    async def GetDeadLetterSummary(
        self, request: wire.GetDeadLetterSummaryRequest, context: Any
    ) -> wire.GetDeadLetterSummaryResponse:
        """The counts."""
        groups, total = await self._dead_letter.summary(convert.selector_of(request))
        return wire.GetDeadLetterSummaryResponse(
            groups=[convert.group_to_wire(one) for one in groups], total=total, limit=self._limit
        )

    async def ReplayDeadReadings(
        self, request: wire.ReplayDeadReadingsRequest, context: Any
    ) -> wire.ReplayDeadReadingsResponse:
        """Begins to check readings again."""
        job = await self._dead_letter.replay(convert.selector_of(request.selector))
        return wire.ReplayDeadReadingsResponse(job=convert.job_to_wire(job))

    async def DiscardDeadReadings(
        self, request: wire.DiscardDeadReadingsRequest, context: Any
    ) -> wire.DiscardDeadReadingsResponse:
        """Begins to throw readings away."""
        job = await self._dead_letter.discard(convert.selector_of(request.selector))
        return wire.DiscardDeadReadingsResponse(job=convert.job_to_wire(job))

    async def GetDeadLetterJob(
        self, request: wire.GetDeadLetterJobRequest, context: Any
    ) -> wire.GetDeadLetterJobResponse:
        """One job."""
        job = await self._dead_letter.job(parse_id("job_id", request.job_id))
        return wire.GetDeadLetterJobResponse(job=convert.job_to_wire(job))

    async def ListDeadLetterJobs(
        self, request: wire.ListDeadLetterJobsRequest, context: Any
    ) -> wire.ListDeadLetterJobsResponse:
        """Many, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._dead_letter.jobs(before=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.job_id,))
        found = [convert.job_to_wire(row) for row in rows]
        return wire.ListDeadLetterJobsResponse(jobs=found, next_page_token=following)

    async def WatchDeadLetterJob(
        self, request: wire.WatchDeadLetterJobRequest, context: Any
    ) -> AsyncIterator[wire.WatchDeadLetterJobResponse]:
        """Each step of one."""
        async with aclosing(self._dead_letter.watch(parse_id("job_id", request.job_id))) as steps:
            async for job in steps:
                yield wire.WatchDeadLetterJobResponse(job=convert.job_to_wire(job))

    async def CancelDeadLetterJob(
        self, request: wire.CancelDeadLetterJobRequest, context: Any
    ) -> wire.CancelDeadLetterJobResponse:
        """Ends a job before its next step."""
        job = await self._dead_letter.cancel(parse_id("job_id", request.job_id))
        return wire.CancelDeadLetterJobResponse(job=convert.job_to_wire(job))
