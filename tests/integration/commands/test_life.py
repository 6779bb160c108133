"""The life of a command, told by a simulated adapter and seen by watchers."""

import asyncio
from datetime import timedelta
from uuid import UUID

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from server.commands.store import seen_by_caller
from server.commands.watch import WatchCommand
from server.platform.caller import acting_as
from server.platform.hints import Hints
from simba.commands.v1 import adapter_service_pb2 as adapter_pb
from simba.commands.v1 import command_pb2, events_pb2
from simba.commands.v1 import command_service_pb2 as pb
from simba.events.v1 import event_pb2
from simba.events.v1 import event_service_pb2 as events_api
from tests.support.platform import error_of
from tests.support.stage import Client, Stage, adapter, progress, soon, state_name

ROAD = ["ACCEPTED", "QUEUED", "AWAITING_CONTACT", "SENT", "DELIVERED", "EXECUTED", "VERIFIED"]
READ = command_pb2.COMMAND_ACTION_ON_DEMAND_READ


def obedient(command) -> list[adapter_pb.CommandProgress]:
    """A device that does everything, slowly enough to be watched."""
    return [progress(command.command_id, state, attempt=command.attempt) for state in ROAD[1:]]


async def watched(client: Client, command_id: str, token: str = "") -> list[pb.WatchCommandResponse]:
    call = client.commands.WatchCommand(pb.WatchCommandRequest(command_id=command_id, resume_token=token))
    return [message async for message in call if not message.heartbeat]


@pytest.mark.usefixtures("at_work")
async def test_cis_and_scada_see_every_state_in_order(client: Client):
    meter = client.meter()
    subscription = client.events.Subscribe(
        events_api.SubscribeRequest(filter=event_pb2.EventFilter(types=["command."]))
    )
    assert (await subscription.read()).heartbeat
    async with adapter(client, meter.adapter, obedient) as simulated:
        command = await client.submit(meter, issuer_tracking_id="order-66")
        sights = await asyncio.wait_for(watched(client, command.command_id), 20)
        assert [state_name(sight.transition) for sight in sights] == ROAD
        assert [state_name(sight.command) for sight in sights] == ROAD
        assert len(simulated.effects) == 1

    told: list[event_pb2.Event] = []
    while len(told) < len(ROAD):
        told += (await asyncio.wait_for(subscription.read(), 10)).events
    subscription.cancel()
    facts = [events_pb2.CommandStateChanged() for _ in told]
    assert all(event.payload.Unpack(fact) for event, fact in zip(told, facts, strict=True))
    assert [state_name(fact.transition) for fact in facts] == ROAD
    assert [state_name(fact.previous_state) for fact in facts] == ["UNSPECIFIED", *ROAD[:-1]]
    assert [event.sequence for event in told] == list(range(1, len(ROAD) + 1))
    assert {event.command_id for event in told} == {command.command_id}
    assert {event.correlation_id for event in told} == {"order-66"}
    assert {event.subject for event in told} == {f"meters/{meter.meter_id}"}


@pytest.mark.usefixtures("at_work")
async def test_a_watch_resumes_where_it_stopped(client: Client):
    meter = client.meter()
    command = await client.submit(meter)
    call = client.commands.WatchCommand(pb.WatchCommandRequest(command_id=command.command_id))
    seen = [await call.read()]
    for state in ROAD[1:4]:
        await client.report(command, state)
        seen.append(await asyncio.wait_for(call.read(), 5))
    call.cancel()
    for state in ROAD[4:]:
        await client.report(command, state)
    rest = await watched(client, command.command_id, seen[-1].resume_token)
    assert [state_name(one.transition) for one in [*seen, *rest]] == ROAD
    again = await watched(client, command.command_id, seen[1].resume_token)
    assert [state_name(one.transition) for one in again] == ROAD[2:]
    assert await watched(client, command.command_id, rest[-1].resume_token) == []


async def test_a_foreign_or_forged_watch_token_is_refused(client: Client):
    one, other = await client.submit(client.meter()), await client.submit(client.meter())
    call = client.commands.WatchCommand(pb.WatchCommandRequest(command_id=one.command_id))
    token = (await call.read()).resume_token
    call.cancel()
    for command_id, resume_token in ((other.command_id, token), (one.command_id, "x" + token[1:])):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await watched(client, command_id, resume_token)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert error_of(caught.value)[0] == "RESUME_TOKEN_INVALID"


async def test_a_watch_beats_when_nothing_happens(stage: Stage, client: Client):
    """Without hints and with nobody working: heartbeats come, and so does the change."""
    watch = WatchCommand(
        stage.platform.uow,
        stage.platform.pages,
        Hints(stage.platform.redis, "nobody"),
        seen_by_caller(None),
        heartbeat=timedelta(milliseconds=200),
    )
    command = await client.submit(client.meter())
    with acting_as(client.tenant.caller):
        sights = watch.watch(UUID(command.command_id))
        assert (await anext(sights)).step is not None
        assert [(await anext(sights)).step for _ in range(3)] == [None] * 3
        await client.report(command, "FAILED", description="no such device")
        while (last := await anext(sights)).step is None:
            pass
        assert last.command is not None
        assert last.command.error == "no such device"
        with pytest.raises(StopAsyncIteration):
            await anext(sights)


