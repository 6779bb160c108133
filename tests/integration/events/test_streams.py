"""Subscribing, pulling and listing: nobody misses anything, nobody sees anything twice."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from server.events import tables
from server.events.domain import Filter
from server.events.history import EventHistory
from server.events.log import Log
from server.events.subscription import Subscriptions
from server.events.tail import Tails
from server.events.visible import SeenByCaller
from server.platform.caller import acting_as
from server.platform.hints import Hints
from simba.devices.v1 import events_pb2 as devices_pb
from simba.events.v1 import event_pb2
from simba.events.v1 import event_service_pb2 as pb
from tests.integration.events.test_log import archive_of, drain, emit, event, relay_of
from tests.support.platform import error_of
from tests.support.stage import Client, Stage, working

CODE = grpc.StatusCode
EVERYTHING = event_pb2.EventFilter()


def texts(events) -> list[str]:
    found = []
    for one in events:
        fact = devices_pb.MeterArchived()
        assert one.payload.Unpack(fact)
        found.append(fact.meter_id)
    return found


async def fill(stage: Stage, client: Client, *events) -> None:
    await emit(stage, client.tenant_id, *events)
    await drain(relay_of(stage))


async def archived(stage: Stage) -> None:
    """Moves everything from PostgreSQL to the history."""
    archive = archive_of(stage)
    await archive.work()


def subscribe(client: Client, token: str = "", *, start: bool = False, **wanted):
    return client.events.Subscribe(
        pb.SubscribeRequest(filter=event_pb2.EventFilter(**wanted), resume_token=token, from_start=start)
    )


async def take(call, count: int, seconds: float = 10.0) -> list[event_pb2.Event]:
    """The next events of a stream, message by message."""
    found: list[event_pb2.Event] = []
    async with asyncio.timeout(seconds):
        while len(found) < count:
            found += (await call.read()).events
    return found


async def refused(call) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


class TestSubscribe:
    async def test_the_first_message_comes_at_once_with_a_token(self, stage: Stage, client: Client):
        await fill(stage, client, event(text="before"))
        call = subscribe(client)
        first = await asyncio.wait_for(call.read(), 2)
        assert first.heartbeat
        assert first.resume_token
        await fill(stage, client, event(text="after"))
        assert texts(await take(call, 1)) == ["after"]
        call.cancel()
        resumed = subscribe(client, first.resume_token)
        assert texts(await take(resumed, 1)) == ["after"]
        resumed.cancel()

    async def test_from_start_tells_everything_in_order(self, stage: Stage, client: Client):
        wanted = [str(number) for number in range(1200)]
        await fill(stage, client, *(event(text=text) for text in wanted))
        call = subscribe(client, start=True)
        told = await take(call, len(wanted))
        call.cancel()
        assert texts(told) == wanted
        assert [one.sequence for one in told] == list(range(1, 1201))

    async def test_history_flows_into_live_without_hole_or_repeat(self, stage: Stage, client: Client):
        """Events in ClickHouse only, in PostgreSQL only, and coming while one reads; broken off at random."""
        await fill(stage, client, *(event(text=str(number)) for number in range(300)))
        await archived(stage)
        await fill(stage, client, *(event(text=str(number)) for number in range(300, 500)))
        async with working(stage):

            async def go_on() -> None:
                for number in range(500, 700, 5):
                    await emit(stage, client.tenant_id, *(event(text=str(number + k)) for k in range(5)))

            emitting = asyncio.create_task(go_on())
            dice = random.Random(4)
            told: list[event_pb2.Event] = []
            token = ""
            while len(told) < 700:
                call = subscribe(client, token, start=not token)
                for one in await take(call, min(dice.randint(1, 120), 700 - len(told))):
                    told.append(one)
                    token = one.resume_token
                    if dice.random() < 0.01:
                        break
                call.cancel()
            await emitting
        assert texts(told) == [str(number) for number in range(700)]

    async def test_lost_hints_cost_time_and_nothing_else(self, stage: Stage, client: Client):
        """Nobody listens to Valkey and nobody announces: the log alone carries the stream."""
        log = Log(stage.platform.uow, EventHistory(stage.platform.store))
        tails = Tails(log, Hints(stage.platform.redis, "nobody"))
        with acting_as(client.tenant.caller):
            seen = SeenByCaller(stage.platform.uow, None)
            made = Subscriptions(log, tails, stage.platform.pages, seen)
            stream = made.stream(Filter(), "", from_start=True)
            assert (await anext(stream)).events == ()
            await fill(stage, client, event(text="found"))
            batch = await asyncio.wait_for(anext(stream), 5)
            assert [one.sequence for one in batch.events] == [1]
            await stream.aclose()

    @pytest.mark.parametrize(
        ("wanted", "told"),
        [
            ({}, ["a", "b", "c", "d"]),
            ({"types": ["device."]}, ["a", "b", "c"]),
            ({"types": ["data.gap", "device.archived"]}, ["c", "d"]),
            ({"types": ["device"]}, []),
            ({"subjects": ["meters/"]}, ["a", "c", "d"]),
            ({"subjects": ["usage_points/7", "meters/2"]}, ["b", "c"]),
            ({"min_severity": event_pb2.SEVERITY_WARNING}, ["b", "d"]),
            ({"types": ["device."], "min_severity": event_pb2.SEVERITY_WARNING}, ["b"]),
        ],
    )
    @pytest.mark.parametrize("place", ["live", "postgresql", "history"])
    async def test_filters_hold_everywhere(self, stage: Stage, client: Client, place, wanted, told):
        sentinel = event("end", "end", type="test.end", severity="CRITICAL")
        stated = [
            event("meters/1", "a"),
            event("usage_points/7", "b", severity="WARNING"),
            event("meters/2", "c", type="device.archived"),
            event("meters/3", "d", type="data.gap", severity="CRITICAL"),
        ]
        ends = {"types": "test.end", "subjects": "end"}
        also_the_end = {
            name: [*values, ends[name]] if name in ends else values for name, values in wanted.items()
        }
        if place == "live":
            call = subscribe(client, **also_the_end)
            await call.read()
            await fill(stage, client, *stated, sentinel)
        else:
            await fill(stage, client, *stated, sentinel)
            if place == "history":
                await archived(stage)
            call = subscribe(client, start=True, **also_the_end)
        found = await take(call, len(told) + 1)
        call.cancel()
        assert texts(found) == [*told, "end"]

    async def test_heartbeats_carry_a_token_that_has_moved_on(self, stage: Stage, client: Client):
        """A filter that matches nothing must not make its subscriber start from the beginning each time."""
        log = Log(stage.platform.uow, EventHistory(stage.platform.store))
        made = Subscriptions(
            log,
            Tails(log, Hints(stage.platform.redis, "events")),
            stage.platform.pages,
            SeenByCaller(stage.platform.uow, None),
            heartbeat=timedelta(milliseconds=150),
        )
        await fill(stage, client, *(event() for _ in range(10)))
        with acting_as(client.tenant.caller):
            nothing = Filter(subjects=Filter().subjects.parse(["nowhere/"], "/"))
            stream = made.stream(nothing, "", from_start=True)
            positions = [(await anext(stream)).position for _ in range(3)]
            await stream.aclose()
        assert positions == [0, 10, 10]

    async def test_a_slow_subscriber_loses_nothing_and_hinders_nobody(self, stage: Stage, client: Client):
        slow = subscribe(client)
        await slow.read()
        quick = subscribe(client)
        await quick.read()
        body = "x" * 3000
        async with working(stage):
            for number in range(40):
                await emit(stage, client.tenant_id, *(event(f"meters/{number}", body) for _ in range(50)))
            told = await take(quick, 2000, 30)
        late = await take(slow, 2000, 30)
        quick.cancel()
        slow.cancel()
        assert [one.sequence for one in told] == [one.sequence for one in late] == list(range(1, 2001))

    async def test_tenants_never_see_one_another(self, stage: Stage, client: Client, stranger: Client):
        mine, theirs = subscribe(client), subscribe(stranger)
        await mine.read()
        await theirs.read()
        await fill(stage, stranger, event(text="theirs"))
        await fill(stage, client, event(text="mine"))
        assert texts(await take(mine, 1)) == ["mine"]
        assert texts(await take(theirs, 1)) == ["theirs"]
        mine.cancel()
        theirs.cancel()


class TestTokens:
    async def test_forged_foreign_and_misplaced_tokens_are_refused(
        self, stage: Stage, client: Client, stranger: Client
    ):
        await fill(stage, client, event())
        await fill(stage, stranger, event())
        token = (await subscribe(client).read()).resume_token
        foreign = (await subscribe(stranger).read()).resume_token
        for wrong, wanted in (
            ("A" + token[1:], {}),
            ("nonsense!", {}),
            (foreign, {}),
            (token, {"types": ["command."]}),
        ):
            error = await refused(subscribe(client, wrong, **wanted).read())
            assert error.code() is CODE.INVALID_ARGUMENT
            reason, _, violations = error_of(error)
            assert reason == "RESUME_TOKEN_INVALID"
            assert violations[0][0] == "resume_token"

    async def test_a_token_ahead_of_a_restored_log_is_refused(self, stage: Stage, client: Client):
        await fill(stage, client, event(), event())
        token = (await subscribe(client).read()).resume_token
        await self.set_marks(stage, client, last=1)
        error = await refused(subscribe(client, token).read())
        assert error_of(error)[0] == "RESUME_TOKEN_INVALID"

    async def test_a_token_behind_what_is_kept_is_told_apart(self, stage: Stage, client: Client):
        await fill(stage, client, event(), event(), event())
        call = subscribe(client, start=True)
        first = (await take(call, 1))[0]
        call.cancel()
        await archived(stage)
        await self.set_marks(stage, client, floor=2)
        error = await refused(subscribe(client, first.resume_token).read())
        assert error.code() is CODE.OUT_OF_RANGE
        assert error_of(error)[:2] == ("RESUME_TOKEN_EXPIRED", {"sequence": "1", "oldest": "3"})

    async def set_marks(self, stage: Stage, client: Client, **marks: int) -> None:
        async with stage.platform.uow.system() as tx:
            await tx.conn.execute(
                sa.update(tables.event_counter)
                .where(tables.event_counter.c.tenant_id == client.tenant_id)
                .values(marks)
            )

    async def test_the_order_of_a_filter_does_not_matter(self, stage: Stage, client: Client):
        await fill(stage, client, event(text="a"))
        call = subscribe(client, types=["device.", "data."])
        token = (await call.read()).resume_token
        call.cancel()
        await fill(stage, client, event(text="b"))
        again = subscribe(client, token, types=["data.", "device.", "data."])
        assert texts(await take(again, 1)) == ["b"]
        again.cancel()


class TestPull:
    async def pull(self, client: Client, **asked) -> pb.PullEventsResponse:
        return await client.events.PullEvents(pb.PullEventsRequest(**asked))

    async def test_it_tells_what_there_is_and_goes_on(self, stage: Stage, client: Client):
        await fill(stage, client, *(event(text=str(number)) for number in range(5)))
        first = await self.pull(client, from_start=True, max_events=3)
        rest = await self.pull(client, resume_token=first.resume_token)
        assert texts([*first.events, *rest.events]) == ["0", "1", "2", "3", "4"]

    async def test_it_waits_for_news(self, stage: Stage, client: Client):
        nothing_yet = await self.pull(client, wait=Duration(nanos=50_000_000))
        assert not nothing_yet.events
        waiting = asyncio.ensure_future(
            self.pull(client, resume_token=nothing_yet.resume_token, wait=Duration(seconds=20))
        )
        await asyncio.sleep(0.2)
        await fill(stage, client, event(text="news"))
        assert texts((await asyncio.wait_for(waiting, 5)).events) == ["news"]

    async def test_it_answers_before_the_deadline_passes(self, client: Client):
        request = pb.PullEventsRequest(wait=Duration(seconds=30))
        answer = await client.events.PullEvents(request, timeout=1.0)
        assert not answer.events
        assert answer.resume_token

    async def test_too_much_at_once_is_refused(self, client: Client):
        error = await refused(self.pull(client, max_events=10_001))
        assert error_of(error)[2][0][0] == "max_events"


class TestList:
    async def listed(self, client: Client, **asked) -> pb.ListEventsResponse:
        return await client.events.ListEvents(pb.ListEventsRequest(**asked))

    async def test_pages_run_newest_first_from_live_into_history(self, stage: Stage, client: Client):
        await fill(stage, client, *(event(text=str(number)) for number in range(7)))
        await archived(stage)
        await fill(stage, client, *(event(text=str(number)) for number in range(7, 12)))
        found, token = [], ""
        while True:
            page = await self.listed(client, page_size=3, page_token=token)
            found += texts(page.events)
            token = page.next_page_token
            if not token:
                break
        assert found == [str(number) for number in reversed(range(12))]
        error = await refused(
            self.listed(
                client,
                filter=event_pb2.EventFilter(types=["data."]),
                page_token=(await self.listed(client, page_size=3)).next_page_token,
            )
        )
        assert error_of(error)[0] == "PAGE_TOKEN_MISMATCH"

    @pytest.mark.parametrize("place", ["postgresql", "history"])
    async def test_spans_and_correlations(self, stage: Stage, client: Client, place):
        # The night in which clocks go back in Europe: half past two comes twice, an hour apart.
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        second = first + timedelta(hours=1)
        await fill(
            stage,
            client,
            event(text="summer", event_time=first, correlation_id="one"),
            event(text="winter", event_time=second, correlation_id="two"),
        )
        if place == "history":
            await archived(stage)

        async def between(start: datetime, end: datetime) -> list[str]:
            request = pb.ListEventsRequest(start_time=Timestamp(), end_time=Timestamp())
            request.start_time.FromDatetime(start)
            request.end_time.FromDatetime(end)
            return texts((await client.events.ListEvents(request)).events)

        assert await between(first, second) == ["summer"]
        assert await between(second, second + timedelta(microseconds=1)) == ["winter"]
        assert await between(first, second + timedelta(hours=1)) == ["winter", "summer"]
        assert texts((await self.listed(client, correlation_id="two")).events) == ["winter"]
