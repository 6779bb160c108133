"""``simba.events.v1.EventService``."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

from server.events.convert import filter_of, span_of, wire_event
from server.events.domain import Batch, Filter
from server.events.subscription import Subscriptions
from simba.events.v1 import event_pb2
from simba.events.v1 import event_service_pb2 as pb
from simba.events.v1 import event_service_pb2_grpc as rpc

DEFAULT_PULL_WAIT = timedelta(seconds=10)


class EventService(rpc.EventServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    async def Subscribe(
        self, request: pb.SubscribeRequest, context: Any
    ) -> AsyncIterator[pb.SubscribeResponse]:
        """Events from a token on, then live."""
        which = filter_of(request.filter)
        stream = self._subscriptions.stream(which, request.resume_token, from_start=request.from_start)
        async with aclosing(stream) as batches:
            async for batch in batches:
                yield pb.SubscribeResponse(
                    events=self._events(which, batch),
                    resume_token=self._subscriptions.token(which, batch.position),
                    heartbeat=not batch.events,
                )

    async def PullEvents(self, request: pb.PullEventsRequest, context: Any) -> pb.PullEventsResponse:
        """The next events after a token."""
        which = filter_of(request.filter)
        batch = await self._subscriptions.pull(
            which,
            request.resume_token,
            from_start=request.from_start,
            most=request.max_events,
            longest=request.wait.ToTimedelta() if request.HasField("wait") else DEFAULT_PULL_WAIT,
        )
        token = self._subscriptions.token(which, batch.position)
        return pb.PullEventsResponse(events=self._events(which, batch), resume_token=token)

    async def ListEvents(self, request: pb.ListEventsRequest, context: Any) -> pb.ListEventsResponse:
        """A page of events, newest first."""
        which = filter_of(request.filter)
        events, following = await self._subscriptions.page(
            which, span_of(request), size=request.page_size, token=request.page_token
        )
        batch = Batch(tuple(events), 0, 0)
        return pb.ListEventsResponse(events=self._events(which, batch), next_page_token=following)

    def _events(self, which: Filter, batch: Batch) -> list[event_pb2.Event]:
        token = self._subscriptions.token
        return [wire_event(event, token(which, event.sequence)) for event in batch.events]
