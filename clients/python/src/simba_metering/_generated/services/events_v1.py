"""Calls of `simba.events.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime

from simba_metering._pages import AsyncPages, Pages
from simba_metering._streams import AsyncStream, Stream
from simba_metering._transport import AsyncTransport, Metadata, Transport

from .. import methods
from ..simba.events import v1 as events_v1


class EventService:
    """What happened, in order, without a hole and without a repeat.

    A subscriber keeps the newest `resume_token` with what it did about the event, and begins
    there after a break. History and live events come through the same stream.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def subscribe(
        self,
        *,
        filter: events_v1.EventFilter | None = None,
        resume_token: str = "",
        from_start: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[events_v1.Event]:
        """Events from a token on, then live. The first message comes at once; heartbeats every 15
        seconds at most carry the newest token. A slow subscriber is waited for and loses
        nothing.

        Args:
            filter: Which.
            resume_token: Where to begin: a token; empty: see `from_start`.
            from_start: Without a token: whether to begin with the oldest event kept; else with
                the next to come.
        """
        return Stream(
            self._transport,
            methods.EVENT_SERVICE_SUBSCRIBE,
            events_v1.SubscribeRequest(filter=filter, resume_token=resume_token, from_start=from_start),
            lambda said: said.events,
            rpc_timeout,
            rpc_metadata,
        )

    def pull_events(
        self,
        *,
        filter: events_v1.EventFilter | None = None,
        resume_token: str = "",
        from_start: bool = False,
        max_events: int = 0,
        wait: datetime.timedelta | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> events_v1.PullEventsResponse:
        """The next events after a token; waits a while if there are none. For those who cannot
        hold a stream.

        Args:
            filter: Which.
            resume_token: From the answer before; empty: see `from_start`.
            from_start: Without a token: whether to begin with the oldest event kept; else with
                the next to come.
            max_events: At most so many; 0 means 100.
            wait: How long to wait if there are none; absent means 10 seconds, at most 60.
        """
        return self._transport.unary(
            methods.EVENT_SERVICE_PULL_EVENTS,
            events_v1.PullEventsRequest(
                filter=filter,
                resume_token=resume_token,
                from_start=from_start,
                max_events=max_events,
                wait=wait,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def list_events(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        filter: events_v1.EventFilter | None = None,
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        correlation_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[events_v1.Event]:
        """Events of a span of time, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            filter: Which.
            start_time: From when on.
            end_time: Until before when.
            correlation_id: Only those that belong together with this.
        """
        return Pages(
            self._transport,
            methods.EVENT_SERVICE_LIST_EVENTS,
            events_v1.ListEventsRequest(
                page_size=page_size,
                page_token=page_token,
                filter=filter,
                start_time=start_time,
                end_time=end_time,
                correlation_id=correlation_id,
            ),
            lambda page: page.events,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncEventService:
    """What happened, in order, without a hole and without a repeat.

    A subscriber keeps the newest `resume_token` with what it did about the event, and begins
    there after a break. History and live events come through the same stream.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def subscribe(
        self,
        *,
        filter: events_v1.EventFilter | None = None,
        resume_token: str = "",
        from_start: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[events_v1.Event]:
        """Events from a token on, then live. The first message comes at once; heartbeats every 15
        seconds at most carry the newest token. A slow subscriber is waited for and loses
        nothing.

        Args:
            filter: Which.
            resume_token: Where to begin: a token; empty: see `from_start`.
            from_start: Without a token: whether to begin with the oldest event kept; else with
                the next to come.
        """
        return AsyncStream(
            self._transport,
            methods.EVENT_SERVICE_SUBSCRIBE,
            events_v1.SubscribeRequest(filter=filter, resume_token=resume_token, from_start=from_start),
            lambda said: said.events,
            rpc_timeout,
            rpc_metadata,
        )

    async def pull_events(
        self,
        *,
        filter: events_v1.EventFilter | None = None,
        resume_token: str = "",
        from_start: bool = False,
        max_events: int = 0,
        wait: datetime.timedelta | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> events_v1.PullEventsResponse:
        """The next events after a token; waits a while if there are none. For those who cannot
        hold a stream.

        Args:
            filter: Which.
            resume_token: From the answer before; empty: see `from_start`.
            from_start: Without a token: whether to begin with the oldest event kept; else with
                the next to come.
            max_events: At most so many; 0 means 100.
            wait: How long to wait if there are none; absent means 10 seconds, at most 60.
        """
        return await self._transport.unary(
            methods.EVENT_SERVICE_PULL_EVENTS,
            events_v1.PullEventsRequest(
                filter=filter,
                resume_token=resume_token,
                from_start=from_start,
                max_events=max_events,
                wait=wait,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def list_events(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        filter: events_v1.EventFilter | None = None,
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        correlation_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[events_v1.Event]:
        """Events of a span of time, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            filter: Which.
            start_time: From when on.
            end_time: Until before when.
            correlation_id: Only those that belong together with this.
        """
        return AsyncPages(
            self._transport,
            methods.EVENT_SERVICE_LIST_EVENTS,
            events_v1.ListEventsRequest(
                page_size=page_size,
                page_token=page_token,
                filter=filter,
                start_time=start_time,
                end_time=end_time,
                correlation_id=correlation_id,
            ),
            lambda page: page.events,
            rpc_timeout,
            rpc_metadata,
        )