async def test_reports_in_any_order_and_number_are_harmless(client: Client):
    command = await client.submit(client.meter())
    batch = [
        progress(command.command_id, "SENT", report_id="a"),
        progress(command.command_id, "QUEUED", report_id="b"),
        progress(command.command_id, "SENT", report_id="a"),
        progress("0190163d-8694-739b-aea5-966c26f8ad90", "SENT"),
        progress(command.command_id, "DELIVERED", attempt=9),
        progress(command.command_id, "ACCEPTED"),
        progress(command.command_id, "DELIVERED", report_id="c", link_id="queue-item-1"),
    ]
    answer = await client.adapters.ReportProgress(adapter_pb.ReportProgressRequest(reports=batch))
    assert list(answer.ignored) == [
        "",
        "PASSED",
        "REPEATED",
        "UNKNOWN_COMMAND",
        "UNKNOWN_ATTEMPT",
        "NOT_REPORTABLE",
        "",
    ]
    assert list(answer.applied) == [not why for why in answer.ignored]
    stored = await client.get(command.command_id)
    assert [state_name(step) for step in stored.transitions] == ["ACCEPTED", "SENT", "DELIVERED"]
    assert stored.attempts[0].link_id == "queue-item-1"


async def test_an_unnamed_report_is_known_by_what_it_says(client: Client):
    command = await client.submit(client.meter())
    report = progress(command.command_id, "SENT")
    request = adapter_pb.ReportProgressRequest(reports=[report])
    assert (await client.adapters.ReportProgress(request)).applied == [True]
    assert (await client.adapters.ReportProgress(request)).ignored == ["REPEATED"]


async def test_many_adapters_at_once_move_a_command_once(client: Client):
    command = await client.submit(client.meter())
    reports = [progress(command.command_id, state, report_id=f"r-{state}") for state in ROAD[1:]]
    await asyncio.gather(
        *(
            client.adapters.ReportProgress(adapter_pb.ReportProgressRequest(reports=reports[start:]))
            for start in (0, 2, 4, 0, 2, 4)
        )
    )
    stored = await client.get(command.command_id)
    states = [state_name(step) for step in stored.transitions]
    assert states[-1] == "VERIFIED"
    assert states == [state for state in ROAD if state in states]
    assert states.count("EXECUTED") == 1


async def test_a_read_brings_exact_values(client: Client):
    command = await client.submit(client.meter(), READ)
    result = command_pb2.CommandResult(answer_json='{"total": 1234567.000001}')
    for channel, value in ((18446744073709551615, "1234567.000001"), (7, "-0.5")):
        result.readings.add(
            channel=channel, value=value, unit="kWh", time=soon(0), channel_code="energy_import"
        )
    await client.report(command, "EXECUTED", result=result)
    stored = await client.get(command.command_id)
    assert [state_name(step) for step in stored.transitions] == ["ACCEPTED", "EXECUTED", "VERIFIED"]
    assert {reading.channel: reading.value for reading in stored.result.readings} == {
        18446744073709551615: "1234567.000001",
        7: "-0.5",
    }
    assert stored.result.answer_json == '{"total": 1234567.000001}'


async def test_a_value_that_is_no_number_is_refused_by_name(client: Client):
    command = await client.submit(client.meter(), READ)
    result = command_pb2.CommandResult(readings=[command_pb2.CommandReading(channel=1, value="viel")])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await client.report(command, "EXECUTED", result=result)
    assert error_of(caught.value)[2][0][0] == "reports[0].result.readings[0].value"


async def test_the_end_is_final_whatever_comes_later(client: Client):
    command = await client.submit(client.meter())
    await client.report(command, "FAILED", description="NACK: opération refusée")
    for state in ("SENT", "VERIFIED", "CANCELLED", "FAILED"):
        assert (await client.report(command, state)).ignored == ["TERMINAL"]
    stored = await client.get(command.command_id)
    assert state_name(stored) == "FAILED"
    assert stored.error == "NACK: opération refusée"


