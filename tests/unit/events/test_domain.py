"""Filters, tails, tokens and sizes: the pure parts of the event streams."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.events import convert
from server.events.append import trace_id_of
from server.events.domain import Batch, Criteria, Event, Filter, Severity
from server.events.store import batch_of
from server.events.subscription import LARGEST_MESSAGE_BYTES, _cut
from server.events.tail import Tail
from server.platform.errors import InvalidArgument
from simba.commands.v1 import events_pb2
from simba.events.v1 import event_pb2, event_service_pb2

NOW = datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC)


def event(sequence: int = 1, **others) -> Event:
    values = {
        "sequence": sequence,
        "event_id": uuid4(),
        "type": "command.state_changed",
        "severity": Severity.INFO,
        "subject": "meters/1",
        "meter_id": "1",
        "usage_point_id": "",
        "command_id": "",
        "correlation_id": "",
        "trace_id": "",
        "event_time": NOW,
        "publish_time": NOW,
        "payload_type": "simba.commands.v1.CommandStateChanged",
        "payload": b"",
    }
    return Event(**(values | others))


class TestFilter:
    @pytest.mark.parametrize(
        ("types", "matches"),
        [
            ([], True),
            (["command."], True),
            (["command.state_changed"], True),
            (["command"], False),
            (["command.state"], False),
            (["device.", "data."], False),
            (["device.", "command."], True),
        ],
    )
    def test_types(self, types, matches):
        assert Filter(types=Criteria.parse(types, ".")).match(event()) is matches

    @pytest.mark.parametrize(
        ("subjects", "matches"),
        [
            ([], True),
            (["meters/"], True),
            (["meters/1"], True),
            (["meters/12"], False),
            (["usage_points/"], False),
        ],
    )
    def test_subjects(self, subjects, matches):
        assert Filter(subjects=Criteria.parse(subjects, "/")).match(event()) is matches

    @pytest.mark.parametrize("lowest", list(Severity))
    def test_severity(self, lowest):
        assert [Filter(min_severity=lowest).match(event(severity=one)) for one in Severity] == [
            one >= lowest for one in Severity
        ]

    @given(st.permutations(["a.", "b.c", "a.", "ü."]))
    def test_order_and_repeats_do_not_make_another_filter(self, types):
        assert Criteria.parse(types, ".") == Criteria.parse(["ü.", "b.c", "a."], ".")

    def test_its_key_must_not_change_between_releases(self):
        """Tokens of subscribers are bound to it: they must survive an upgrade."""
        assert Filter().key == "{}"
        chosen = Filter(
            types=Criteria.parse(["device.", "data.gap"], "."),
            subjects=Criteria.parse(["meters/"], "/"),
            min_severity=Severity.CRITICAL,
        )
        assert chosen.key == (
            '{"min_severity": ["CRITICAL"], "subjects": ["meters/"], "types": ["data.gap", "device."]}'
        )

    def test_an_empty_name_is_refused(self):
        with pytest.raises(InvalidArgument) as caught:
            convert.filter_of(event_pb2.EventFilter(types=["command.", ""]))
        assert caught.value.violations[0].field == "filter.types[1]"

    def test_unspecified_severity_means_all(self):
        assert convert.filter_of(event_pb2.EventFilter()).min_severity is Severity.INFO


class TestTail:
    def test_it_gives_what_it_holds_and_admits_what_not(self):
        tail = Tail(10)
        tail.append([event(11), event(12)])
        assert tail.last == 12
        assert [one.sequence for one in tail.after(10, 5)] == [11, 12]
        assert [one.sequence for one in tail.after(11, 5)] == [12]
        assert tail.after(12, 5) == []
        assert tail.after(20, 5) == []
        assert tail.after(9, 5) is None

    @given(st.lists(st.integers(0, 30), max_size=20), st.integers(1, 10))
    def test_it_forgets_the_oldest_and_never_leaves_a_hole(self, sizes, keep):
        tail = Tail(0, keep=keep)
        last = 0
        for size in sizes:
            tail.append([event(last + 1 + index) for index in range(size)])
            last += size
            assert tail.last == last
            for position in range(last + 1):
                held = tail.after(position, 1000)
                if held is not None:
                    assert [one.sequence for one in held] == list(range(position + 1, last + 1))
                else:
                    assert position < last - keep

    async def test_news_wakes_all_who_wait_and_only_for_news(self):
        tail = Tail(0)
        waiting = [asyncio.create_task(tail.news(0, 60)) for _ in range(3)]
        await asyncio.sleep(0)
        tail.append([])
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        tail.append([event(1)])
        await asyncio.gather(*waiting)
        await tail.news(0, 60)
        await tail.news(1, 0.01)

    async def test_an_ended_tail_keeps_nobody_waiting(self):
        tail = Tail(0)
        waiting = asyncio.create_task(tail.news(0, 60))
        await asyncio.sleep(0)
        tail.end()
        await waiting
        await tail.news(0, 60)


class TestBatch:
    def test_a_full_batch_goes_on_after_its_last_event(self):
        assert batch_of((event(3), event(9)), 0, 2, upto=100, last=100).position == 9

    def test_a_batch_with_room_has_looked_at_everything(self):
        batch = batch_of((event(3),), 0, 2, upto=100, last=200)
        assert batch.position == 100
        assert not batch.caught_up

    def test_a_position_never_goes_back(self):
        assert batch_of((), 50, 2, upto=40, last=40).position == 50

    def test_a_message_is_not_too_large(self):
        half = b"x" * (LARGEST_MESSAGE_BYTES // 2)
        batch = Batch((event(1, payload=half), event(2, payload=half), event(3)), 3, 3)
        cut = _cut(batch)
        assert [one.sequence for one in cut.events] == [1]
        assert cut.position == 1

    def test_one_event_always_fits(self):
        giant = Batch((event(5, payload=b"x" * 2 * LARGEST_MESSAGE_BYTES),), 9, 9)
        assert len(_cut(giant).events) == 1
        small = Batch((event(1),), 7, 7)
        assert _cut(small) is small


class TestWire:
    def test_an_event_carries_its_payload_as_any(self):
        fact = events_pb2.CommandStateChanged(previous_state=1)
        wire = convert.wire_event(
            event(4, payload=fact.SerializeToString(), severity=Severity.CRITICAL), "token"
        )
        unpacked = events_pb2.CommandStateChanged()
        assert wire.payload.Unpack(unpacked)
        assert unpacked == fact
        assert wire.event_time.ToDatetime(tzinfo=UTC) == NOW
        assert wire.severity == event_pb2.SEVERITY_CRITICAL
        assert (wire.sequence, wire.resume_token) == (4, "token")

    def test_a_span_must_have_length(self):
        request = event_service_pb2.ListEventsRequest()
        request.start_time.FromDatetime(NOW)
        request.end_time.FromDatetime(NOW)
        with pytest.raises(InvalidArgument) as caught:
            convert.span_of(request)
        assert caught.value.violations[0].field == "end_time"

    def test_trace_ids(self):
        assert trace_id_of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") == (
            "4bf92f3577b34da6a3ce929d0e0e4736"
        )
        assert trace_id_of("") == trace_id_of("damaged") == ""
