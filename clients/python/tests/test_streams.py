"""Streams that go on where they broke off."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from simba_metering import AsyncSimbaClient, SimbaClient
from simba_metering.billing import BillingRun, WatchBillingRunResponse
from simba_metering.commands import Command, CommandState, WatchCommandResponse
from simba_metering.common import WorkState
from simba_metering.errors import DeadlineExceeded, OutOfRange, Unavailable
from simba_metering.events import Event, SubscribeRequest, SubscribeResponse
from simba_metering.testing import FakeServer

LAST = 9


def events(request: SubscribeRequest) -> Iterator[SubscribeResponse]:
    """Nine events, two a message; the connection breaks after each message but the last."""
    first = int(request.resume_token or 0) + 1
    chosen = [
        Event(event_id=str(number), resume_token=str(number))
        for number in range(first, min(first + 2, LAST + 1))
    ]
    yield SubscribeResponse(heartbeat=True, resume_token=request.resume_token)
    yield SubscribeResponse(events=chosen, resume_token=chosen[-1].resume_token)
    if chosen[-1].event_id != str(LAST):
        raise Unavailable("the server went")


def test_a_broken_stream_is_resumed_without_loss_or_repeat(fake: FakeServer, client: SimbaClient) -> None:
    fake.reply("EventService/Subscribe", events)
    stream = client.events.subscribe(from_start=True)
    seen = []
    for event in stream:
        seen.append(event.event_id)
        assert stream.resume_token == event.event_id
    assert seen == [str(number) for number in range(1, LAST + 1)]
    assert [call.request.resume_token for call in fake.calls] == ["", "2", "4", "6", "8"]


async def test_asynchronously_too(fake: FakeServer, async_client: AsyncSimbaClient) -> None:
    fake.reply("EventService/Subscribe", events)
    async with async_client.events.subscribe(resume_token="3") as stream:
        assert [event.event_id async for event in stream] == ["4", "5", "6", "7", "8", "9"]


def test_a_command_is_watched_to_its_end(fake: FakeServer, client: SimbaClient) -> None:
    states = [CommandState.ACCEPTED, CommandState.SENT, CommandState.VERIFIED]
    said = [
        WatchCommandResponse(command=Command(state=state), resume_token=str(number))
        for number, state in enumerate(states)
    ]
    fake.reply("CommandService/WatchCommand", [said[0], WatchCommandResponse(heartbeat=True), *said[1:]])
    with client.commands.watch_command("c") as changes:
        assert [change.command.state for change in changes if change.command] == states


def test_work_without_tokens_is_shown_from_where_it_stands(fake: FakeServer, client: SimbaClient) -> None:
    fake.reply(
        "BillingRunService/WatchBillingRun",
        [
            WatchBillingRunResponse(billing_run=BillingRun(state=state))
            for state in (WorkState.RUNNING, WorkState.SUCCEEDED)
        ],
    )
    assert [run.state for run in client.billing_runs.watch_billing_run("r")] == [
        WorkState.RUNNING,
        WorkState.SUCCEEDED,
    ]


def test_an_error_that_will_not_pass_is_raised(fake: FakeServer, client: SimbaClient) -> None:
    fake.fail("EventService/Subscribe", OutOfRange("too old", reason="RESUME_TOKEN_EXPIRED"))
    with pytest.raises(OutOfRange) as refused:
        next(client.events.subscribe(resume_token="0"))
    assert refused.value.reason == "RESUME_TOKEN_EXPIRED"


def test_a_stream_that_never_ran_does_not_wait_for_ever() -> None:
    with SimbaClient("127.0.0.1:1") as client, pytest.raises(Unavailable):
        next(client.events.subscribe())


def test_a_stream_ends_when_it_is_closed_from_another_thread(fake: FakeServer, client: SimbaClient) -> None:
    hold = threading.Event()

    def silent(_request: SubscribeRequest) -> Iterator[SubscribeResponse]:
        yield SubscribeResponse(events=[Event(event_id="1")])
        hold.wait(20)

    fake.reply("EventService/Subscribe", silent)
    stream = client.events.subscribe()
    assert next(stream).event_id == "1"
    closer = threading.Timer(0.2, stream.close)
    closer.start()
    assert list(stream) == []
    closer.join()
    hold.set()


async def test_a_stream_has_a_time_limit_if_asked_for(
    fake: FakeServer, async_client: AsyncSimbaClient
) -> None:
    hold = threading.Event()

    def silent(_request: SubscribeRequest) -> Iterator[SubscribeResponse]:
        yield SubscribeResponse(events=[Event(event_id="1")])
        hold.wait(20)

    fake.reply("EventService/Subscribe", silent)
    stream = async_client.events.subscribe(rpc_timeout=0.5)
    assert (await anext(stream)).event_id == "1"
    with pytest.raises(DeadlineExceeded):
        await anext(stream)
    hold.set()


def test_a_restarted_server_is_found_again(fake: FakeServer, client: SimbaClient) -> None:
    hold = threading.Event()

    def one_at_a_time(request: SubscribeRequest) -> Iterator[SubscribeResponse]:
        number = int(request.resume_token or 0) + 1
        yield SubscribeResponse(events=[Event(event_id=str(number), resume_token=str(number))])
        hold.wait(20)

    fake.reply("EventService/Subscribe", one_at_a_time)
    stream = client.events.subscribe()
    assert next(stream).event_id == "1"
    fake.stop()
    fake.start()
    assert next(stream).event_id == "2"
    stream.close()
    hold.set()
