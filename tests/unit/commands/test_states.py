"""The rules that move a command: any sequence of reports, cancels and clocks gives at most one end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.commands.actions import TRAITS, Action
from server.commands.states import (
    ACTIVE,
    RANK,
    REPORTABLE,
    ROAD,
    TERMINAL,
    CancelOutcome,
    Decision,
    Ignored,
    Position,
    Progress,
    State,
    after_expiry,
    after_report,
    on_cancel,
)


def position(state: State = State.ACCEPTED, action: Action = Action.DISCONNECT, **others) -> Position:
    traits = TRAITS[action]
    return Position(state=state, attempt=1, max_attempts=traits.max_attempts, traits=traits, **others)


def step(at: Position, decision: Decision) -> Position:
    """What the store does with a decision, in memory."""
    for state in decision.enter:
        at = replace(
            at,
            state=state,
            attempt=at.attempt + (1 if decision.retry else 0),
            reached_sent=at.reached_sent or RANK.get(state, 0) >= RANK[State.SENT],
        )
    return at


reports = st.builds(
    Progress,
    state=st.sampled_from(sorted(REPORTABLE)),
    attempt=st.integers(1, 3),
    retriable=st.booleans(),
)
moves = st.one_of(reports, st.just("expiry"), st.just("cancel"))
actions = st.sampled_from(list(Action))
EFFECTIVE = [action for action in Action if TRAITS[action].has_effect]


@given(actions, st.lists(moves, max_size=40))
def test_any_sequence_ends_in_at_most_one_terminal_state_and_stays_there(action, sequence):
    at = position(action=action)
    entered = [at.state]
    for move in [*sequence, "expiry"]:
        before = at
        if move == "expiry":
            decision = after_expiry(at)
        elif move == "cancel":
            outcome = on_cancel(at, published=True)
            assert (outcome is CancelOutcome.TOO_LATE) == (at.sent and not at.terminal)
            continue
        elif move.attempt > at.attempt:
            continue
        else:
            decision = after_report(at, move)
        at = step(at, decision)
        entered += decision.enter
        if before.terminal:
            assert decision.ignored is Ignored.TERMINAL
            assert at == before
        assert bool(decision.enter) != bool(decision.ignored)
    assert at.terminal, "every command ends, at the latest by its expiry"
    assert sum(state in TERMINAL for state in entered) == 1
    assert entered[-1] in TERMINAL


@given(actions, st.lists(reports, max_size=40))
def test_progress_within_an_attempt_only_goes_forward(action, sequence):
    at = position(action=action)
    for report in sequence:
        if report.attempt > at.attempt:
            continue
        after = step(at, after_report(at, report))
        if after.attempt == at.attempt and not after.terminal:
            assert RANK[after.state] >= RANK[at.state]
        at = after


@given(actions, st.lists(reports, max_size=20))
def test_repeating_a_report_at_once_changes_nothing(action, sequence):
    at = position(action=action)
    for report in sequence:
        if report.attempt > at.attempt:
            continue
        after = step(at, after_report(at, report))
        if after.attempt == at.attempt:
            assert step(after, after_report(after, report)) == after
        at = after


@given(st.sampled_from(EFFECTIVE), st.lists(reports, max_size=30))
def test_what_has_an_effect_is_never_tried_again_after_it_may_have_reached_the_device(action, sequence):
    at = replace(position(action=action), max_attempts=5)
    for report in sequence:
        if report.attempt > at.attempt:
            continue
        decision = after_report(at, report)
        assert not (decision.retry and at.sent)
        at = step(at, decision)


@pytest.mark.parametrize(("index", "state"), list(enumerate(ROAD[1:])))
def test_the_road_in_order(index, state):
    at = position(ROAD[index])
    assert after_report(at, Progress(state, 1)).enter == (state,)


def test_out_of_order_reports_are_harmless():
    at = position(State.DELIVERED)
    for late in (State.QUEUED, State.AWAITING_CONTACT, State.SENT, State.DELIVERED):
        assert after_report(at, Progress(late, 1)) == Decision(ignored=Ignored.PASSED)


def test_a_verified_report_passes_through_executed():
    decision = after_report(position(State.SENT), Progress(State.VERIFIED, 1))
    assert decision.enter == (State.EXECUTED, State.VERIFIED)


@pytest.mark.parametrize("action", [Action.ON_DEMAND_READ, Action.PING])
def test_an_answer_that_is_its_own_proof_verifies(action):
    assert after_report(position(State.SENT, action), Progress(State.EXECUTED, 1)).enter == (
        State.EXECUTED,
        State.VERIFIED,
    )


def test_a_switch_is_verified_only_by_its_observed_state():
    assert after_report(position(State.SENT), Progress(State.EXECUTED, 1)).enter == (State.EXECUTED,)


@pytest.mark.parametrize("state", sorted(ACTIVE))
@pytest.mark.parametrize("action", [Action.DISCONNECT, Action.CONNECT])
def test_expiry_of_a_switch_is_honest(state, action):
    sent = RANK[state] >= RANK[State.SENT]
    expected = State.UNKNOWN_OUTCOME if sent else State.EXPIRED
    assert after_expiry(position(state, action)).enter == (expected,)
    assert after_report(position(state, action), Progress(State.EXPIRED, 1)).enter == (expected,)


@pytest.mark.parametrize("state", sorted(ACTIVE))
def test_expiry_of_a_read_is_just_expiry(state):
    assert after_expiry(position(state, Action.ON_DEMAND_READ)).enter == (State.EXPIRED,)


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_the_end_is_the_end(state):
    at = position(state)
    assert after_expiry(at).ignored is Ignored.TERMINAL
    assert on_cancel(at, published=True) is CancelOutcome.ALREADY_TERMINAL
    for reported in REPORTABLE:
        assert after_report(at, Progress(reported, 1)).ignored is Ignored.TERMINAL


def test_cancel_says_how_far_it_was():
    assert on_cancel(position(), published=False) is CancelOutcome.CANCELLED
    assert on_cancel(position(State.AWAITING_CONTACT), published=True) is CancelOutcome.REQUESTED
    assert on_cancel(position(State.SENT), published=True) is CancelOutcome.TOO_LATE


def test_a_withdrawal_after_transmission_is_not_believed():
    assert after_report(position(State.SENT), Progress(State.CANCELLED, 1)).ignored is Ignored.ALREADY_SENT
    assert after_report(position(State.QUEUED), Progress(State.CANCELLED, 1)).enter == (State.CANCELLED,)


def test_a_read_is_tried_again_and_an_old_answer_still_counts():
    at = position(State.SENT, Action.ON_DEMAND_READ)
    decision = after_report(at, Progress(State.FAILED, 1, retriable=True))
    assert decision == Decision(enter=(State.QUEUED,), retry=True)
    second = step(at, decision)
    assert second.attempt == 2
    assert after_report(second, Progress(State.FAILED, 1)).ignored is Ignored.STALE_ATTEMPT
    assert after_report(second, Progress(State.EXECUTED, 1)).enter[-1] is State.VERIFIED


def test_a_failed_switch_is_tried_again_only_when_it_never_left():
    at = replace(position(State.QUEUED), max_attempts=2)
    assert after_report(at, Progress(State.FAILED, 1, retriable=True)).retry
    assert after_report(replace(at, state=State.SENT), Progress(State.FAILED, 1, retriable=True)).enter == (
        State.FAILED,
    )
