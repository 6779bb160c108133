"""A command's times, its history, and what is told about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from server.commands import convert
from server.commands.actions import TRAITS, Action
from server.commands.domain import (
    EXPIRY_GRACE,
    Command,
    NewCommand,
    ReadingResult,
    Result,
    republish_after,
)
from server.commands.errors import ExpiryInPast
from server.commands.evolution import accepted, acknowledged, enter, published
from server.commands.rows import result_json
from server.commands.rows import result_of as stored_result
from server.commands.states import Decision, Progress, State, after_report
from server.commands.timer import wake
from server.platform.errors import InvalidArgument
from simba.commands.v1 import command_pb2, command_service_pb2
from simba.commands.v1.command_pb2 import CommandAction, CommandState

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def command(action: Action = Action.DISCONNECT, **others) -> Command:
    values = {
        "command_id": uuid4(),
        "meter_id": uuid4(),
        "usage_point_id": uuid4(),
        "adapter": "chirpstack",
        "dev_eui": "0102030405060708",
        "action": action,
        "state": State.ACCEPTED,
        "accept_time": NOW,
        "update_time": NOW,
        "not_before": NOW,
        "expires_at": NOW + HOUR,
        "max_attempts": TRAITS[action].max_attempts,
    }
    return Command(**(values | others))


def asked(**others) -> NewCommand:
    return NewCommand(**({"meter_id": uuid4(), "action": Action.DISCONNECT} | others))


class TestWindow:
    @pytest.mark.parametrize(("action", "hours"), [(Action.DISCONNECT, 24), (Action.ON_DEMAND_READ, 6)])
    def test_every_command_expires(self, action, hours):
        assert asked(action=action).window(NOW) == (NOW, NOW + timedelta(hours=hours))

    def test_the_default_counts_from_the_start(self):
        later = NOW + timedelta(days=2)
        assert asked(not_before=later).window(NOW) == (later, later + timedelta(hours=24))

    def test_a_start_in_the_past_means_now(self):
        assert asked(not_before=NOW - HOUR).window(NOW)[0] == NOW

    def test_an_expiry_in_the_past_is_refused(self):
        with pytest.raises(ExpiryInPast, match="lies in the past") as caught:
            asked(expires_at=NOW).window(NOW)
        assert caught.value.violations[0].field == "command.expire_time"

    @pytest.mark.parametrize(
        ("start", "end", "field"),
        [
            (NOW + 2 * HOUR, NOW + HOUR, "command.expire_time"),
            (None, NOW + timedelta(days=40), "command.expire_time"),
            (NOW + timedelta(days=32), None, "command.not_before"),
        ],
    )
    def test_times_that_make_no_sense_are_refused(self, start, end, field):
        with pytest.raises(InvalidArgument) as caught:
            asked(not_before=start, expires_at=end).window(NOW)
        assert caught.value.violations[0].field == field


class TestEvolution:
    def test_what_may_go_now_goes_with_the_submit(self):
        change = accepted(command(), NOW)
        assert change.publish
        assert change.command.published
        assert [step.transition.state for step in change.steps] == [State.ACCEPTED]
        assert change.steps[0].previous is None
        assert change.command.wake_time == NOW + republish_after(1)

    def test_what_must_wait_waits(self):
        change = accepted(command(not_before=NOW + HOUR, expires_at=NOW + 3 * HOUR), NOW)
        assert not change.publish
        assert not change.command.published
        assert change.command.wake_time == NOW + HOUR
        due = wake(change.command, NOW + HOUR)
        assert due.publish
        assert due.steps == ()

    def test_silence_of_the_adapter_publishes_again_less_and_less_often(self):
        assert [republish_after(count).total_seconds() for count in (1, 2, 3, 8, 1000)] == [
            30,
            60,
            120,
            3600,
            3600,
        ]
        once = accepted(command(), NOW).command
        again = published(once, NOW + timedelta(seconds=30)).command
        assert again.publish_count == 2
        assert acknowledged(again).wake_time == again.expires_at + EXPIRY_GRACE

    def test_what_was_sent_is_never_published_again(self):
        sent = enter(
            accepted(command(), NOW).command, Decision(enter=(State.SENT,)), time=NOW, now=NOW
        ).command
        assert sent.publish_due is None

    def test_a_retry_begins_an_attempt_and_goes_to_the_bus(self):
        first = accepted(command(Action.ON_DEMAND_READ), NOW).command
        decision = after_report(first.position, Progress(State.FAILED, 1, retriable=True))
        change = enter(first, decision, time=NOW, now=NOW + HOUR / 2, description="no answer")
        assert change.publish
        assert [(one.number, one.outcome) for one in change.command.attempts] == [(1, "no answer"), (2, "")]
        assert change.command.publish_count == 1
        assert convert.bus_message_id(change.command) != convert.bus_message_id(first)

    def test_the_end_is_told_with_its_reason(self):
        change = enter(
            accepted(command(), NOW).command,
            Decision(enter=(State.FAILED,)),
            time=NOW,
            now=NOW,
            description="payload too large for DR0",
        )
        assert change.command.error == "payload too large for DR0"
        assert change.command.attempts[0].outcome == "FAILED: payload too large for DR0"
        assert change.command.wake_time is None

    def test_the_timer_ends_what_is_over(self):
        over = command().expires_at + EXPIRY_GRACE
        assert wake(accepted(command(), NOW).command, over).command.state is State.EXPIRED
        sent = enter(accepted(command(), NOW).command, Decision(enter=(State.SENT,)), time=NOW, now=NOW)
        assert wake(sent.command, over).command.state is State.UNKNOWN_OUTCOME

    def test_versions_and_steps_are_numbered_without_gaps(self):
        current = accepted(command(), NOW).command
        numbers = [current.transition_count]
        for state in (State.QUEUED, State.SENT, State.VERIFIED):
            decision = after_report(current.position, Progress(state, 1))
            change = enter(current, decision, time=NOW, now=NOW)
            numbers += [step.transition.sequence for step in change.steps]
            assert change.command.version > current.version
            current = change.command
        assert numbers == [1, 2, 3, 4, 5]

    def test_the_event_of_an_inner_step_shows_the_command_as_it_was_then(self):
        current = accepted(command(Action.ON_DEMAND_READ), NOW).command
        reading = Result(readings=(ReadingResult(7, NOW, Decimal("1.5")),))
        decision = after_report(current.position, Progress(State.EXECUTED, 1))
        change = enter(current, decision, time=NOW, now=NOW, result=reading)
        executed, verified = (convert.state_changed(change.command, step) for step in change.steps)
        assert executed.command.state == command_pb2.COMMAND_STATE_EXECUTED
        assert not executed.command.HasField("result")
        assert verified.previous_state == command_pb2.COMMAND_STATE_EXECUTED
        assert verified.command.result.readings[0].value == "1.5"


class TestResult:
    def test_later_reports_complete_earlier_ones(self):
        one = Result(readings=(ReadingResult(1, NOW, Decimal(1)),), answer_json='{"a": 1}')
        two = Result(readings=(ReadingResult(2, NOW, Decimal(2)),), switch_state="disconnected")
        both = one.merged(two)
        assert [reading.channel for reading in both.readings] == [1, 2]
        assert both.switch_state == "disconnected"
        assert both.answer_json == '{"a": 1}'


readings = st.builds(
    ReadingResult,
    channel=st.integers(0, 2**64 - 1),
    time=st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    value=st.decimals(allow_nan=False, allow_infinity=False, places=6),
    unit=st.text(max_size=8),
    channel_code=st.text(max_size=8),
)
results = st.builds(
    Result,
    readings=st.lists(readings, max_size=4).map(tuple),
    switch_state=st.sampled_from(["", "connected", "disconnected", "armed"]),
    answer_json=st.text(max_size=20),
)


@given(results)
def test_results_survive_the_table(result):
    assert stored_result(result_json(result)) == result


@given(results)
def test_results_survive_the_wire(result):
    assert convert.result_of("result", convert.wire_result(result)) == result


@given(st.sampled_from(list(State)))
def test_states_survive_the_wire(state):
    assert convert.state_of(convert.wire_state(state)) is state


@given(st.sampled_from(list(Action)))
def test_actions_survive_the_wire(action):
    assert convert.action_of("action", convert.wire_action(action)) is action


def test_the_wire_has_no_state_or_action_that_we_do_not_know():
    states = {name.removeprefix("COMMAND_STATE_") for name in CommandState.keys()}  # noqa: SIM118
    assert states == {*State, "UNSPECIFIED"}
    actions = {name.removeprefix("COMMAND_ACTION_").lower() for name in CommandAction.keys()}  # noqa: SIM118
    assert actions == {*Action, "unspecified"}


@given(
    reason=st.text(max_size=50),
    issuer=st.text(max_size=20),
    tracking=st.text(max_size=20),
    priority=st.integers(0, 100),
)
def test_a_submit_survives_the_wire(reason, issuer, tracking, priority):
    wire = command_pb2.Command(
        meter_id=str(uuid4()),
        action=command_pb2.COMMAND_ACTION_DISCONNECT,
        reason=reason,
        issuer_id=issuer,
        issuer_tracking_id=tracking,
        priority=priority,
    )
    wanted = convert.new_command_of(command_service_pb2.SubmitCommandRequest(command=wire))
    assert (wanted.reason, wanted.issuer_id, wanted.issuer_tracking_id, wanted.priority) == (
        reason,
        issuer,
        tracking,
        priority,
    )
    assert wanted.not_before is wanted.expires_at is None


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        (command_pb2.Command(meter_id="nonsense", action=1), "command.meter_id"),
        (command_pb2.Command(meter_id=str(uuid4())), "command.action"),
        (
            command_pb2.Command(meter_id=str(uuid4()), action=1, expire_time=Timestamp(seconds=10**15)),
            "command.expire_time",
        ),
    ],
)
def test_bad_requests_name_the_field(wire, field):
    with pytest.raises(InvalidArgument) as caught:
        convert.new_command_of(command_service_pb2.SubmitCommandRequest(command=wire))
    assert caught.value.violations[0].field == field


@pytest.mark.parametrize("text", ["", "1,5", "NaN", "Infinity", "abc"])
def test_a_value_that_is_no_number_names_its_reading(text):
    wire = command_pb2.CommandResult(readings=[command_pb2.CommandReading(value=text)])
    with pytest.raises(InvalidArgument) as caught:
        convert.result_of("reports[3].result", wire)
    assert caught.value.violations[0].field == "reports[3].result.readings[0].value"


def test_a_late_watcher_sees_the_command_as_it_was():
    change = accepted(command(), NOW)
    sent = enter(change.command, Decision(enter=(State.SENT,)), time=NOW, now=NOW)
    steps = (change.steps[0].transition, sent.steps[0].transition)
    whole = replace(sent.command, transitions=steps)
    early = whole.as_of(steps[0])
    assert early.state is State.ACCEPTED
    assert early.transitions == steps[:1]
    assert whole.as_of(steps[1]) == whole