@pytest.mark.usefixtures("at_work")
async def test_a_read_is_tried_again_when_that_may_help(client: Client):
    meter = client.meter()

    def second_time_lucky(command) -> list[adapter_pb.CommandProgress]:
        number = command.attempt
        sent = progress(command.command_id, "SENT", attempt=number)
        if number < 2:
            failed = progress(
                command.command_id, "FAILED", attempt=number, retriable=True, description="no answer"
            )
            return [sent, failed]
        return [sent, progress(command.command_id, "EXECUTED", attempt=number)]

    async with adapter(client, meter.adapter, second_time_lucky) as simulated:
        command = await client.submit(meter, READ)
        sights = await asyncio.wait_for(watched(client, command.command_id), 15)
    assert [state_name(sight.transition) for sight in sights] == [
        "ACCEPTED",
        "SENT",
        "QUEUED",
        "SENT",
        "EXECUTED",
        "VERIFIED",
    ]
    assert [effect.attempt for effect in simulated.effects] == [1, 2]
    attempts = sights[-1].command.attempts
    assert [(one.attempt, one.outcome) for one in attempts] == [(1, "no answer"), (2, "VERIFIED")]


class TestCancel:
    async def cancel(self, client: Client, command: command_pb2.Command) -> pb.CancelCommandResponse:
        return await client.commands.CancelCommand(pb.CancelCommandRequest(command_id=command.command_id))

    async def test_what_has_not_left_is_cancelled_at_once(self, client: Client):
        command = await client.submit(client.meter(), not_before=soon(3600))
        answer = await self.cancel(client, command)
        assert state_name(answer.command) == "CANCELLED"
        assert not answer.already_sent
        assert state_name((await self.cancel(client, command)).command) == "CANCELLED"

    @pytest.mark.usefixtures("at_work")
    async def test_what_the_adapter_has_is_taken_back_by_the_adapter(self, client: Client):
        meter = client.meter()

        def withdraws(command) -> list[adapter_pb.CommandProgress]:
            state = "CANCELLED" if command.cancel else "AWAITING_CONTACT"
            return [progress(command.command_id, state, attempt=command.attempt)]

        command = await client.submit(meter)
        async with adapter(client, meter.adapter, withdraws):
            answer = await self.cancel(client, command)
            assert not answer.already_sent
            assert answer.command.HasField("cancel_request_time")
            sights = await asyncio.wait_for(watched(client, command.command_id), 15)
        assert state_name(sights[-1].command) == "CANCELLED"

    async def test_what_was_sent_goes_on_and_the_caller_is_told(self, client: Client):
        command = await client.submit(client.meter())
        await client.report(command, "SENT")
        answer = await self.cancel(client, command)
        assert answer.already_sent
        assert state_name(answer.command) == "SENT"
        await client.report(command, "CANCELLED")
        await client.report(command, "VERIFIED")
        assert state_name(await client.get(command.command_id)) == "VERIFIED"

    async def test_what_is_over_cannot_be_cancelled(self, client: Client):
        command = await client.submit(client.meter())
        await client.report(command, "REJECTED")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.cancel(client, command)
        assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert error_of(caught.value)[0] == "COMMAND_NOT_CANCELLABLE"


class TestWait:
    @pytest.mark.usefixtures("at_work")
    async def test_it_answers_as_soon_as_the_command_is_over(self, client: Client):
        command = await client.submit(client.meter())
        waiting = asyncio.ensure_future(
            client.commands.WaitCommand(pb.WaitCommandRequest(command_id=command.command_id))
        )
        await asyncio.sleep(0.1)
        await client.report(command, "FAILED")
        answer = await asyncio.wait_for(waiting, 5)
        assert answer.done
        assert state_name(answer.command) == "FAILED"

    async def test_it_tells_how_things_stand_when_the_time_is_up(self, client: Client):
        command = await client.submit(client.meter())
        request = pb.WaitCommandRequest(command_id=command.command_id, timeout=Duration(nanos=200_000_000))
        answer = await client.commands.WaitCommand(request)
        assert not answer.done
        assert state_name(answer.command) == "ACCEPTED"

    async def test_it_answers_before_the_deadline_passes(self, client: Client):
        command = await client.submit(client.meter())
        request = pb.WaitCommandRequest(command_id=command.command_id, timeout=Duration(seconds=30))
        answer = await client.commands.WaitCommand(request, timeout=4.0)
        assert not answer.done


async def test_adapters_are_listed_with_their_health(client: Client, stranger: Client):
    for instance, healthy in (("b", True), ("a", False)):
        answer = await client.adapters.RegisterAdapter(
            adapter_pb.RegisterAdapterRequest(
                adapter=adapter_pb.Adapter(
                    kind="chirpstack",
                    instance=instance,
                    version="1.2",
                    actions=[READ],
                    healthy=healthy,
                    detail="" if healthy else "broker away",
                )
            )
        )
        assert answer.heartbeat_interval.ToTimedelta() >= timedelta(seconds=1)
    listed = (await client.adapters.ListAdapters(adapter_pb.ListAdaptersRequest())).adapters
    assert [(one.instance, one.healthy, one.detail) for one in listed] == [
        ("a", False, "broker away"),
        ("b", True, ""),
    ]
    assert list(listed[0].actions) == [READ]
    assert listed[0].HasField("last_seen_time")
    assert not (await stranger.adapters.ListAdapters(adapter_pb.ListAdaptersRequest())).adapters
