"""Calls of `simba.readings.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator, Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._streams import AsyncStream, Stream
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import field_mask, new_request_id, present

from .. import methods
from ..google import api as google_api
from ..simba.common import v1 as common_v1
from ..simba.devices import v1 as devices_v1
from ..simba.readings import v1 as readings_v1


class AggregationService:
    """Sums over the trees of places and of the grid, at any level, with what they are made of.

    Who belongs to a node is looked up for each instant: a usage point that moves, or a node
    that is moved, counts at the old place before that instant and at the new one from it on; an
    interval belongs where its beginning does. Every interval is in exactly one bucket of an
    answer, so that the children of a node, and what is unassigned, add up to the node.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def aggregate(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        node_id: str = "",
        hierarchy: devices_v1.Hierarchy = devices_v1.Hierarchy(0),
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        time_zone: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        grouping: readings_v1.AggregateGrouping = readings_v1.AggregateGrouping(0),
        phases: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Aggregate]:
        """Sums of a node, of its children, or by phase, through time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            node_id: A node of either tree; empty: the whole of a tree, with what is in no node
                of it.
            hierarchy: Which tree; with `node_id` it may be left out.
            start_time: From when on.
            end_time: Until before when; at most 3700 days later, and at most 400 days for hours
                and less.
            resolution: Span of one row; UNSPECIFIED and NATIVE: the whole period.
            time_zone: Zone of days and longer spans, an IANA name; empty: that of most of the
                usage points.
            quantities: Only these quantities; none: all that are amounts: energy, volume,
                pulses.
            grouping: What to split by.
            phases: Only usage points on exactly these phases, for example `A` or `ABC`;
                `unassigned`: those of which it is not known. Empty: all.
            as_of: As the values were known then; absent: as they are known now. Who belongs
                where is always told as it is known now.
        """
        return Pages(
            self._transport,
            methods.AGGREGATION_SERVICE_AGGREGATE,
            readings_v1.AggregateRequest(
                page_size=page_size,
                page_token=page_token,
                node_id=node_id,
                hierarchy=hierarchy,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                time_zone=time_zone,
                quantities=list(quantities),
                grouping=grouping,
                phases=phases,
                as_of=as_of,
            ),
            lambda page: page.aggregates,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncAggregationService:
    """Sums over the trees of places and of the grid, at any level, with what they are made of.

    Who belongs to a node is looked up for each instant: a usage point that moves, or a node
    that is moved, counts at the old place before that instant and at the new one from it on; an
    interval belongs where its beginning does. Every interval is in exactly one bucket of an
    answer, so that the children of a node, and what is unassigned, add up to the node.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def aggregate(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        node_id: str = "",
        hierarchy: devices_v1.Hierarchy = devices_v1.Hierarchy(0),
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        time_zone: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        grouping: readings_v1.AggregateGrouping = readings_v1.AggregateGrouping(0),
        phases: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Aggregate]:
        """Sums of a node, of its children, or by phase, through time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            node_id: A node of either tree; empty: the whole of a tree, with what is in no node
                of it.
            hierarchy: Which tree; with `node_id` it may be left out.
            start_time: From when on.
            end_time: Until before when; at most 3700 days later, and at most 400 days for hours
                and less.
            resolution: Span of one row; UNSPECIFIED and NATIVE: the whole period.
            time_zone: Zone of days and longer spans, an IANA name; empty: that of most of the
                usage points.
            quantities: Only these quantities; none: all that are amounts: energy, volume,
                pulses.
            grouping: What to split by.
            phases: Only usage points on exactly these phases, for example `A` or `ABC`;
                `unassigned`: those of which it is not known. Empty: all.
            as_of: As the values were known then; absent: as they are known now. Who belongs
                where is always told as it is known now.
        """
        return AsyncPages(
            self._transport,
            methods.AGGREGATION_SERVICE_AGGREGATE,
            readings_v1.AggregateRequest(
                page_size=page_size,
                page_token=page_token,
                node_id=node_id,
                hierarchy=hierarchy,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                time_zone=time_zone,
                quantities=list(quantities),
                grouping=grouping,
                phases=phases,
                as_of=as_of,
            ),
            lambda page: page.aggregates,
            rpc_timeout,
            rpc_metadata,
        )


class CoverageService:
    """How complete readings are: the KPI of a head-end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_coverage(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        node_id: str | None = None,
        hierarchy: devices_v1.Hierarchy | None = None,
        usage_points: readings_v1.UsagePointIds | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        time_zone: str = "",
        worst: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetCoverageResponse:
        """What was expected, received, estimated and is missing, by parts of a tree and by day,
        and which usage points are worst.

        Args:
            node_id: Of a node of either tree.
            hierarchy: Of a whole tree, with what is in no node of it.
            usage_points: Of these usage points; unknown ones are left out.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantities: Only these quantities; none: all that are amounts.
            time_zone: Zone of the days, an IANA name; empty: that of most of the usage points.
            worst: How many of the worst usage points to name; 0: none.
        """
        return self._transport.unary(
            methods.COVERAGE_SERVICE_GET_COVERAGE,
            readings_v1.GetCoverageRequest(
                node_id=node_id,
                hierarchy=hierarchy,
                usage_points=usage_points,
                start_time=start_time,
                end_time=end_time,
                quantities=list(quantities),
                time_zone=time_zone,
                worst=worst,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncCoverageService:
    """How complete readings are: the KPI of a head-end."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_coverage(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        node_id: str | None = None,
        hierarchy: devices_v1.Hierarchy | None = None,
        usage_points: readings_v1.UsagePointIds | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        time_zone: str = "",
        worst: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetCoverageResponse:
        """What was expected, received, estimated and is missing, by parts of a tree and by day,
        and which usage points are worst.

        Args:
            node_id: Of a node of either tree.
            hierarchy: Of a whole tree, with what is in no node of it.
            usage_points: Of these usage points; unknown ones are left out.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantities: Only these quantities; none: all that are amounts.
            time_zone: Zone of the days, an IANA name; empty: that of most of the usage points.
            worst: How many of the worst usage points to name; 0: none.
        """
        return await self._transport.unary(
            methods.COVERAGE_SERVICE_GET_COVERAGE,
            readings_v1.GetCoverageRequest(
                node_id=node_id,
                hierarchy=hierarchy,
                usage_points=usage_points,
                start_time=start_time,
                end_time=end_time,
                quantities=list(quantities),
                time_zone=time_zone,
                worst=worst,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class DeadLetterService:
    """Readings that could not be given to a channel: nobody knows the channel, or the sender's
    unit or multiplier is not the channel's. The acknowledgement tells the sender, and they are
    kept.

    1. Look at `GetDeadLetterSummary`: which source, which channel, why, how many.

    2. Mend the cause: create the meter, correct the model or the installation. Readings of
       channels that become known are replayed by the server itself within seconds.

    3. `ReplayDeadReadings` for the others, and watch the job. What is stored already is not
       stored again.

    4. `DiscardDeadReadings` for those that are nothing but noise.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_dead_readings(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        source: str = "",
        channel: int = 0,
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.DeadReading]:
        """Readings in order of source, block and row.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            source: Only those of this source.
            channel: Only those that were sent for this channel number.
            reason: Only those with this reason.
        """
        return Pages(
            self._transport,
            methods.DEAD_LETTER_SERVICE_LIST_DEAD_READINGS,
            readings_v1.ListDeadReadingsRequest(
                page_size=page_size, page_token=page_token, source=source, channel=channel, reason=reason
            ),
            lambda page: page.dead_readings,
            rpc_timeout,
            rpc_metadata,
        )

    def get_dead_letter_summary(
        self,
        *,
        source: str = "",
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetDeadLetterSummaryResponse:
        """How many there are by source, channel and reason, the most first.

        Args:
            source: Only those of this source.
            reason: Only those with this reason.
        """
        return self._transport.unary(
            methods.DEAD_LETTER_SERVICE_GET_DEAD_LETTER_SUMMARY,
            readings_v1.GetDeadLetterSummaryRequest(source=source, reason=reason),
            rpc_timeout,
            rpc_metadata,
        )

    def replay_dead_readings(
        self,
        *,
        selector: readings_v1.DeadReadingSelector | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """Begins to check readings again and to store those that pass; without a selector, all of
        them.

        Args:
            selector: Which ones; absent: all.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_REPLAY_DEAD_READINGS,
                    readings_v1.ReplayDeadReadingsRequest(selector=selector, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )

    def discard_dead_readings(
        self,
        selector: readings_v1.DeadReadingSelector,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """Begins to throw readings away; the selector must say which.

        Args:
            selector: Which ones; at least one of its fields is needed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_DISCARD_DEAD_READINGS,
                    readings_v1.DiscardDeadReadingsRequest(selector=selector, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )

    def get_dead_letter_job(
        self,
        job_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """One job.

        Args:
            job_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_GET_DEAD_LETTER_JOB,
                    readings_v1.GetDeadLetterJobRequest(job_id=job_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )

    def list_dead_letter_jobs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.DeadLetterJob]:
        """The tenant's jobs, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.DEAD_LETTER_SERVICE_LIST_DEAD_LETTER_JOBS,
            readings_v1.ListDeadLetterJobsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.jobs,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_dead_letter_job(
        self,
        job_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.DeadLetterJob]:
        """The job now, and again at each step until it is over.

        Args:
            job_id: Which one.
        """
        return Stream(
            self._transport,
            methods.DEAD_LETTER_SERVICE_WATCH_DEAD_LETTER_JOB,
            readings_v1.WatchDeadLetterJobRequest(job_id=job_id),
            lambda said: [present(said.job, "job")],
            rpc_timeout,
            rpc_metadata,
        )

    def cancel_dead_letter_job(
        self,
        job_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """Ends a job before its next step; what it has done stays done. One that is over stays as
        it is.

        Args:
            job_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_CANCEL_DEAD_LETTER_JOB,
                    readings_v1.CancelDeadLetterJobRequest(job_id=job_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )


class AsyncDeadLetterService:
    """Readings that could not be given to a channel: nobody knows the channel, or the sender's
    unit or multiplier is not the channel's. The acknowledgement tells the sender, and they are
    kept.

    1. Look at `GetDeadLetterSummary`: which source, which channel, why, how many.

    2. Mend the cause: create the meter, correct the model or the installation. Readings of
       channels that become known are replayed by the server itself within seconds.

    3. `ReplayDeadReadings` for the others, and watch the job. What is stored already is not
       stored again.

    4. `DiscardDeadReadings` for those that are nothing but noise.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list_dead_readings(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        source: str = "",
        channel: int = 0,
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.DeadReading]:
        """Readings in order of source, block and row.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            source: Only those of this source.
            channel: Only those that were sent for this channel number.
            reason: Only those with this reason.
        """
        return AsyncPages(
            self._transport,
            methods.DEAD_LETTER_SERVICE_LIST_DEAD_READINGS,
            readings_v1.ListDeadReadingsRequest(
                page_size=page_size, page_token=page_token, source=source, channel=channel, reason=reason
            ),
            lambda page: page.dead_readings,
            rpc_timeout,
            rpc_metadata,
        )

    async def get_dead_letter_summary(
        self,
        *,
        source: str = "",
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetDeadLetterSummaryResponse:
        """How many there are by source, channel and reason, the most first.

        Args:
            source: Only those of this source.
            reason: Only those with this reason.
        """
        return await self._transport.unary(
            methods.DEAD_LETTER_SERVICE_GET_DEAD_LETTER_SUMMARY,
            readings_v1.GetDeadLetterSummaryRequest(source=source, reason=reason),
            rpc_timeout,
            rpc_metadata,
        )

    async def replay_dead_readings(
        self,
        *,
        selector: readings_v1.DeadReadingSelector | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """Begins to check readings again and to store those that pass; without a selector, all of
        them.

        Args:
            selector: Which ones; absent: all.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_REPLAY_DEAD_READINGS,
                    readings_v1.ReplayDeadReadingsRequest(selector=selector, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )

    async def discard_dead_readings(
        self,
        selector: readings_v1.DeadReadingSelector,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """Begins to throw readings away; the selector must say which.

        Args:
            selector: Which ones; at least one of its fields is needed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_DISCARD_DEAD_READINGS,
                    readings_v1.DiscardDeadReadingsRequest(selector=selector, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )

    async def get_dead_letter_job(
        self,
        job_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """One job.

        Args:
            job_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_GET_DEAD_LETTER_JOB,
                    readings_v1.GetDeadLetterJobRequest(job_id=job_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )

    def list_dead_letter_jobs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.DeadLetterJob]:
        """The tenant's jobs, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.DEAD_LETTER_SERVICE_LIST_DEAD_LETTER_JOBS,
            readings_v1.ListDeadLetterJobsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.jobs,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_dead_letter_job(
        self,
        job_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.DeadLetterJob]:
        """The job now, and again at each step until it is over.

        Args:
            job_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.DEAD_LETTER_SERVICE_WATCH_DEAD_LETTER_JOB,
            readings_v1.WatchDeadLetterJobRequest(job_id=job_id),
            lambda said: [present(said.job, "job")],
            rpc_timeout,
            rpc_metadata,
        )

    async def cancel_dead_letter_job(
        self,
        job_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DeadLetterJob:
        """Ends a job before its next step; what it has done stays done. One that is over stays as
        it is.

        Args:
            job_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DEAD_LETTER_SERVICE_CANCEL_DEAD_LETTER_JOB,
                    readings_v1.CancelDeadLetterJobRequest(job_id=job_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).job,
            "job",
        )


class DemandService:
    """Demand: average power over a period, from the final intervals of usage points. Block demand
    is that of one period after the other; sliding demand that of several periods that follow
    one another, told anew with each period. Periods lie as the intervals of the series do, from
    local midnight on, and go on through changes of the clock.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def query_demand(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        node_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        period: datetime.timedelta | None = None,
        number_of_periods: int = 0,
        coincident: bool = False,
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Demand]:
        """Demand of each window, in order of series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            node_id: All series of the usage points that are now in this node of either
                hierarchy, or below it.
            quantity: Only series of this quantity.
            start_time: Windows whose last period begins at this time or later.
            end_time: Windows whose last period begins before this; at most 400 days after
                `start_time`.
            period: Length of a period: a divisor of an hour and a multiple of the series'
                interval; absent: 30 minutes.
            number_of_periods: Periods of a window; 0 and 1: block demand, more: sliding demand.
            coincident: Whether the demand is that of all of them together, at the same time:
                coincident demand. They need the same quantity and unit.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
        """
        return Pages(
            self._transport,
            methods.DEMAND_SERVICE_QUERY_DEMAND,
            readings_v1.QueryDemandRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                node_id=node_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                period=period,
                number_of_periods=number_of_periods,
                coincident=coincident,
                time_zone=time_zone,
                as_of=as_of,
            ),
            lambda page: page.demands,
            rpc_timeout,
            rpc_metadata,
        )

    def query_maximum_demand(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        node_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        period: datetime.timedelta | None = None,
        number_of_periods: int = 0,
        coincident: bool = False,
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        span: readings_v1.DemandSpan = readings_v1.DemandSpan(0),
        count_incomplete: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.MaximumDemand]:
        """The largest demand of each local day or month, or of all the time asked for, in order of
        series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            node_id: All series of the usage points that are now in this node of either
                hierarchy, or below it.
            quantity: Only series of this quantity.
            start_time: Windows whose last period begins at this time or later.
            end_time: Windows whose last period begins before this; at most 400 days after
                `start_time`.
            period: Length of a period: a divisor of an hour and a multiple of the series'
                interval; absent: 30 minutes.
            number_of_periods: Periods of a window; 0 and 1: block demand, more: sliding demand.
            coincident: Whether the demand is that of all of them together, at the same time:
                coincident demand. They need the same quantity and unit.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
            span: Span of one row.
            count_incomplete: Whether windows that are not complete count as well: what is
                missing in them counts as 0.
        """
        return Pages(
            self._transport,
            methods.DEMAND_SERVICE_QUERY_MAXIMUM_DEMAND,
            readings_v1.QueryMaximumDemandRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                node_id=node_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                period=period,
                number_of_periods=number_of_periods,
                coincident=coincident,
                time_zone=time_zone,
                as_of=as_of,
                span=span,
                count_incomplete=count_incomplete,
            ),
            lambda page: page.maxima,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncDemandService:
    """Demand: average power over a period, from the final intervals of usage points. Block demand
    is that of one period after the other; sliding demand that of several periods that follow
    one another, told anew with each period. Periods lie as the intervals of the series do, from
    local midnight on, and go on through changes of the clock.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def query_demand(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        node_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        period: datetime.timedelta | None = None,
        number_of_periods: int = 0,
        coincident: bool = False,
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Demand]:
        """Demand of each window, in order of series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            node_id: All series of the usage points that are now in this node of either
                hierarchy, or below it.
            quantity: Only series of this quantity.
            start_time: Windows whose last period begins at this time or later.
            end_time: Windows whose last period begins before this; at most 400 days after
                `start_time`.
            period: Length of a period: a divisor of an hour and a multiple of the series'
                interval; absent: 30 minutes.
            number_of_periods: Periods of a window; 0 and 1: block demand, more: sliding demand.
            coincident: Whether the demand is that of all of them together, at the same time:
                coincident demand. They need the same quantity and unit.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
        """
        return AsyncPages(
            self._transport,
            methods.DEMAND_SERVICE_QUERY_DEMAND,
            readings_v1.QueryDemandRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                node_id=node_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                period=period,
                number_of_periods=number_of_periods,
                coincident=coincident,
                time_zone=time_zone,
                as_of=as_of,
            ),
            lambda page: page.demands,
            rpc_timeout,
            rpc_metadata,
        )

    def query_maximum_demand(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        node_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        period: datetime.timedelta | None = None,
        number_of_periods: int = 0,
        coincident: bool = False,
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        span: readings_v1.DemandSpan = readings_v1.DemandSpan(0),
        count_incomplete: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.MaximumDemand]:
        """The largest demand of each local day or month, or of all the time asked for, in order of
        series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            node_id: All series of the usage points that are now in this node of either
                hierarchy, or below it.
            quantity: Only series of this quantity.
            start_time: Windows whose last period begins at this time or later.
            end_time: Windows whose last period begins before this; at most 400 days after
                `start_time`.
            period: Length of a period: a divisor of an hour and a multiple of the series'
                interval; absent: 30 minutes.
            number_of_periods: Periods of a window; 0 and 1: block demand, more: sliding demand.
            coincident: Whether the demand is that of all of them together, at the same time:
                coincident demand. They need the same quantity and unit.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
            span: Span of one row.
            count_incomplete: Whether windows that are not complete count as well: what is
                missing in them counts as 0.
        """
        return AsyncPages(
            self._transport,
            methods.DEMAND_SERVICE_QUERY_MAXIMUM_DEMAND,
            readings_v1.QueryMaximumDemandRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                node_id=node_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                period=period,
                number_of_periods=number_of_periods,
                coincident=coincident,
                time_zone=time_zone,
                as_of=as_of,
                span=span,
                count_incomplete=count_incomplete,
            ),
            lambda page: page.maxima,
            rpc_timeout,
            rpc_metadata,
        )


class DerivedSeriesService:
    """Derived series: virtual channels by formula, energy of gas, amounts of pulses.

    1. `PreviewDerivedSeries` shows what a formula would give. 2. `CreateDerivedSeries` keeps
       it. 3. `EvaluateDerivedSeries` reads it like any series: intervals, hours, local days and
       months, now or as of a time. 4. `UpdateDerivedSeries` makes a new version, from a time
       on.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_derived_series(
        self,
        derived_series: readings_v1.DerivedSeries,
        *,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """Makes a derived series with its first version.

        Args:
            derived_series: The derived series to make.
            effective_from: From when on its first version holds; absent: always.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_CREATE_DERIVED_SERIES,
                    readings_v1.CreateDerivedSeriesRequest(
                        derived_series=derived_series,
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    def get_derived_series(
        self,
        derived_series_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """One derived series with its newest version.

        Args:
            derived_series_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_GET_DERIVED_SERIES,
                    readings_v1.GetDerivedSeriesRequest(derived_series_id=derived_series_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    def list_derived_series(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.DerivedSeries]:
        """The tenant's derived series, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES,
            readings_v1.ListDerivedSeriesRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.derived_series,
            rpc_timeout,
            rpc_metadata,
        )

    def update_derived_series(
        self,
        derived_series: readings_v1.DerivedSeries,
        *,
        update_mask: Sequence[str] | None = None,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """Changes a derived series: what it says becomes a new version, the versions before stay
        as they are.

        Args:
            derived_series: The new values; `derived_series_id` says which one, `etag` (if
                given) what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            effective_from: From when on the new version holds; absent: from now on.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_UPDATE_DERIVED_SERIES,
                    readings_v1.UpdateDerivedSeriesRequest(
                        derived_series=derived_series,
                        update_mask=field_mask(update_mask),
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    def archive_derived_series(
        self,
        derived_series_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """Archives a derived series of which no other one is made: it can still be read and takes
        no more changes.

        Args:
            derived_series_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_ARCHIVE_DERIVED_SERIES,
                    readings_v1.ArchiveDerivedSeriesRequest(
                        derived_series_id=derived_series_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    def list_derived_series_versions(
        self,
        derived_series_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.DerivedSeriesVersion]:
        """Every version of a derived series, newest first.

        Args:
            derived_series_id: Of which derived series.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES_VERSIONS,
            readings_v1.ListDerivedSeriesVersionsRequest(
                derived_series_id=derived_series_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.versions,
            rpc_timeout,
            rpc_metadata,
        )

    def evaluate_derived_series(
        self,
        derived_series_id: str,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.IntervalReading]:
        """Its intervals, or sums of them, in order of time. For callers with a scope it exists
        when all that it is made of lies within.

        Args:
            derived_series_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            start_time: Intervals that begin at this time or later.
            end_time: Intervals that begin before this; at most 800 days after `start_time`.
            resolution: Span of one value.
            as_of: As it was known then: readings, factors and the formula; absent: as it is
                known now.
        """
        return Pages(
            self._transport,
            methods.DERIVED_SERIES_SERVICE_EVALUATE_DERIVED_SERIES,
            readings_v1.EvaluateDerivedSeriesRequest(
                derived_series_id=derived_series_id,
                page_size=page_size,
                page_token=page_token,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                as_of=as_of,
            ),
            lambda page: page.intervals,
            rpc_timeout,
            rpc_metadata,
        )

    def preview_derived_series(
        self,
        derived_series: readings_v1.DerivedSeries,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.PreviewDerivedSeriesResponse:
        """What a derived series would give that is not stored: at most the first thousand
        intervals.

        Args:
            derived_series: The derived series; nothing of it is stored.
            start_time: Intervals that begin at this time or later.
            end_time: Intervals that begin before this; at most 800 days after `start_time`.
            resolution: Span of one value.
            as_of: As it was known then; absent: as it is known now.
        """
        return self._transport.unary(
            methods.DERIVED_SERIES_SERVICE_PREVIEW_DERIVED_SERIES,
            readings_v1.PreviewDerivedSeriesRequest(
                derived_series=derived_series,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                as_of=as_of,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncDerivedSeriesService:
    """Derived series: virtual channels by formula, energy of gas, amounts of pulses.

    1. `PreviewDerivedSeries` shows what a formula would give. 2. `CreateDerivedSeries` keeps
       it. 3. `EvaluateDerivedSeries` reads it like any series: intervals, hours, local days and
       months, now or as of a time. 4. `UpdateDerivedSeries` makes a new version, from a time
       on.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_derived_series(
        self,
        derived_series: readings_v1.DerivedSeries,
        *,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """Makes a derived series with its first version.

        Args:
            derived_series: The derived series to make.
            effective_from: From when on its first version holds; absent: always.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_CREATE_DERIVED_SERIES,
                    readings_v1.CreateDerivedSeriesRequest(
                        derived_series=derived_series,
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    async def get_derived_series(
        self,
        derived_series_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """One derived series with its newest version.

        Args:
            derived_series_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_GET_DERIVED_SERIES,
                    readings_v1.GetDerivedSeriesRequest(derived_series_id=derived_series_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    def list_derived_series(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.DerivedSeries]:
        """The tenant's derived series, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES,
            readings_v1.ListDerivedSeriesRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.derived_series,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_derived_series(
        self,
        derived_series: readings_v1.DerivedSeries,
        *,
        update_mask: Sequence[str] | None = None,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """Changes a derived series: what it says becomes a new version, the versions before stay
        as they are.

        Args:
            derived_series: The new values; `derived_series_id` says which one, `etag` (if
                given) what it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            effective_from: From when on the new version holds; absent: from now on.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_UPDATE_DERIVED_SERIES,
                    readings_v1.UpdateDerivedSeriesRequest(
                        derived_series=derived_series,
                        update_mask=field_mask(update_mask),
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    async def archive_derived_series(
        self,
        derived_series_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.DerivedSeries:
        """Archives a derived series of which no other one is made: it can still be read and takes
        no more changes.

        Args:
            derived_series_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.DERIVED_SERIES_SERVICE_ARCHIVE_DERIVED_SERIES,
                    readings_v1.ArchiveDerivedSeriesRequest(
                        derived_series_id=derived_series_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).derived_series,
            "derived_series",
        )

    def list_derived_series_versions(
        self,
        derived_series_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.DerivedSeriesVersion]:
        """Every version of a derived series, newest first.

        Args:
            derived_series_id: Of which derived series.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.DERIVED_SERIES_SERVICE_LIST_DERIVED_SERIES_VERSIONS,
            readings_v1.ListDerivedSeriesVersionsRequest(
                derived_series_id=derived_series_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.versions,
            rpc_timeout,
            rpc_metadata,
        )

    def evaluate_derived_series(
        self,
        derived_series_id: str,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.IntervalReading]:
        """Its intervals, or sums of them, in order of time. For callers with a scope it exists
        when all that it is made of lies within.

        Args:
            derived_series_id: Which one.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            start_time: Intervals that begin at this time or later.
            end_time: Intervals that begin before this; at most 800 days after `start_time`.
            resolution: Span of one value.
            as_of: As it was known then: readings, factors and the formula; absent: as it is
                known now.
        """
        return AsyncPages(
            self._transport,
            methods.DERIVED_SERIES_SERVICE_EVALUATE_DERIVED_SERIES,
            readings_v1.EvaluateDerivedSeriesRequest(
                derived_series_id=derived_series_id,
                page_size=page_size,
                page_token=page_token,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                as_of=as_of,
            ),
            lambda page: page.intervals,
            rpc_timeout,
            rpc_metadata,
        )

    async def preview_derived_series(
        self,
        derived_series: readings_v1.DerivedSeries,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.PreviewDerivedSeriesResponse:
        """What a derived series would give that is not stored: at most the first thousand
        intervals.

        Args:
            derived_series: The derived series; nothing of it is stored.
            start_time: Intervals that begin at this time or later.
            end_time: Intervals that begin before this; at most 800 days after `start_time`.
            resolution: Span of one value.
            as_of: As it was known then; absent: as it is known now.
        """
        return await self._transport.unary(
            methods.DERIVED_SERIES_SERVICE_PREVIEW_DERIVED_SERIES,
            readings_v1.PreviewDerivedSeriesRequest(
                derived_series=derived_series,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                as_of=as_of,
            ),
            rpc_timeout,
            rpc_metadata,
        )


class ExchangeService:
    """Files in and out.

    1. Send a file: small ones with `CreateImport`, others as a stream with `UploadImport`.

    2. Watch it with `WatchImport`, or poll `GetImport`.

    3. Get the refused rows with `ListImportErrors`. Mend and send again: what is stored stays
       once.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_import(
        self,
        import_job: readings_v1.ImportJob,
        *,
        content: bytes = b"",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """Takes a file in one message.

        Args:
            import_job: How to read it.
            content: The file, at most 16 MiB.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.EXCHANGE_SERVICE_CREATE_IMPORT,
                    readings_v1.CreateImportRequest(
                        import_job=import_job, content=content, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    def upload_import(
        self,
        requests: Iterator[readings_v1.UploadImportRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.UploadImportResponse:
        """Takes a file of any size: first the job, then the bytes."""
        return self._transport.stream_unary(
            methods.EXCHANGE_SERVICE_UPLOAD_IMPORT, requests, rpc_timeout, rpc_metadata
        )

    def get_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """One import.

        Args:
            import_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.EXCHANGE_SERVICE_GET_IMPORT,
                    readings_v1.GetImportRequest(import_id=import_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    def list_imports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.ImportJob]:
        """The tenant's imports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORTS,
            readings_v1.ListImportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.import_jobs,
            rpc_timeout,
            rpc_metadata,
        )

    def list_import_errors(
        self,
        import_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.ImportError]:
        """Rows that an import refused, in order of line.

        Args:
            import_id: Of which import.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORT_ERRORS,
            readings_v1.ListImportErrorsRequest(
                import_id=import_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.errors,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.ImportJob]:
        """The import now, and again at each step until it is over.

        Args:
            import_id: Which one.
        """
        return Stream(
            self._transport,
            methods.EXCHANGE_SERVICE_WATCH_IMPORT,
            readings_v1.WatchImportRequest(import_id=import_id),
            lambda said: [present(said.import_job, "import_job")],
            rpc_timeout,
            rpc_metadata,
        )


class AsyncExchangeService:
    """Files in and out.

    1. Send a file: small ones with `CreateImport`, others as a stream with `UploadImport`.

    2. Watch it with `WatchImport`, or poll `GetImport`.

    3. Get the refused rows with `ListImportErrors`. Mend and send again: what is stored stays
       once.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_import(
        self,
        import_job: readings_v1.ImportJob,
        *,
        content: bytes = b"",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """Takes a file in one message.

        Args:
            import_job: How to read it.
            content: The file, at most 16 MiB.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.EXCHANGE_SERVICE_CREATE_IMPORT,
                    readings_v1.CreateImportRequest(
                        import_job=import_job, content=content, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    async def upload_import(
        self,
        requests: AsyncIterator[readings_v1.UploadImportRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.UploadImportResponse:
        """Takes a file of any size: first the job, then the bytes."""
        return await self._transport.stream_unary(
            methods.EXCHANGE_SERVICE_UPLOAD_IMPORT, requests, rpc_timeout, rpc_metadata
        )

    async def get_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """One import.

        Args:
            import_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.EXCHANGE_SERVICE_GET_IMPORT,
                    readings_v1.GetImportRequest(import_id=import_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    def list_imports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.ImportJob]:
        """The tenant's imports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORTS,
            readings_v1.ListImportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.import_jobs,
            rpc_timeout,
            rpc_metadata,
        )

    def list_import_errors(
        self,
        import_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.ImportError]:
        """Rows that an import refused, in order of line.

        Args:
            import_id: Of which import.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORT_ERRORS,
            readings_v1.ListImportErrorsRequest(
                import_id=import_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.errors,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.ImportJob]:
        """The import now, and again at each step until it is over.

        Args:
            import_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.EXCHANGE_SERVICE_WATCH_IMPORT,
            readings_v1.WatchImportRequest(import_id=import_id),
            lambda said: [present(said.import_job, "import_job")],
            rpc_timeout,
            rpc_metadata,
        )


class FactorSetService:
    """Factors for derived series: calorific values, volume conversion, pulse weights."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_factor_set(
        self,
        factor_set: readings_v1.FactorSet,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """Makes a factor set without values.

        Args:
            factor_set: The factor set to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.FACTOR_SET_SERVICE_CREATE_FACTOR_SET,
                    readings_v1.CreateFactorSetRequest(factor_set=factor_set, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    def get_factor_set(
        self,
        factor_set_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """One factor set.

        Args:
            factor_set_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.FACTOR_SET_SERVICE_GET_FACTOR_SET,
                    readings_v1.GetFactorSetRequest(factor_set_id=factor_set_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    def list_factor_sets(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.FactorSet]:
        """The tenant's factor sets, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.FACTOR_SET_SERVICE_LIST_FACTOR_SETS,
            readings_v1.ListFactorSetsRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.factor_sets,
            rpc_timeout,
            rpc_metadata,
        )

    def update_factor_set(
        self,
        factor_set: readings_v1.FactorSet,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """Changes the name or the description of a factor set.

        Args:
            factor_set: The new values; `factor_set_id` says which one, `etag` (if given) what
                it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.FACTOR_SET_SERVICE_UPDATE_FACTOR_SET,
                    readings_v1.UpdateFactorSetRequest(
                        factor_set=factor_set, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    def archive_factor_set(
        self,
        factor_set_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """Archives a factor set: it takes no more values; those that it has still count.

        Args:
            factor_set_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.FACTOR_SET_SERVICE_ARCHIVE_FACTOR_SET,
                    readings_v1.ArchiveFactorSetRequest(
                        factor_set_id=factor_set_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    def give_factor_values(
        self,
        factor_set_id: str,
        values: Sequence[readings_v1.NewFactorValue],
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Gives values: new ones, and corrections of those before. All or none are stored.

        Args:
            factor_set_id: To which factor set.
            values: The values; of two for one time the later one in this list counts.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.FACTOR_SET_SERVICE_GIVE_FACTOR_VALUES,
                readings_v1.GiveFactorValuesRequest(
                    factor_set_id=factor_set_id, values=list(values), request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).stored

    def list_factor_values(
        self,
        factor_set_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.FactorValue]:
        """What holds when, in order of time, now or as of a time.

        Args:
            factor_set_id: Of which factor set.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            start_time: Only values that hold at this time or later.
            end_time: Only values that hold before this.
            as_of: As it was known then; absent: as it is known now.
        """
        return Pages(
            self._transport,
            methods.FACTOR_SET_SERVICE_LIST_FACTOR_VALUES,
            readings_v1.ListFactorValuesRequest(
                factor_set_id=factor_set_id,
                page_size=page_size,
                page_token=page_token,
                start_time=start_time,
                end_time=end_time,
                as_of=as_of,
            ),
            lambda page: page.values,
            rpc_timeout,
            rpc_metadata,
        )

    def list_factor_value_versions(
        self,
        factor_set_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.FactorValue]:
        """Every value that was ever given, newest first.

        Args:
            factor_set_id: Of which factor set.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            start_time: Only values that hold at this time or later.
            end_time: Only values that hold before this.
        """
        return Pages(
            self._transport,
            methods.FACTOR_SET_SERVICE_LIST_FACTOR_VALUE_VERSIONS,
            readings_v1.ListFactorValueVersionsRequest(
                factor_set_id=factor_set_id,
                page_size=page_size,
                page_token=page_token,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.values,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncFactorSetService:
    """Factors for derived series: calorific values, volume conversion, pulse weights."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_factor_set(
        self,
        factor_set: readings_v1.FactorSet,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """Makes a factor set without values.

        Args:
            factor_set: The factor set to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.FACTOR_SET_SERVICE_CREATE_FACTOR_SET,
                    readings_v1.CreateFactorSetRequest(factor_set=factor_set, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    async def get_factor_set(
        self,
        factor_set_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """One factor set.

        Args:
            factor_set_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.FACTOR_SET_SERVICE_GET_FACTOR_SET,
                    readings_v1.GetFactorSetRequest(factor_set_id=factor_set_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    def list_factor_sets(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.FactorSet]:
        """The tenant's factor sets, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.FACTOR_SET_SERVICE_LIST_FACTOR_SETS,
            readings_v1.ListFactorSetsRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.factor_sets,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_factor_set(
        self,
        factor_set: readings_v1.FactorSet,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """Changes the name or the description of a factor set.

        Args:
            factor_set: The new values; `factor_set_id` says which one, `etag` (if given) what
                it must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.FACTOR_SET_SERVICE_UPDATE_FACTOR_SET,
                    readings_v1.UpdateFactorSetRequest(
                        factor_set=factor_set, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    async def archive_factor_set(
        self,
        factor_set_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.FactorSet:
        """Archives a factor set: it takes no more values; those that it has still count.

        Args:
            factor_set_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.FACTOR_SET_SERVICE_ARCHIVE_FACTOR_SET,
                    readings_v1.ArchiveFactorSetRequest(
                        factor_set_id=factor_set_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).factor_set,
            "factor_set",
        )

    async def give_factor_values(
        self,
        factor_set_id: str,
        values: Sequence[readings_v1.NewFactorValue],
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Gives values: new ones, and corrections of those before. All or none are stored.

        Args:
            factor_set_id: To which factor set.
            values: The values; of two for one time the later one in this list counts.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.FACTOR_SET_SERVICE_GIVE_FACTOR_VALUES,
                readings_v1.GiveFactorValuesRequest(
                    factor_set_id=factor_set_id, values=list(values), request_id=request_id
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).stored

    def list_factor_values(
        self,
        factor_set_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.FactorValue]:
        """What holds when, in order of time, now or as of a time.

        Args:
            factor_set_id: Of which factor set.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            start_time: Only values that hold at this time or later.
            end_time: Only values that hold before this.
            as_of: As it was known then; absent: as it is known now.
        """
        return AsyncPages(
            self._transport,
            methods.FACTOR_SET_SERVICE_LIST_FACTOR_VALUES,
            readings_v1.ListFactorValuesRequest(
                factor_set_id=factor_set_id,
                page_size=page_size,
                page_token=page_token,
                start_time=start_time,
                end_time=end_time,
                as_of=as_of,
            ),
            lambda page: page.values,
            rpc_timeout,
            rpc_metadata,
        )

    def list_factor_value_versions(
        self,
        factor_set_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.FactorValue]:
        """Every value that was ever given, newest first.

        Args:
            factor_set_id: Of which factor set.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            start_time: Only values that hold at this time or later.
            end_time: Only values that hold before this.
        """
        return AsyncPages(
            self._transport,
            methods.FACTOR_SET_SERVICE_LIST_FACTOR_VALUE_VERSIONS,
            readings_v1.ListFactorValueVersionsRequest(
                factor_set_id=factor_set_id,
                page_size=page_size,
                page_token=page_token,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.values,
            rpc_timeout,
            rpc_metadata,
        )


class FrameService:
    """Frames that no codec could read. Mend the codec, then replay them: their readings come in
    with the time of the frame.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def store_frames(
        self,
        *,
        frames: Sequence[readings_v1.Frame] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Keeps frames, or updates those with the same key. For adapters.

        Args:
            frames: The frames.
        """
        return (
            self._transport.unary(
                methods.FRAME_SERVICE_STORE_FRAMES,
                readings_v1.StoreFramesRequest(frames=list(frames)),
                rpc_timeout,
                rpc_metadata,
            )
        ).created

    def report_replay(
        self,
        *,
        outcomes: Sequence[readings_v1.ReplayOutcome] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Tells what became of replayed frames. For adapters.

        Args:
            outcomes: One for each frame.
        """
        self._transport.unary(
            methods.FRAME_SERVICE_REPORT_REPLAY,
            readings_v1.ReportReplayRequest(outcomes=list(outcomes)),
            rpc_timeout,
            rpc_metadata,
        )

    def get_frame(
        self,
        frame_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.Frame:
        """One frame.

        Args:
            frame_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.FRAME_SERVICE_GET_FRAME,
                    readings_v1.GetFrameRequest(frame_id=frame_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).frame,
            "frame",
        )

    def list_frames(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        dev_eui: str = "",
        state: readings_v1.FrameState = readings_v1.FrameState(0),
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Frame]:
        """Kept frames, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            dev_eui: Only those of this device.
            state: Only those in this state.
            reason: Only those with this reason.
        """
        return Pages(
            self._transport,
            methods.FRAME_SERVICE_LIST_FRAMES,
            readings_v1.ListFramesRequest(
                page_size=page_size, page_token=page_token, dev_eui=dev_eui, state=state, reason=reason
            ),
            lambda page: page.frames,
            rpc_timeout,
            rpc_metadata,
        )

    def replay_frames(
        self,
        *,
        frame_ids: Sequence[str] = (),
        dev_eui: str = "",
        device_model_id: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Sends frames through their adapter again, at most 10,000 in a call, oldest first; repeat
        the call for more. Without ids it takes what is unreadable, and what was being replayed
        for five minutes.

        Args:
            frame_ids: These frames.
            dev_eui: All unreadable frames of this device.
            device_model_id: All unreadable frames of meters of this model.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.FRAME_SERVICE_REPLAY_FRAMES,
                readings_v1.ReplayFramesRequest(
                    frame_ids=list(frame_ids),
                    dev_eui=dev_eui,
                    device_model_id=device_model_id,
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).frames


class AsyncFrameService:
    """Frames that no codec could read. Mend the codec, then replay them: their readings come in
    with the time of the frame.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def store_frames(
        self,
        *,
        frames: Sequence[readings_v1.Frame] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Keeps frames, or updates those with the same key. For adapters.

        Args:
            frames: The frames.
        """
        return (
            await self._transport.unary(
                methods.FRAME_SERVICE_STORE_FRAMES,
                readings_v1.StoreFramesRequest(frames=list(frames)),
                rpc_timeout,
                rpc_metadata,
            )
        ).created

    async def report_replay(
        self,
        *,
        outcomes: Sequence[readings_v1.ReplayOutcome] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Tells what became of replayed frames. For adapters.

        Args:
            outcomes: One for each frame.
        """
        await self._transport.unary(
            methods.FRAME_SERVICE_REPORT_REPLAY,
            readings_v1.ReportReplayRequest(outcomes=list(outcomes)),
            rpc_timeout,
            rpc_metadata,
        )

    async def get_frame(
        self,
        frame_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.Frame:
        """One frame.

        Args:
            frame_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.FRAME_SERVICE_GET_FRAME,
                    readings_v1.GetFrameRequest(frame_id=frame_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).frame,
            "frame",
        )

    def list_frames(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        dev_eui: str = "",
        state: readings_v1.FrameState = readings_v1.FrameState(0),
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Frame]:
        """Kept frames, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            dev_eui: Only those of this device.
            state: Only those in this state.
            reason: Only those with this reason.
        """
        return AsyncPages(
            self._transport,
            methods.FRAME_SERVICE_LIST_FRAMES,
            readings_v1.ListFramesRequest(
                page_size=page_size, page_token=page_token, dev_eui=dev_eui, state=state, reason=reason
            ),
            lambda page: page.frames,
            rpc_timeout,
            rpc_metadata,
        )

    async def replay_frames(
        self,
        *,
        frame_ids: Sequence[str] = (),
        dev_eui: str = "",
        device_model_id: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Sends frames through their adapter again, at most 10,000 in a call, oldest first; repeat
        the call for more. Without ids it takes what is unreadable, and what was being replayed
        for five minutes.

        Args:
            frame_ids: These frames.
            dev_eui: All unreadable frames of this device.
            device_model_id: All unreadable frames of meters of this model.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.FRAME_SERVICE_REPLAY_FRAMES,
                readings_v1.ReplayFramesRequest(
                    frame_ids=list(frame_ids),
                    dev_eui=dev_eui,
                    device_model_id=device_model_id,
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).frames


class IngestService:
    """Takes readings in bulk, from adapters and from other systems.

    1. Open one stream and send blocks, some hundreds to some ten thousand rows each.

    2. The server answers every block with one acknowledgement, after its rows are stored, not
       necessarily in the order sent. Until then keep the block.

    3. After a broken stream open another and send again what was not acknowledged: what had
       been stored is recognised by (source, sequence) and not stored again.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ingest_readings(
        self,
        requests: Iterator[readings_v1.IngestReadingsRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Iterator[readings_v1.IngestReadingsResponse]:
        """Takes blocks of readings and acknowledges each after it is stored. Flow control is the
        stream's own.
        """
        return self._transport.stream_stream(
            methods.INGEST_SERVICE_INGEST_READINGS, requests, rpc_timeout, rpc_metadata
        )


class AsyncIngestService:
    """Takes readings in bulk, from adapters and from other systems.

    1. Open one stream and send blocks, some hundreds to some ten thousand rows each.

    2. The server answers every block with one acknowledgement, after its rows are stored, not
       necessarily in the order sent. Until then keep the block.

    3. After a broken stream open another and send again what was not acknowledged: what had
       been stored is recognised by (source, sequence) and not stored again.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def ingest_readings(
        self,
        requests: AsyncIterator[readings_v1.IngestReadingsRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncIterator[readings_v1.IngestReadingsResponse]:
        """Takes blocks of readings and acknowledges each after it is stored. Flow control is the
        stream's own.
        """
        return self._transport.stream_stream(
            methods.INGEST_SERVICE_INGEST_READINGS, requests, rpc_timeout, rpc_metadata
        )


class ReadingEditService:
    """Editing of final values.

    1. `EditReadings` with `validate_only` shows what would be: every value before and after. 2.
       Without it the values become final, as a new version; whoever used the old ones is told
       by `data.usage_corrected`. 3. Where the tenant wants four eyes (`UpdateEditSettings`),
       the edit waits for `ApproveEdit` or `RejectEdit` of another person. 4. `RevertEdit` takes
       an edit back: the values are again what they had been, and validation runs over the days
       once more.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def edit_readings(
        self,
        reason_code: str,
        *,
        set: readings_v1.SetValues | None = None,
        scale: readings_v1.ScaleToTotal | None = None,
        copy_day: readings_v1.CopyDay | None = None,
        verify: readings_v1.VerifyValues | None = None,
        estimate: readings_v1.EstimateValues | None = None,
        note: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Sets, scales, copies, verifies or estimates values.

        Args:
            set: Set values.
            scale: Scale to a total.
            copy_day: Copy a day.
            verify: Declare to be right.
            estimate: Estimate anew.
            reason_code: Why, as a code of the tenant's own: `METER_FAULT`.
            note: Why, in words.
            validate_only: Whether to show what would be and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_EDIT_READINGS,
                    readings_v1.EditReadingsRequest(
                        set=set,
                        scale=scale,
                        copy_day=copy_day,
                        verify=verify,
                        estimate=estimate,
                        reason_code=reason_code,
                        note=note,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def estimate_readings(
        self,
        estimate: readings_v1.EstimateValues,
        reason_code: str,
        *,
        note: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Estimates values by a method of one's own choice: `EditReadings` with `estimate`.

        Args:
            estimate: What to estimate, and how.
            reason_code: Why, as a code of the tenant's own.
            note: Why, in words.
            validate_only: Whether to show what would be and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_ESTIMATE_READINGS,
                    readings_v1.EstimateReadingsRequest(
                        estimate=estimate,
                        reason_code=reason_code,
                        note=note,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def revert_edit(
        self,
        edit_id: str,
        *,
        reason_code: str = "",
        note: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Takes an applied edit back, as an edit of its own. Values that were edited again since
        then stay.

        Args:
            edit_id: Which one; it must be APPLIED.
            reason_code: Why, as a code of the tenant's own; empty: that of the edit.
            note: Why, in words.
            validate_only: Whether to show what would be and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_REVERT_EDIT,
                    readings_v1.RevertEditRequest(
                        edit_id=edit_id,
                        reason_code=reason_code,
                        note=note,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def approve_edit(
        self,
        edit_id: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Applies an edit that waits. Only somebody else than its author can.

        Args:
            edit_id: Which one; it must be PENDING_APPROVAL.
            note: What is to be said with it.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_APPROVE_EDIT,
                    readings_v1.ApproveEditRequest(edit_id=edit_id, note=note, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def reject_edit(
        self,
        edit_id: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Ends an edit that waits without applying it.

        Args:
            edit_id: Which one; it must be PENDING_APPROVAL.
            note: Why.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_REJECT_EDIT,
                    readings_v1.RejectEditRequest(edit_id=edit_id, note=note, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def get_edit(
        self,
        edit_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """One edit with its values before and after.

        Args:
            edit_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_GET_EDIT,
                    readings_v1.GetEditRequest(edit_id=edit_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def list_edits(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        state: readings_v1.ReadingEditState = readings_v1.ReadingEditState(0),
        series: int = 0,
        usage_point_id: str = "",
        author: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.ReadingEdit]:
        """Edits, newest first, without their values.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            state: Only those in this state.
            series: Only those of this series.
            usage_point_id: Only those of this usage point.
            author: Only those of this author.
            start_time: Only those with values from here on.
            end_time: Only those with values before this.
        """
        return Pages(
            self._transport,
            methods.READING_EDIT_SERVICE_LIST_EDITS,
            readings_v1.ListEditsRequest(
                page_size=page_size,
                page_token=page_token,
                state=state,
                series=series,
                usage_point_id=usage_point_id,
                author=author,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.edits,
            rpc_timeout,
            rpc_metadata,
        )

    def get_edit_settings(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.EditSettings:
        """What the tenant wants of edits."""
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_GET_EDIT_SETTINGS,
                    readings_v1.GetEditSettingsRequest(),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).settings,
            "settings",
        )

    def update_edit_settings(
        self,
        settings: readings_v1.EditSettings,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.EditSettings:
        """Changes what the tenant wants of edits. Edits that wait go on waiting.

        Args:
            settings: All of them, as they shall be.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EDIT_SERVICE_UPDATE_EDIT_SETTINGS,
                    readings_v1.UpdateEditSettingsRequest(settings=settings, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).settings,
            "settings",
        )


class AsyncReadingEditService:
    """Editing of final values.

    1. `EditReadings` with `validate_only` shows what would be: every value before and after. 2.
       Without it the values become final, as a new version; whoever used the old ones is told
       by `data.usage_corrected`. 3. Where the tenant wants four eyes (`UpdateEditSettings`),
       the edit waits for `ApproveEdit` or `RejectEdit` of another person. 4. `RevertEdit` takes
       an edit back: the values are again what they had been, and validation runs over the days
       once more.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def edit_readings(
        self,
        reason_code: str,
        *,
        set: readings_v1.SetValues | None = None,
        scale: readings_v1.ScaleToTotal | None = None,
        copy_day: readings_v1.CopyDay | None = None,
        verify: readings_v1.VerifyValues | None = None,
        estimate: readings_v1.EstimateValues | None = None,
        note: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Sets, scales, copies, verifies or estimates values.

        Args:
            set: Set values.
            scale: Scale to a total.
            copy_day: Copy a day.
            verify: Declare to be right.
            estimate: Estimate anew.
            reason_code: Why, as a code of the tenant's own: `METER_FAULT`.
            note: Why, in words.
            validate_only: Whether to show what would be and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_EDIT_READINGS,
                    readings_v1.EditReadingsRequest(
                        set=set,
                        scale=scale,
                        copy_day=copy_day,
                        verify=verify,
                        estimate=estimate,
                        reason_code=reason_code,
                        note=note,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    async def estimate_readings(
        self,
        estimate: readings_v1.EstimateValues,
        reason_code: str,
        *,
        note: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Estimates values by a method of one's own choice: `EditReadings` with `estimate`.

        Args:
            estimate: What to estimate, and how.
            reason_code: Why, as a code of the tenant's own.
            note: Why, in words.
            validate_only: Whether to show what would be and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_ESTIMATE_READINGS,
                    readings_v1.EstimateReadingsRequest(
                        estimate=estimate,
                        reason_code=reason_code,
                        note=note,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    async def revert_edit(
        self,
        edit_id: str,
        *,
        reason_code: str = "",
        note: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Takes an applied edit back, as an edit of its own. Values that were edited again since
        then stay.

        Args:
            edit_id: Which one; it must be APPLIED.
            reason_code: Why, as a code of the tenant's own; empty: that of the edit.
            note: Why, in words.
            validate_only: Whether to show what would be and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_REVERT_EDIT,
                    readings_v1.RevertEditRequest(
                        edit_id=edit_id,
                        reason_code=reason_code,
                        note=note,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    async def approve_edit(
        self,
        edit_id: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Applies an edit that waits. Only somebody else than its author can.

        Args:
            edit_id: Which one; it must be PENDING_APPROVAL.
            note: What is to be said with it.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_APPROVE_EDIT,
                    readings_v1.ApproveEditRequest(edit_id=edit_id, note=note, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    async def reject_edit(
        self,
        edit_id: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """Ends an edit that waits without applying it.

        Args:
            edit_id: Which one; it must be PENDING_APPROVAL.
            note: Why.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_REJECT_EDIT,
                    readings_v1.RejectEditRequest(edit_id=edit_id, note=note, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    async def get_edit(
        self,
        edit_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingEdit:
        """One edit with its values before and after.

        Args:
            edit_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_GET_EDIT,
                    readings_v1.GetEditRequest(edit_id=edit_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).edit,
            "edit",
        )

    def list_edits(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        state: readings_v1.ReadingEditState = readings_v1.ReadingEditState(0),
        series: int = 0,
        usage_point_id: str = "",
        author: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.ReadingEdit]:
        """Edits, newest first, without their values.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            state: Only those in this state.
            series: Only those of this series.
            usage_point_id: Only those of this usage point.
            author: Only those of this author.
            start_time: Only those with values from here on.
            end_time: Only those with values before this.
        """
        return AsyncPages(
            self._transport,
            methods.READING_EDIT_SERVICE_LIST_EDITS,
            readings_v1.ListEditsRequest(
                page_size=page_size,
                page_token=page_token,
                state=state,
                series=series,
                usage_point_id=usage_point_id,
                author=author,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.edits,
            rpc_timeout,
            rpc_metadata,
        )

    async def get_edit_settings(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.EditSettings:
        """What the tenant wants of edits."""
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_GET_EDIT_SETTINGS,
                    readings_v1.GetEditSettingsRequest(),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).settings,
            "settings",
        )

    async def update_edit_settings(
        self,
        settings: readings_v1.EditSettings,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.EditSettings:
        """Changes what the tenant wants of edits. Edits that wait go on waiting.

        Args:
            settings: All of them, as they shall be.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EDIT_SERVICE_UPDATE_EDIT_SETTINGS,
                    readings_v1.UpdateEditSettingsRequest(settings=settings, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).settings,
            "settings",
        )


class ReadingExportService:
    """Final readings out, as files.

    1. Ask for a file with `CreateReadingExport`.

    2. Watch it with `WatchReadingExport`, or poll `GetReadingExport`.

    3. Get it with `DownloadReadingExport`, from any byte on, or with `GetReadingExportFile`
       over HTTP.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_reading_export(
        self,
        reading_export: readings_v1.ReadingExport,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingExport:
        """Asks for a file.

        Args:
            reading_export: What it is to hold.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EXPORT_SERVICE_CREATE_READING_EXPORT,
                    readings_v1.CreateReadingExportRequest(
                        reading_export=reading_export, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reading_export,
            "reading_export",
        )

    def get_reading_export(
        self,
        reading_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingExport:
        """One export.

        Args:
            reading_export_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.READING_EXPORT_SERVICE_GET_READING_EXPORT,
                    readings_v1.GetReadingExportRequest(reading_export_id=reading_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reading_export,
            "reading_export",
        )

    def list_reading_exports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.ReadingExport]:
        """The tenant's exports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.READING_EXPORT_SERVICE_LIST_READING_EXPORTS,
            readings_v1.ListReadingExportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.reading_exports,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_reading_export(
        self,
        reading_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.ReadingExport]:
        """The export now, and again at each step until it is over.

        Args:
            reading_export_id: Which one.
        """
        return Stream(
            self._transport,
            methods.READING_EXPORT_SERVICE_WATCH_READING_EXPORT,
            readings_v1.WatchReadingExportRequest(reading_export_id=reading_export_id),
            lambda said: [present(said.reading_export, "reading_export")],
            rpc_timeout,
            rpc_metadata,
        )

    def cancel_reading_export(
        self,
        reading_export_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingExport:
        """Ends an export that is not over; one that is stays as it is.

        Args:
            reading_export_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.READING_EXPORT_SERVICE_CANCEL_READING_EXPORT,
                    readings_v1.CancelReadingExportRequest(
                        reading_export_id=reading_export_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reading_export,
            "reading_export",
        )

    def download_reading_export(
        self,
        reading_export_id: str,
        *,
        offset: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.DownloadReadingExportResponse]:
        """The file of an export that is done, piece by piece.

        Args:
            reading_export_id: Which one.
            offset: Bytes that the caller has already.
        """
        return Stream(
            self._transport,
            methods.READING_EXPORT_SERVICE_DOWNLOAD_READING_EXPORT,
            readings_v1.DownloadReadingExportRequest(reading_export_id=reading_export_id, offset=offset),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    def get_reading_export_file(
        self,
        reading_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> google_api.HttpBody:
        """The file of an export that is done, in one piece of up to 64 MiB.

        Args:
            reading_export_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.READING_EXPORT_SERVICE_GET_READING_EXPORT_FILE,
                    readings_v1.GetReadingExportFileRequest(reading_export_id=reading_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).document,
            "document",
        )


class AsyncReadingExportService:
    """Final readings out, as files.

    1. Ask for a file with `CreateReadingExport`.

    2. Watch it with `WatchReadingExport`, or poll `GetReadingExport`.

    3. Get it with `DownloadReadingExport`, from any byte on, or with `GetReadingExportFile`
       over HTTP.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_reading_export(
        self,
        reading_export: readings_v1.ReadingExport,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingExport:
        """Asks for a file.

        Args:
            reading_export: What it is to hold.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EXPORT_SERVICE_CREATE_READING_EXPORT,
                    readings_v1.CreateReadingExportRequest(
                        reading_export=reading_export, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reading_export,
            "reading_export",
        )

    async def get_reading_export(
        self,
        reading_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingExport:
        """One export.

        Args:
            reading_export_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.READING_EXPORT_SERVICE_GET_READING_EXPORT,
                    readings_v1.GetReadingExportRequest(reading_export_id=reading_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reading_export,
            "reading_export",
        )

    def list_reading_exports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.ReadingExport]:
        """The tenant's exports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.READING_EXPORT_SERVICE_LIST_READING_EXPORTS,
            readings_v1.ListReadingExportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.reading_exports,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_reading_export(
        self,
        reading_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.ReadingExport]:
        """The export now, and again at each step until it is over.

        Args:
            reading_export_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.READING_EXPORT_SERVICE_WATCH_READING_EXPORT,
            readings_v1.WatchReadingExportRequest(reading_export_id=reading_export_id),
            lambda said: [present(said.reading_export, "reading_export")],
            rpc_timeout,
            rpc_metadata,
        )

    async def cancel_reading_export(
        self,
        reading_export_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ReadingExport:
        """Ends an export that is not over; one that is stays as it is.

        Args:
            reading_export_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.READING_EXPORT_SERVICE_CANCEL_READING_EXPORT,
                    readings_v1.CancelReadingExportRequest(
                        reading_export_id=reading_export_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).reading_export,
            "reading_export",
        )

    def download_reading_export(
        self,
        reading_export_id: str,
        *,
        offset: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.DownloadReadingExportResponse]:
        """The file of an export that is done, piece by piece.

        Args:
            reading_export_id: Which one.
            offset: Bytes that the caller has already.
        """
        return AsyncStream(
            self._transport,
            methods.READING_EXPORT_SERVICE_DOWNLOAD_READING_EXPORT,
            readings_v1.DownloadReadingExportRequest(reading_export_id=reading_export_id, offset=offset),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    async def get_reading_export_file(
        self,
        reading_export_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> google_api.HttpBody:
        """The file of an export that is done, in one piece of up to 64 MiB.

        Args:
            reading_export_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.READING_EXPORT_SERVICE_GET_READING_EXPORT_FILE,
                    readings_v1.GetReadingExportFileRequest(reading_export_id=reading_export_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).document,
            "document",
        )


class ReadingService:
    """Reads what meters gave and what validation made of it, and takes readings of those who have
    few.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_readings(
        self,
        *,
        readings: Sequence[readings_v1.NewReading] = (),
        source: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.CreateReadingsResponse:
        """Stores some readings, for callers without a stream. All good rows are stored, even
        beside bad ones.

        Args:
            readings: The rows.
            source: Who sends, as in `ReadingBlock`; empty: the caller's principal.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.READING_SERVICE_CREATE_READINGS,
            readings_v1.CreateReadingsRequest(readings=list(readings), source=source, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def query_readings(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        channels: Sequence[int] = (),
        meter_id: str = "",
        usage_point_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Reading]:
        """Values as meters gave them, in order of channel and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            channels: Channel numbers.
            meter_id: All channels of this meter.
            usage_point_id: All channels of the meters that this usage point has had.
            start_time: From when on.
            end_time: Until before when.
        """
        return Pages(
            self._transport,
            methods.READING_SERVICE_QUERY_READINGS,
            readings_v1.QueryReadingsRequest(
                page_size=page_size,
                page_token=page_token,
                channels=list(channels),
                meter_id=meter_id,
                usage_point_id=usage_point_id,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.readings,
            rpc_timeout,
            rpc_metadata,
        )

    def query_intervals(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        version: readings_v1.ReadingVersion = readings_v1.ReadingVersion(0),
        max_points: int = 0,
        states: Sequence[readings_v1.ReadingState] = (),
        except_states: Sequence[readings_v1.ReadingState] = (),
        quality_any: int = 0,
        quality_none: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.IntervalReading]:
        """Values of usage points after validation and estimation, in order of series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 10000 is taken as 10000: a year of
                hours is a page.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            quantity: Only series of this quantity.
            start_time: From when on.
            end_time: Until before when.
            resolution: Span of one value.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
            version: Which version; AS_OF needs `as_of`, the others refuse it.
            max_points: At most so many values of each series, for plots: neighbouring values
                are made one, equally many each. A value is the sum of what it covers, so that
                the sum of the answer is that of the period; `minimum` and `maximum` keep the
                peaks. Needs `start_time` and `end_time`. 0: no bound.
            states: Only intervals in these states; none: all. Aggregates are made of what is
                left, and count what is not.
            except_states: No intervals in these states.
            quality_any: Only intervals with one of these bits of `ReadingQuality`; 0: any.
            quality_none: No intervals with one of these bits of `ReadingQuality`.
        """
        return Pages(
            self._transport,
            methods.READING_SERVICE_QUERY_INTERVALS,
            readings_v1.QueryIntervalsRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                time_zone=time_zone,
                as_of=as_of,
                version=version,
                max_points=max_points,
                states=list(states),
                except_states=list(except_states),
                quality_any=quality_any,
                quality_none=quality_none,
            ),
            lambda page: page.intervals,
            rpc_timeout,
            rpc_metadata,
        )

    def get_bill_ready_usage(
        self,
        usage_point_id: str,
        *,
        month: str = "",
        first_day: str = "",
        end_day: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        version: readings_v1.ReadingVersion = readings_v1.ReadingVersion(0),
        as_of: datetime.datetime | None = None,
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetBillReadyUsageResponse:
        """All that a bill of one usage point needs, in one call: sums of a calendar month or of
        other whole local days with their quality, day by day, and the registers at both ends.

        Args:
            usage_point_id: The usage point.
            month: A calendar month, for example `2025-03`.
            first_day: First local day, for example `2025-03-15`.
            end_day: First local day after the period; at most 400 days later.
            quantities: Only these quantities; none: all that the usage point has.
            version: Which version; AS_OF needs `as_of`, the others refuse it. BILLED is refused
                unless all days have been billed.
            as_of: As it was known then.
            time_zone: Zone of the days, an IANA name; empty: the usage point's.
        """
        return self._transport.unary(
            methods.READING_SERVICE_GET_BILL_READY_USAGE,
            readings_v1.GetBillReadyUsageRequest(
                usage_point_id=usage_point_id,
                month=month,
                first_day=first_day,
                end_day=end_day,
                quantities=list(quantities),
                version=version,
                as_of=as_of,
                time_zone=time_zone,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def get_latest_readings(
        self,
        *,
        meter_id: str | None = None,
        usage_point_id: str | None = None,
        node_id: str | None = None,
        meters: readings_v1.MeterIds | None = None,
        usage_points: readings_v1.UsagePointIds | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Reading]:
        """The newest value of each channel of meters, of usage points' present meters, or of all
        that is below a node.

        Args:
            meter_id: A meter's.
            usage_point_id: A usage point's.
            node_id: Of all usage points at or below this node of either tree now.
            meters: Of these meters; unknown ones are left out.
            usage_points: Of these usage points; unknown ones are left out.
            quantities: Only these quantities; none: all.
            page_size: Rows a page; 0 means 1000, and so does more.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.READING_SERVICE_GET_LATEST_READINGS,
            readings_v1.GetLatestReadingsRequest(
                meter_id=meter_id,
                usage_point_id=usage_point_id,
                node_id=node_id,
                meters=meters,
                usage_points=usage_points,
                quantities=list(quantities),
                page_size=page_size,
                page_token=page_token,
            ),
            lambda page: page.readings,
            rpc_timeout,
            rpc_metadata,
        )

    def subscribe_readings(
        self,
        *,
        channels: Sequence[int] = (),
        meter_ids: Sequence[str] = (),
        usage_point_ids: Sequence[str] = (),
        series: Sequence[int] = (),
        node_id: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        stage: readings_v1.LiveStage = readings_v1.LiveStage(0),
        resume_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.SubscribeReadingsResponse]:
        """Readings as they are stored, and by choice as they become final: from a token on, then
        live, in columns. The first message comes at once; heartbeats every 15 seconds at most
        carry the newest token. Keep the newest token with what you did about the message, and
        begin there after a break: nothing is missing and nothing comes twice. A slow subscriber
        is waited for and loses nothing.

        Args:
            channels: Channel numbers; for RAW.
            meter_ids: All channels of these meters; for RAW.
            usage_point_ids: What is measured at these usage points.
            series: What feeds these series, and the series.
            node_id: What is measured at or below this node of either tree, as the tree is now.
            quantities: Only these quantities; none: all.
            stage: Which readings.
            resume_token: Where to begin: a token of the same request; empty: with the next to
                come.
        """
        return Stream(
            self._transport,
            methods.READING_SERVICE_SUBSCRIBE_READINGS,
            readings_v1.SubscribeReadingsRequest(
                channels=list(channels),
                meter_ids=list(meter_ids),
                usage_point_ids=list(usage_point_ids),
                series=list(series),
                node_id=node_id,
                quantities=list(quantities),
                stage=stage,
                resume_token=resume_token,
            ),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    def list_reading_versions(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.IntervalReading]:
        """Every version that one interval has had, oldest first.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return (
            self._transport.unary(
                methods.READING_SERVICE_LIST_READING_VERSIONS,
                readings_v1.ListReadingVersionsRequest(series=series, time=time),
                rpc_timeout,
                rpc_metadata,
            )
        ).versions


class AsyncReadingService:
    """Reads what meters gave and what validation made of it, and takes readings of those who have
    few.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_readings(
        self,
        *,
        readings: Sequence[readings_v1.NewReading] = (),
        source: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.CreateReadingsResponse:
        """Stores some readings, for callers without a stream. All good rows are stored, even
        beside bad ones.

        Args:
            readings: The rows.
            source: Who sends, as in `ReadingBlock`; empty: the caller's principal.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.READING_SERVICE_CREATE_READINGS,
            readings_v1.CreateReadingsRequest(readings=list(readings), source=source, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def query_readings(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        channels: Sequence[int] = (),
        meter_id: str = "",
        usage_point_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Reading]:
        """Values as meters gave them, in order of channel and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            channels: Channel numbers.
            meter_id: All channels of this meter.
            usage_point_id: All channels of the meters that this usage point has had.
            start_time: From when on.
            end_time: Until before when.
        """
        return AsyncPages(
            self._transport,
            methods.READING_SERVICE_QUERY_READINGS,
            readings_v1.QueryReadingsRequest(
                page_size=page_size,
                page_token=page_token,
                channels=list(channels),
                meter_id=meter_id,
                usage_point_id=usage_point_id,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.readings,
            rpc_timeout,
            rpc_metadata,
        )

    def query_intervals(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        version: readings_v1.ReadingVersion = readings_v1.ReadingVersion(0),
        max_points: int = 0,
        states: Sequence[readings_v1.ReadingState] = (),
        except_states: Sequence[readings_v1.ReadingState] = (),
        quality_any: int = 0,
        quality_none: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.IntervalReading]:
        """Values of usage points after validation and estimation, in order of series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 10000 is taken as 10000: a year of
                hours is a page.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            quantity: Only series of this quantity.
            start_time: From when on.
            end_time: Until before when.
            resolution: Span of one value.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
            version: Which version; AS_OF needs `as_of`, the others refuse it.
            max_points: At most so many values of each series, for plots: neighbouring values
                are made one, equally many each. A value is the sum of what it covers, so that
                the sum of the answer is that of the period; `minimum` and `maximum` keep the
                peaks. Needs `start_time` and `end_time`. 0: no bound.
            states: Only intervals in these states; none: all. Aggregates are made of what is
                left, and count what is not.
            except_states: No intervals in these states.
            quality_any: Only intervals with one of these bits of `ReadingQuality`; 0: any.
            quality_none: No intervals with one of these bits of `ReadingQuality`.
        """
        return AsyncPages(
            self._transport,
            methods.READING_SERVICE_QUERY_INTERVALS,
            readings_v1.QueryIntervalsRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                time_zone=time_zone,
                as_of=as_of,
                version=version,
                max_points=max_points,
                states=list(states),
                except_states=list(except_states),
                quality_any=quality_any,
                quality_none=quality_none,
            ),
            lambda page: page.intervals,
            rpc_timeout,
            rpc_metadata,
        )

    async def get_bill_ready_usage(
        self,
        usage_point_id: str,
        *,
        month: str = "",
        first_day: str = "",
        end_day: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        version: readings_v1.ReadingVersion = readings_v1.ReadingVersion(0),
        as_of: datetime.datetime | None = None,
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetBillReadyUsageResponse:
        """All that a bill of one usage point needs, in one call: sums of a calendar month or of
        other whole local days with their quality, day by day, and the registers at both ends.

        Args:
            usage_point_id: The usage point.
            month: A calendar month, for example `2025-03`.
            first_day: First local day, for example `2025-03-15`.
            end_day: First local day after the period; at most 400 days later.
            quantities: Only these quantities; none: all that the usage point has.
            version: Which version; AS_OF needs `as_of`, the others refuse it. BILLED is refused
                unless all days have been billed.
            as_of: As it was known then.
            time_zone: Zone of the days, an IANA name; empty: the usage point's.
        """
        return await self._transport.unary(
            methods.READING_SERVICE_GET_BILL_READY_USAGE,
            readings_v1.GetBillReadyUsageRequest(
                usage_point_id=usage_point_id,
                month=month,
                first_day=first_day,
                end_day=end_day,
                quantities=list(quantities),
                version=version,
                as_of=as_of,
                time_zone=time_zone,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def get_latest_readings(
        self,
        *,
        meter_id: str | None = None,
        usage_point_id: str | None = None,
        node_id: str | None = None,
        meters: readings_v1.MeterIds | None = None,
        usage_points: readings_v1.UsagePointIds | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Reading]:
        """The newest value of each channel of meters, of usage points' present meters, or of all
        that is below a node.

        Args:
            meter_id: A meter's.
            usage_point_id: A usage point's.
            node_id: Of all usage points at or below this node of either tree now.
            meters: Of these meters; unknown ones are left out.
            usage_points: Of these usage points; unknown ones are left out.
            quantities: Only these quantities; none: all.
            page_size: Rows a page; 0 means 1000, and so does more.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.READING_SERVICE_GET_LATEST_READINGS,
            readings_v1.GetLatestReadingsRequest(
                meter_id=meter_id,
                usage_point_id=usage_point_id,
                node_id=node_id,
                meters=meters,
                usage_points=usage_points,
                quantities=list(quantities),
                page_size=page_size,
                page_token=page_token,
            ),
            lambda page: page.readings,
            rpc_timeout,
            rpc_metadata,
        )

    def subscribe_readings(
        self,
        *,
        channels: Sequence[int] = (),
        meter_ids: Sequence[str] = (),
        usage_point_ids: Sequence[str] = (),
        series: Sequence[int] = (),
        node_id: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        stage: readings_v1.LiveStage = readings_v1.LiveStage(0),
        resume_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.SubscribeReadingsResponse]:
        """Readings as they are stored, and by choice as they become final: from a token on, then
        live, in columns. The first message comes at once; heartbeats every 15 seconds at most
        carry the newest token. Keep the newest token with what you did about the message, and
        begin there after a break: nothing is missing and nothing comes twice. A slow subscriber
        is waited for and loses nothing.

        Args:
            channels: Channel numbers; for RAW.
            meter_ids: All channels of these meters; for RAW.
            usage_point_ids: What is measured at these usage points.
            series: What feeds these series, and the series.
            node_id: What is measured at or below this node of either tree, as the tree is now.
            quantities: Only these quantities; none: all.
            stage: Which readings.
            resume_token: Where to begin: a token of the same request; empty: with the next to
                come.
        """
        return AsyncStream(
            self._transport,
            methods.READING_SERVICE_SUBSCRIBE_READINGS,
            readings_v1.SubscribeReadingsRequest(
                channels=list(channels),
                meter_ids=list(meter_ids),
                usage_point_ids=list(usage_point_ids),
                series=list(series),
                node_id=node_id,
                quantities=list(quantities),
                stage=stage,
                resume_token=resume_token,
            ),
            lambda said: [said],
            rpc_timeout,
            rpc_metadata,
        )

    async def list_reading_versions(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.IntervalReading]:
        """Every version that one interval has had, oldest first.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return (
            await self._transport.unary(
                methods.READING_SERVICE_LIST_READING_VERSIONS,
                readings_v1.ListReadingVersionsRequest(series=series, time=time),
                rpc_timeout,
                rpc_metadata,
            )
        ).versions


class RetentionService:
    """How long readings are kept, and what must not be deleted. A worker enforces the policies
    once a day; everything that it deletes is in the history of the tenant.

    1. `SetRetentionPolicy` says for how long; `PreviewRetention` says what would go.

    2. A run deletes it, by the schedule or by `StartRetentionRun`.

    3. `CreateLegalHold` keeps what is needed for longer: from its answer on, no row under it is
       deleted.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def set_retention_policy(
        self,
        retention_policy: readings_v1.RetentionPolicy,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionPolicy:
        """Sets how long data of one class and commodity are kept.

        Args:
            retention_policy: The policy.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_SET_RETENTION_POLICY,
                    readings_v1.SetRetentionPolicyRequest(
                        retention_policy=retention_policy, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_policy,
            "retention_policy",
        )

    def list_retention_policies(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionPolicy]:
        """All policies of the tenant."""
        return (
            self._transport.unary(
                methods.RETENTION_SERVICE_LIST_RETENTION_POLICIES,
                readings_v1.ListRetentionPoliciesRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).retention_policies

    def delete_retention_policy(
        self,
        *,
        data_class: readings_v1.DataClass = readings_v1.DataClass(0),
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Takes a policy away: what it was about falls to the one of all commodities, or is kept
        for ever.

        Args:
            data_class: Its class.
            commodity: Its commodity; unspecified: the one of all others.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        self._transport.unary(
            methods.RETENTION_SERVICE_DELETE_RETENTION_POLICY,
            readings_v1.DeleteRetentionPolicyRequest(
                data_class=data_class, commodity=commodity, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def create_legal_hold(
        self,
        legal_hold: readings_v1.LegalHold,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Orders that something is kept. Waits for the deletion that is under way, if any.

        Args:
            legal_hold: The hold.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_CREATE_LEGAL_HOLD,
                    readings_v1.CreateLegalHoldRequest(legal_hold=legal_hold, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def get_legal_hold(
        self,
        legal_hold_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """One legal hold.

        Args:
            legal_hold_id: Its id.
        """
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_GET_LEGAL_HOLD,
                    readings_v1.GetLegalHoldRequest(legal_hold_id=legal_hold_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def list_legal_holds(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        active_only: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.LegalHold]:
        """Legal holds, newest first, released ones too.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            active_only: Only those that hold now.
        """
        return Pages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_LEGAL_HOLDS,
            readings_v1.ListLegalHoldsRequest(
                page_size=page_size, page_token=page_token, active_only=active_only
            ),
            lambda page: page.legal_holds,
            rpc_timeout,
            rpc_metadata,
        )

    def release_legal_hold(
        self,
        legal_hold_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Ends a legal hold; what it kept falls to the policies again. A second time changes
        nothing.

        Args:
            legal_hold_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_RELEASE_LEGAL_HOLD,
                    readings_v1.ReleaseLegalHoldRequest(legal_hold_id=legal_hold_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def preview_retention(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionRows]:
        """What the next run would delete, and what legal holds keep of it; nothing is deleted."""
        return (
            self._transport.unary(
                methods.RETENTION_SERVICE_PREVIEW_RETENTION,
                readings_v1.PreviewRetentionRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).tables

    def get_retention_status(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetRetentionStatusResponse:
        """Where retention stands: the last run, the next one, and whether there is a cold volume."""
        return self._transport.unary(
            methods.RETENTION_SERVICE_GET_RETENTION_STATUS,
            readings_v1.GetRetentionStatusRequest(),
            rpc_timeout,
            rpc_metadata,
        )

    def start_retention_run(
        self,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Asks for a run now; one that has not ended is answered instead of a new one.

        Args:
            reason: Why now, for the history.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_START_RETENTION_RUN,
                    readings_v1.StartRetentionRunRequest(reason=reason, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def get_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """One run with its steps.

        Args:
            retention_run_id: Its id.
        """
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_GET_RETENTION_RUN,
                    readings_v1.GetRetentionRunRequest(retention_run_id=retention_run_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def list_retention_runs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.RetentionRun]:
        """Runs, newest first, without their steps.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_RETENTION_RUNS,
            readings_v1.ListRetentionRunsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.retention_runs,
            rpc_timeout,
            rpc_metadata,
        )

    def cancel_retention_run(
        self,
        retention_run_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Ends a run after the step that is under way. What is deleted stays deleted.

        Args:
            retention_run_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_CANCEL_RETENTION_RUN,
                    readings_v1.CancelRetentionRunRequest(
                        retention_run_id=retention_run_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def watch_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.RetentionRun]:
        """The run now, and again whenever it moved on, until it is over.

        Args:
            retention_run_id: Its id.
        """
        return Stream(
            self._transport,
            methods.RETENTION_SERVICE_WATCH_RETENTION_RUN,
            readings_v1.WatchRetentionRunRequest(retention_run_id=retention_run_id),
            lambda said: [present(said.retention_run, "retention_run")],
            rpc_timeout,
            rpc_metadata,
        )


class AsyncRetentionService:
    """How long readings are kept, and what must not be deleted. A worker enforces the policies
    once a day; everything that it deletes is in the history of the tenant.

    1. `SetRetentionPolicy` says for how long; `PreviewRetention` says what would go.

    2. A run deletes it, by the schedule or by `StartRetentionRun`.

    3. `CreateLegalHold` keeps what is needed for longer: from its answer on, no row under it is
       deleted.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def set_retention_policy(
        self,
        retention_policy: readings_v1.RetentionPolicy,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionPolicy:
        """Sets how long data of one class and commodity are kept.

        Args:
            retention_policy: The policy.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_SET_RETENTION_POLICY,
                    readings_v1.SetRetentionPolicyRequest(
                        retention_policy=retention_policy, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_policy,
            "retention_policy",
        )

    async def list_retention_policies(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionPolicy]:
        """All policies of the tenant."""
        return (
            await self._transport.unary(
                methods.RETENTION_SERVICE_LIST_RETENTION_POLICIES,
                readings_v1.ListRetentionPoliciesRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).retention_policies

    async def delete_retention_policy(
        self,
        *,
        data_class: readings_v1.DataClass = readings_v1.DataClass(0),
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Takes a policy away: what it was about falls to the one of all commodities, or is kept
        for ever.

        Args:
            data_class: Its class.
            commodity: Its commodity; unspecified: the one of all others.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        await self._transport.unary(
            methods.RETENTION_SERVICE_DELETE_RETENTION_POLICY,
            readings_v1.DeleteRetentionPolicyRequest(
                data_class=data_class, commodity=commodity, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def create_legal_hold(
        self,
        legal_hold: readings_v1.LegalHold,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Orders that something is kept. Waits for the deletion that is under way, if any.

        Args:
            legal_hold: The hold.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_CREATE_LEGAL_HOLD,
                    readings_v1.CreateLegalHoldRequest(legal_hold=legal_hold, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    async def get_legal_hold(
        self,
        legal_hold_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """One legal hold.

        Args:
            legal_hold_id: Its id.
        """
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_GET_LEGAL_HOLD,
                    readings_v1.GetLegalHoldRequest(legal_hold_id=legal_hold_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def list_legal_holds(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        active_only: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.LegalHold]:
        """Legal holds, newest first, released ones too.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            active_only: Only those that hold now.
        """
        return AsyncPages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_LEGAL_HOLDS,
            readings_v1.ListLegalHoldsRequest(
                page_size=page_size, page_token=page_token, active_only=active_only
            ),
            lambda page: page.legal_holds,
            rpc_timeout,
            rpc_metadata,
        )

    async def release_legal_hold(
        self,
        legal_hold_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Ends a legal hold; what it kept falls to the policies again. A second time changes
        nothing.

        Args:
            legal_hold_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_RELEASE_LEGAL_HOLD,
                    readings_v1.ReleaseLegalHoldRequest(legal_hold_id=legal_hold_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    async def preview_retention(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionRows]:
        """What the next run would delete, and what legal holds keep of it; nothing is deleted."""
        return (
            await self._transport.unary(
                methods.RETENTION_SERVICE_PREVIEW_RETENTION,
                readings_v1.PreviewRetentionRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).tables

    async def get_retention_status(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetRetentionStatusResponse:
        """Where retention stands: the last run, the next one, and whether there is a cold volume."""
        return await self._transport.unary(
            methods.RETENTION_SERVICE_GET_RETENTION_STATUS,
            readings_v1.GetRetentionStatusRequest(),
            rpc_timeout,
            rpc_metadata,
        )

    async def start_retention_run(
        self,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Asks for a run now; one that has not ended is answered instead of a new one.

        Args:
            reason: Why now, for the history.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_START_RETENTION_RUN,
                    readings_v1.StartRetentionRunRequest(reason=reason, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    async def get_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """One run with its steps.

        Args:
            retention_run_id: Its id.
        """
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_GET_RETENTION_RUN,
                    readings_v1.GetRetentionRunRequest(retention_run_id=retention_run_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def list_retention_runs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.RetentionRun]:
        """Runs, newest first, without their steps.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_RETENTION_RUNS,
            readings_v1.ListRetentionRunsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.retention_runs,
            rpc_timeout,
            rpc_metadata,
        )

    async def cancel_retention_run(
        self,
        retention_run_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Ends a run after the step that is under way. What is deleted stays deleted.

        Args:
            retention_run_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_CANCEL_RETENTION_RUN,
                    readings_v1.CancelRetentionRunRequest(
                        retention_run_id=retention_run_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def watch_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.RetentionRun]:
        """The run now, and again whenever it moved on, until it is over.

        Args:
            retention_run_id: Its id.
        """
        return AsyncStream(
            self._transport,
            methods.RETENTION_SERVICE_WATCH_RETENTION_RUN,
            readings_v1.WatchRetentionRunRequest(retention_run_id=retention_run_id),
            lambda said: [present(said.retention_run, "retention_run")],
            rpc_timeout,
            rpc_metadata,
        )


class RuleSetService:
    """Rule sets of validation and estimation. Without any the built-in set holds: the defaults of
    the catalogue.

    1. `GetRuleCatalogue` lists all rules, methods and limits with their parameters. 2.
       `CreateRuleSet` makes a set that names what shall be different. 3. `AssignRuleSet` puts
       it into effect, for a commodity or a single usage point.

    4. `ResolveRuleSet` tells what holds for a series and why. Days that were validated before
       are validated with it when they are run again (`RunVee`), or when something new comes for
       them.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_rule_catalogue(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetRuleCatalogueResponse:
        """Every rule, method of estimation and limit, with parameters, units, defaults and ranges."""
        return self._transport.unary(
            methods.RULE_SET_SERVICE_GET_RULE_CATALOGUE,
            readings_v1.GetRuleCatalogueRequest(),
            rpc_timeout,
            rpc_metadata,
        )

    def create_rule_set(
        self,
        rule_set: readings_v1.RuleSet,
        *,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """Makes a rule set with its first version.

        Args:
            rule_set: The rule set to make.
            effective_from: From when on its first version holds; absent: always.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RULE_SET_SERVICE_CREATE_RULE_SET,
                    readings_v1.CreateRuleSetRequest(
                        rule_set=rule_set,
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    def get_rule_set(
        self,
        rule_set_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """One rule set with its newest version.

        Args:
            rule_set_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.RULE_SET_SERVICE_GET_RULE_SET,
                    readings_v1.GetRuleSetRequest(rule_set_id=rule_set_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    def list_rule_sets(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.RuleSet]:
        """The tenant's rule sets, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.RULE_SET_SERVICE_LIST_RULE_SETS,
            readings_v1.ListRuleSetsRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.rule_sets,
            rpc_timeout,
            rpc_metadata,
        )

    def update_rule_set(
        self,
        rule_set: readings_v1.RuleSet,
        *,
        update_mask: Sequence[str] | None = None,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """Changes a rule set: what it says becomes a new version, the versions before stay as they
        are.

        Args:
            rule_set: The new values; `rule_set_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            effective_from: From when on the new version holds; absent: from now on.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RULE_SET_SERVICE_UPDATE_RULE_SET,
                    readings_v1.UpdateRuleSetRequest(
                        rule_set=rule_set,
                        update_mask=field_mask(update_mask),
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    def archive_rule_set(
        self,
        rule_set_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """Archives a rule set that is not assigned any more: it keeps its versions and takes no
        more changes.

        Args:
            rule_set_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RULE_SET_SERVICE_ARCHIVE_RULE_SET,
                    readings_v1.ArchiveRuleSetRequest(
                        rule_set_id=rule_set_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    def list_rule_set_versions(
        self,
        rule_set_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.RuleSetVersion]:
        """Every version of a rule set, newest first.

        Args:
            rule_set_id: Of which rule set.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            end_time: Only those that begin to hold before this.
        """
        return Pages(
            self._transport,
            methods.RULE_SET_SERVICE_LIST_RULE_SET_VERSIONS,
            readings_v1.ListRuleSetVersionsRequest(
                rule_set_id=rule_set_id, page_size=page_size, page_token=page_token, end_time=end_time
            ),
            lambda page: page.versions,
            rpc_timeout,
            rpc_metadata,
        )

    def assign_rule_set(
        self,
        assignment: readings_v1.RuleSetAssignment,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSetAssignment:
        """Puts a rule set into effect for a target.

        Args:
            assignment: The assignment to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RULE_SET_SERVICE_ASSIGN_RULE_SET,
                    readings_v1.AssignRuleSetRequest(assignment=assignment, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).assignment,
            "assignment",
        )

    def list_rule_set_assignments(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rule_set_id: str = "",
        device_model_id: str = "",
        usage_point_id: str = "",
        effective_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.RuleSetAssignment]:
        """Assignments, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            rule_set_id: Only those of this rule set.
            device_model_id: Only those of this device model.
            usage_point_id: Only those of this usage point.
            effective_time: Only those that are in effect at this time.
        """
        return Pages(
            self._transport,
            methods.RULE_SET_SERVICE_LIST_RULE_SET_ASSIGNMENTS,
            readings_v1.ListRuleSetAssignmentsRequest(
                page_size=page_size,
                page_token=page_token,
                rule_set_id=rule_set_id,
                device_model_id=device_model_id,
                usage_point_id=usage_point_id,
                effective_time=effective_time,
            ),
            lambda page: page.assignments,
            rpc_timeout,
            rpc_metadata,
        )

    def remove_rule_set_assignment(
        self,
        assignment_id: str,
        *,
        effective_to: datetime.datetime | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSetAssignment:
        """Ends an assignment, or takes it away as if it had never been.

        Args:
            assignment_id: Which one.
            effective_to: From when on it does not hold any more; absent: it is taken away
                whole.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RULE_SET_SERVICE_REMOVE_RULE_SET_ASSIGNMENT,
                    readings_v1.RemoveRuleSetAssignmentRequest(
                        assignment_id=assignment_id, effective_to=effective_to, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).assignment,
            "assignment",
        )

    def resolve_rule_set(
        self,
        *,
        series: int = 0,
        usage_point_id: str = "",
        source: str = "",
        time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ResolveRuleSetResponse:
        """Which version holds for a series or a usage point at a time, and why.

        Args:
            series: Series number.
            usage_point_id: The usage point.
            source: Who sends the readings, if it matters.
            time: The time; absent: now.
        """
        return self._transport.unary(
            methods.RULE_SET_SERVICE_RESOLVE_RULE_SET,
            readings_v1.ResolveRuleSetRequest(
                series=series, usage_point_id=usage_point_id, source=source, time=time
            ),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncRuleSetService:
    """Rule sets of validation and estimation. Without any the built-in set holds: the defaults of
    the catalogue.

    1. `GetRuleCatalogue` lists all rules, methods and limits with their parameters. 2.
       `CreateRuleSet` makes a set that names what shall be different. 3. `AssignRuleSet` puts
       it into effect, for a commodity or a single usage point.

    4. `ResolveRuleSet` tells what holds for a series and why. Days that were validated before
       are validated with it when they are run again (`RunVee`), or when something new comes for
       them.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_rule_catalogue(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetRuleCatalogueResponse:
        """Every rule, method of estimation and limit, with parameters, units, defaults and ranges."""
        return await self._transport.unary(
            methods.RULE_SET_SERVICE_GET_RULE_CATALOGUE,
            readings_v1.GetRuleCatalogueRequest(),
            rpc_timeout,
            rpc_metadata,
        )

    async def create_rule_set(
        self,
        rule_set: readings_v1.RuleSet,
        *,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """Makes a rule set with its first version.

        Args:
            rule_set: The rule set to make.
            effective_from: From when on its first version holds; absent: always.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RULE_SET_SERVICE_CREATE_RULE_SET,
                    readings_v1.CreateRuleSetRequest(
                        rule_set=rule_set,
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    async def get_rule_set(
        self,
        rule_set_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """One rule set with its newest version.

        Args:
            rule_set_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.RULE_SET_SERVICE_GET_RULE_SET,
                    readings_v1.GetRuleSetRequest(rule_set_id=rule_set_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    def list_rule_sets(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.RuleSet]:
        """The tenant's rule sets, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.RULE_SET_SERVICE_LIST_RULE_SETS,
            readings_v1.ListRuleSetsRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.rule_sets,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_rule_set(
        self,
        rule_set: readings_v1.RuleSet,
        *,
        update_mask: Sequence[str] | None = None,
        effective_from: datetime.datetime | None = None,
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """Changes a rule set: what it says becomes a new version, the versions before stay as they
        are.

        Args:
            rule_set: The new values; `rule_set_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            effective_from: From when on the new version holds; absent: from now on.
            validate_only: Whether to check it only and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RULE_SET_SERVICE_UPDATE_RULE_SET,
                    readings_v1.UpdateRuleSetRequest(
                        rule_set=rule_set,
                        update_mask=field_mask(update_mask),
                        effective_from=effective_from,
                        validate_only=validate_only,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    async def archive_rule_set(
        self,
        rule_set_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSet:
        """Archives a rule set that is not assigned any more: it keeps its versions and takes no
        more changes.

        Args:
            rule_set_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RULE_SET_SERVICE_ARCHIVE_RULE_SET,
                    readings_v1.ArchiveRuleSetRequest(
                        rule_set_id=rule_set_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).rule_set,
            "rule_set",
        )

    def list_rule_set_versions(
        self,
        rule_set_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.RuleSetVersion]:
        """Every version of a rule set, newest first.

        Args:
            rule_set_id: Of which rule set.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            end_time: Only those that begin to hold before this.
        """
        return AsyncPages(
            self._transport,
            methods.RULE_SET_SERVICE_LIST_RULE_SET_VERSIONS,
            readings_v1.ListRuleSetVersionsRequest(
                rule_set_id=rule_set_id, page_size=page_size, page_token=page_token, end_time=end_time
            ),
            lambda page: page.versions,
            rpc_timeout,
            rpc_metadata,
        )

    async def assign_rule_set(
        self,
        assignment: readings_v1.RuleSetAssignment,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSetAssignment:
        """Puts a rule set into effect for a target.

        Args:
            assignment: The assignment to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RULE_SET_SERVICE_ASSIGN_RULE_SET,
                    readings_v1.AssignRuleSetRequest(assignment=assignment, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).assignment,
            "assignment",
        )

    def list_rule_set_assignments(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rule_set_id: str = "",
        device_model_id: str = "",
        usage_point_id: str = "",
        effective_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.RuleSetAssignment]:
        """Assignments, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            rule_set_id: Only those of this rule set.
            device_model_id: Only those of this device model.
            usage_point_id: Only those of this usage point.
            effective_time: Only those that are in effect at this time.
        """
        return AsyncPages(
            self._transport,
            methods.RULE_SET_SERVICE_LIST_RULE_SET_ASSIGNMENTS,
            readings_v1.ListRuleSetAssignmentsRequest(
                page_size=page_size,
                page_token=page_token,
                rule_set_id=rule_set_id,
                device_model_id=device_model_id,
                usage_point_id=usage_point_id,
                effective_time=effective_time,
            ),
            lambda page: page.assignments,
            rpc_timeout,
            rpc_metadata,
        )

    async def remove_rule_set_assignment(
        self,
        assignment_id: str,
        *,
        effective_to: datetime.datetime | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RuleSetAssignment:
        """Ends an assignment, or takes it away as if it had never been.

        Args:
            assignment_id: Which one.
            effective_to: From when on it does not hold any more; absent: it is taken away
                whole.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RULE_SET_SERVICE_REMOVE_RULE_SET_ASSIGNMENT,
                    readings_v1.RemoveRuleSetAssignmentRequest(
                        assignment_id=assignment_id, effective_to=effective_to, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).assignment,
            "assignment",
        )

    async def resolve_rule_set(
        self,
        *,
        series: int = 0,
        usage_point_id: str = "",
        source: str = "",
        time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ResolveRuleSetResponse:
        """Which version holds for a series or a usage point at a time, and why.

        Args:
            series: Series number.
            usage_point_id: The usage point.
            source: Who sends the readings, if it matters.
            time: The time; absent: now.
        """
        return await self._transport.unary(
            methods.RULE_SET_SERVICE_RESOLVE_RULE_SET,
            readings_v1.ResolveRuleSetRequest(
                series=series, usage_point_id=usage_point_id, source=source, time=time
            ),
            rpc_timeout,
            rpc_metadata,
        )


class SupplyQualityService:
    """Quality of supply: what the momentary values of meters say of voltage, frequency,
    distortion, pressure, temperature and flow. Values are taken as meters gave them; of two of
    one time the later one counts.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_supply_quality(
        self,
        period: common_v1.TimeInterval,
        *,
        usage_point_id: str | None = None,
        meter_id: str | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        limits: readings_v1.SupplyLimits | None = None,
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetSupplyQualityResponse:
        """Statistics of a usage point's or a meter's supply, by local day and in all, and which
        promises were kept.

        Args:
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            period: From when to when; at most 400 days.
            quantities: Only these quantities; none: all that tell of the supply.
            limits: What is promised.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return self._transport.unary(
            methods.SUPPLY_QUALITY_SERVICE_GET_SUPPLY_QUALITY,
            readings_v1.GetSupplyQualityRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                period=period,
                quantities=list(quantities),
                limits=limits,
                time_zone=time_zone,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def query_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        resolution: readings_v1.SupplyResolution = readings_v1.SupplyResolution(0),
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.SupplyPoint]:
        """The supply through time, in order of channel and time: means with the least and the
        greatest value.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantities: Only these quantities; none: all that tell of the supply.
            resolution: Span of one point.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return Pages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_QUERY_SUPPLY_QUALITY,
            readings_v1.QuerySupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                start_time=start_time,
                end_time=end_time,
                quantities=list(quantities),
                resolution=resolution,
                time_zone=time_zone,
            ),
            lambda page: page.points,
            rpc_timeout,
            rpc_metadata,
        )

    def list_worst_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_ids: Sequence[str] = (),
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        limits: readings_v1.SupplyLimits | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.SupplyRank]:
        """Those of some usage points whose supply is the worst, the worst first: by the share of
        means outside of what is promised.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_ids: Which; unknown ones are passed over.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantity: By which quantity.
            limits: What is promised; a quantity that EN 50160 says nothing of needs a band.
        """
        return Pages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_LIST_WORST_SUPPLY_QUALITY,
            readings_v1.ListWorstSupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_ids=list(usage_point_ids),
                start_time=start_time,
                end_time=end_time,
                quantity=quantity,
                limits=limits,
            ),
            lambda page: page.ranks,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncSupplyQualityService:
    """Quality of supply: what the momentary values of meters say of voltage, frequency,
    distortion, pressure, temperature and flow. Values are taken as meters gave them; of two of
    one time the later one counts.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_supply_quality(
        self,
        period: common_v1.TimeInterval,
        *,
        usage_point_id: str | None = None,
        meter_id: str | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        limits: readings_v1.SupplyLimits | None = None,
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetSupplyQualityResponse:
        """Statistics of a usage point's or a meter's supply, by local day and in all, and which
        promises were kept.

        Args:
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            period: From when to when; at most 400 days.
            quantities: Only these quantities; none: all that tell of the supply.
            limits: What is promised.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return await self._transport.unary(
            methods.SUPPLY_QUALITY_SERVICE_GET_SUPPLY_QUALITY,
            readings_v1.GetSupplyQualityRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                period=period,
                quantities=list(quantities),
                limits=limits,
                time_zone=time_zone,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def query_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        resolution: readings_v1.SupplyResolution = readings_v1.SupplyResolution(0),
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.SupplyPoint]:
        """The supply through time, in order of channel and time: means with the least and the
        greatest value.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantities: Only these quantities; none: all that tell of the supply.
            resolution: Span of one point.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return AsyncPages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_QUERY_SUPPLY_QUALITY,
            readings_v1.QuerySupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                start_time=start_time,
                end_time=end_time,
                quantities=list(quantities),
                resolution=resolution,
                time_zone=time_zone,
            ),
            lambda page: page.points,
            rpc_timeout,
            rpc_metadata,
        )

    def list_worst_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_ids: Sequence[str] = (),
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        limits: readings_v1.SupplyLimits | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.SupplyRank]:
        """Those of some usage points whose supply is the worst, the worst first: by the share of
        means outside of what is promised.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_ids: Which; unknown ones are passed over.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantity: By which quantity.
            limits: What is promised; a quantity that EN 50160 says nothing of needs a band.
        """
        return AsyncPages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_LIST_WORST_SUPPLY_QUALITY,
            readings_v1.ListWorstSupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_ids=list(usage_point_ids),
                start_time=start_time,
                end_time=end_time,
                quantity=quantity,
                limits=limits,
            ),
            lambda page: page.ranks,
            rpc_timeout,
            rpc_metadata,
        )


class VeeService:
    """Validation, estimation and editing. It runs by itself on every day of every series that was
    touched; these methods look into it and start it at once.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def run_vee(
        self,
        period: common_v1.TimeInterval,
        *,
        series: Sequence[int] = (),
        usage_point_id: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RunVeeResponse:
        """Runs validation and estimation at once and says what they changed. With `validate_only`
        nothing is stored.

        Args:
            series: Series numbers.
            usage_point_id: All series of this usage point.
            period: Local days that have an instant in here are run.
            validate_only: Whether to say what would change and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return self._transport.unary(
            methods.VEE_SERVICE_RUN_VEE,
            readings_v1.RunVeeRequest(
                series=list(series),
                usage_point_id=usage_point_id,
                period=period,
                validate_only=validate_only,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def list_vee_exceptions(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        series: Sequence[int] = (),
        rule: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        states: Sequence[readings_v1.VeeExceptionState] = (),
        severity: readings_v1.VeeSeverity = readings_v1.VeeSeverity(0),
        assignee: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.VeeException]:
        """What the rules found, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those of this usage point.
            series: Only those of these series.
            rule: Only those of this rule.
            start_time: Only those about intervals from here on.
            end_time: Only those about intervals before this.
            states: Only those in one of these states; empty: all that still stand.
            severity: Only those of this severity.
            assignee: Only those of this assignee.
            commodity: Only those of this commodity.
        """
        return Pages(
            self._transport,
            methods.VEE_SERVICE_LIST_VEE_EXCEPTIONS,
            readings_v1.ListVeeExceptionsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                series=list(series),
                rule=rule,
                start_time=start_time,
                end_time=end_time,
                states=list(states),
                severity=severity,
                assignee=assignee,
                commodity=commodity,
            ),
            lambda page: page.exceptions,
            rpc_timeout,
            rpc_metadata,
        )

    def explain_reading(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ExplainReadingResponse:
        """How one interval came to its value: every rule with its inputs, its threshold and its
        outcome.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return self._transport.unary(
            methods.VEE_SERVICE_EXPLAIN_READING,
            readings_v1.ExplainReadingRequest(series=series, time=time),
            rpc_timeout,
            rpc_metadata,
        )

    def get_vee_exception_summary(
        self,
        *,
        dimensions: Sequence[readings_v1.VeeSummaryDimension] = (),
        usage_point_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetVeeExceptionSummaryResponse:
        """How many findings stand, by rule, severity, state and day.

        Args:
            dimensions: What to count by; empty: rule, severity and state.
            usage_point_id: Only those of this usage point.
            start_time: Only those about intervals from here on.
            end_time: Only those about intervals before this.
        """
        return self._transport.unary(
            methods.VEE_SERVICE_GET_VEE_EXCEPTION_SUMMARY,
            readings_v1.GetVeeExceptionSummaryRequest(
                dimensions=list(dimensions),
                usage_point_id=usage_point_id,
                start_time=start_time,
                end_time=end_time,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def assign_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        assignee: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.VeeExceptionsOutcome:
        """Gives findings to somebody. The good keys are done, even beside bad ones.

        Args:
            selection: Which ones.
            assignee: To whom: `principals/<id>`, or whatever the tenant calls people.
            note: What to say of it.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.VEE_SERVICE_ASSIGN_VEE_EXCEPTIONS,
                    readings_v1.AssignVeeExceptionsRequest(
                        selection=selection, assignee=assignee, note=note, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).outcome,
            "outcome",
        )

    def resolve_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        reason_code: str,
        *,
        state: readings_v1.VeeExceptionState = readings_v1.VeeExceptionState(0),
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.VeeExceptionsOutcome:
        """Settles findings: the cause was dealt with, or they are not worth any work.

        Args:
            selection: Which ones.
            state: RESOLVED or DISMISSED; absent: RESOLVED.
            reason_code: Why, as a code of the tenant's own: `METER_EXCHANGED`.
            note: Why, in words.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.VEE_SERVICE_RESOLVE_VEE_EXCEPTIONS,
                    readings_v1.ResolveVeeExceptionsRequest(
                        selection=selection,
                        state=state,
                        reason_code=reason_code,
                        note=note,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).outcome,
            "outcome",
        )

    def accept_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        reason_code: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.AcceptVeeExceptionsResponse:
        """Settles findings by declaring their values to be right: suspect values become valid,
        estimates stay as they are. It is an edit of readings, which may need approval
        (`ReadingEditService`).

        Args:
            selection: Which ones.
            reason_code: Why, as a code of the tenant's own: `CUSTOMER_CONFIRMED`.
            note: Why, in words.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.VEE_SERVICE_ACCEPT_VEE_EXCEPTIONS,
            readings_v1.AcceptVeeExceptionsRequest(
                selection=selection, reason_code=reason_code, note=note, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def reopen_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.VeeExceptionsOutcome:
        """Opens settled findings again.

        Args:
            selection: Which ones.
            note: Why.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.VEE_SERVICE_REOPEN_VEE_EXCEPTIONS,
                    readings_v1.ReopenVeeExceptionsRequest(
                        selection=selection, note=note, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).outcome,
            "outcome",
        )

    def list_vee_exception_history(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: int = 0,
        rule: str = "",
        day: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.VeeExceptionChange]:
        """What people did with one finding, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series of the finding.
            rule: Its rule; empty: all rules of the day.
            day: Its local day, `2025-03-30`.
        """
        return Pages(
            self._transport,
            methods.VEE_SERVICE_LIST_VEE_EXCEPTION_HISTORY,
            readings_v1.ListVeeExceptionHistoryRequest(
                page_size=page_size, page_token=page_token, series=series, rule=rule, day=day
            ),
            lambda page: page.changes,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncVeeService:
    """Validation, estimation and editing. It runs by itself on every day of every series that was
    touched; these methods look into it and start it at once.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def run_vee(
        self,
        period: common_v1.TimeInterval,
        *,
        series: Sequence[int] = (),
        usage_point_id: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RunVeeResponse:
        """Runs validation and estimation at once and says what they changed. With `validate_only`
        nothing is stored.

        Args:
            series: Series numbers.
            usage_point_id: All series of this usage point.
            period: Local days that have an instant in here are run.
            validate_only: Whether to say what would change and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.VEE_SERVICE_RUN_VEE,
            readings_v1.RunVeeRequest(
                series=list(series),
                usage_point_id=usage_point_id,
                period=period,
                validate_only=validate_only,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def list_vee_exceptions(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        series: Sequence[int] = (),
        rule: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        states: Sequence[readings_v1.VeeExceptionState] = (),
        severity: readings_v1.VeeSeverity = readings_v1.VeeSeverity(0),
        assignee: str = "",
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.VeeException]:
        """What the rules found, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those of this usage point.
            series: Only those of these series.
            rule: Only those of this rule.
            start_time: Only those about intervals from here on.
            end_time: Only those about intervals before this.
            states: Only those in one of these states; empty: all that still stand.
            severity: Only those of this severity.
            assignee: Only those of this assignee.
            commodity: Only those of this commodity.
        """
        return AsyncPages(
            self._transport,
            methods.VEE_SERVICE_LIST_VEE_EXCEPTIONS,
            readings_v1.ListVeeExceptionsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                series=list(series),
                rule=rule,
                start_time=start_time,
                end_time=end_time,
                states=list(states),
                severity=severity,
                assignee=assignee,
                commodity=commodity,
            ),
            lambda page: page.exceptions,
            rpc_timeout,
            rpc_metadata,
        )

    async def explain_reading(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ExplainReadingResponse:
        """How one interval came to its value: every rule with its inputs, its threshold and its
        outcome.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return await self._transport.unary(
            methods.VEE_SERVICE_EXPLAIN_READING,
            readings_v1.ExplainReadingRequest(series=series, time=time),
            rpc_timeout,
            rpc_metadata,
        )

    async def get_vee_exception_summary(
        self,
        *,
        dimensions: Sequence[readings_v1.VeeSummaryDimension] = (),
        usage_point_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetVeeExceptionSummaryResponse:
        """How many findings stand, by rule, severity, state and day.

        Args:
            dimensions: What to count by; empty: rule, severity and state.
            usage_point_id: Only those of this usage point.
            start_time: Only those about intervals from here on.
            end_time: Only those about intervals before this.
        """
        return await self._transport.unary(
            methods.VEE_SERVICE_GET_VEE_EXCEPTION_SUMMARY,
            readings_v1.GetVeeExceptionSummaryRequest(
                dimensions=list(dimensions),
                usage_point_id=usage_point_id,
                start_time=start_time,
                end_time=end_time,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def assign_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        assignee: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.VeeExceptionsOutcome:
        """Gives findings to somebody. The good keys are done, even beside bad ones.

        Args:
            selection: Which ones.
            assignee: To whom: `principals/<id>`, or whatever the tenant calls people.
            note: What to say of it.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.VEE_SERVICE_ASSIGN_VEE_EXCEPTIONS,
                    readings_v1.AssignVeeExceptionsRequest(
                        selection=selection, assignee=assignee, note=note, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).outcome,
            "outcome",
        )

    async def resolve_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        reason_code: str,
        *,
        state: readings_v1.VeeExceptionState = readings_v1.VeeExceptionState(0),
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.VeeExceptionsOutcome:
        """Settles findings: the cause was dealt with, or they are not worth any work.

        Args:
            selection: Which ones.
            state: RESOLVED or DISMISSED; absent: RESOLVED.
            reason_code: Why, as a code of the tenant's own: `METER_EXCHANGED`.
            note: Why, in words.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.VEE_SERVICE_RESOLVE_VEE_EXCEPTIONS,
                    readings_v1.ResolveVeeExceptionsRequest(
                        selection=selection,
                        state=state,
                        reason_code=reason_code,
                        note=note,
                        request_id=request_id,
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).outcome,
            "outcome",
        )

    async def accept_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        reason_code: str,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.AcceptVeeExceptionsResponse:
        """Settles findings by declaring their values to be right: suspect values become valid,
        estimates stay as they are. It is an edit of readings, which may need approval
        (`ReadingEditService`).

        Args:
            selection: Which ones.
            reason_code: Why, as a code of the tenant's own: `CUSTOMER_CONFIRMED`.
            note: Why, in words.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.VEE_SERVICE_ACCEPT_VEE_EXCEPTIONS,
            readings_v1.AcceptVeeExceptionsRequest(
                selection=selection, reason_code=reason_code, note=note, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def reopen_vee_exceptions(
        self,
        selection: readings_v1.VeeExceptionSelection,
        *,
        note: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.VeeExceptionsOutcome:
        """Opens settled findings again.

        Args:
            selection: Which ones.
            note: Why.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.VEE_SERVICE_REOPEN_VEE_EXCEPTIONS,
                    readings_v1.ReopenVeeExceptionsRequest(
                        selection=selection, note=note, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).outcome,
            "outcome",
        )

    def list_vee_exception_history(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: int = 0,
        rule: str = "",
        day: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.VeeExceptionChange]:
        """What people did with one finding, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series of the finding.
            rule: Its rule; empty: all rules of the day.
            day: Its local day, `2025-03-30`.
        """
        return AsyncPages(
            self._transport,
            methods.VEE_SERVICE_LIST_VEE_EXCEPTION_HISTORY,
            readings_v1.ListVeeExceptionHistoryRequest(
                page_size=page_size, page_token=page_token, series=series, rule=rule, day=day
            ),
            lambda page: page.changes,
            rpc_timeout,
            rpc_metadata,
        )
