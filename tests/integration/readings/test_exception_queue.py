"""The work queue of findings through gRPC."""

from datetime import date, timedelta

import grpc
import pytest

from server.readings.desk import queue as queue_module
from server.readings.domain import Quality
from simba.common.v1 import types_pb2 as common
from simba.readings.v1 import events_pb2, reading_edit_pb2, reading_edit_service_pb2, reading_pb2
from simba.readings.v1 import vee_service_pb2 as pb
from simba.readings.v1.reading_block_pb2 import ReadingBlock
from tests.integration.readings.test_edits import (
    Editor,
    events_of,
    second_person,
)
from tests.support.platform import error_of, make_tenant
from tests.support.readings_api import DAY, make_home, starts, validated

OPEN, ASSIGNED, RESOLVED, ACCEPTED, DISMISSED, CLOSED = (
    pb.VEE_EXCEPTION_STATE_OPEN,
    pb.VEE_EXCEPTION_STATE_ASSIGNED,
    pb.VEE_EXCEPTION_STATE_RESOLVED,
    pb.VEE_EXCEPTION_STATE_ACCEPTED,
    pb.VEE_EXCEPTION_STATE_DISMISSED,
    pb.VEE_EXCEPTION_STATE_CLOSED,
)
SPIKED = [1_000_000] * 10 + [50_000_000] + [1_000_000] * 35
AUTUMN = date(2024, 10, 27)


@pytest.fixture
async def clerk(lone_platform, lone_server) -> Editor:
    tenant = await make_tenant(lone_platform)
    made = Editor(tenant, lone_server.channel(tenant.secret))
    made.home = await make_home(made.api)
    return made


async def listed(clerk, **filters) -> list[pb.VeeException]:
    """All pages of two rows."""
    found, token = [], ""
    while True:
        request = pb.ListVeeExceptionsRequest(page_size=2, page_token=token, **filters)
        answer = await clerk.api.vee.ListVeeExceptions(request)
        found += answer.exceptions
        token = answer.next_page_token
        if not token:
            return found


def key(clerk, rule="V11", day: date = DAY) -> pb.VeeExceptionKey:
    return pb.VeeExceptionKey(series=clerk.home.series, day=day.isoformat(), rule=rule)


def these(*keys) -> pb.VeeExceptionSelection:
    return pb.VeeExceptionSelection(keys=keys)


def those(**wanted) -> pb.VeeExceptionSelection:
    return pb.VeeExceptionSelection(filter=pb.VeeExceptionFilter(**wanted))


async def resolve(clerk, selection, **others) -> pb.VeeExceptionsOutcome:
    others.setdefault("reason_code", "CHECKED")
    request = pb.ResolveVeeExceptionsRequest(selection=selection, **others)
    return (await clerk.api.vee.ResolveVeeExceptions(request)).outcome


async def accept(clerk, selection) -> pb.AcceptVeeExceptionsResponse:
    request = pb.AcceptVeeExceptionsRequest(selection=selection, reason_code="CONFIRMED", note="phoned")
    return await clerk.api.vee.AcceptVeeExceptions(request)


async def holes(clerk, days: int, first: date = date(2025, 5, 1), sequence: int = 10) -> list[date]:
    """Days of which all but the first half hours are missing."""
    found = [first + timedelta(days=n) for n in range(days)]
    for place, day in enumerate(found):
        await clerk.give([1_000_000] * 40, day, sequence=sequence + place)
    return found


async def test_a_finding_is_assigned_resolved_and_opened_again(clerk, lone_platform):
    await clerk.give(SPIKED)
    (found,) = await listed(clerk)
    assert (found.rule, found.day, found.state, found.assignee) == ("V11", DAY.isoformat(), OPEN, "")
    assign = pb.AssignVeeExceptionsRequest(selection=these(key(clerk)), assignee="anna", note="please look")
    outcome = (await clerk.api.vee.AssignVeeExceptions(assign)).outcome
    assert (outcome.changed, outcome.unchanged, list(outcome.rejected)) == (1, 0, [])
    assert (await clerk.api.vee.AssignVeeExceptions(assign)).outcome.unchanged == 1
    (found,) = await listed(clerk, assignee="anna")
    assert (found.state, found.note) == (ASSIGNED, "please look")
    assert await listed(clerk, assignee="bert") == []
    assert (await resolve(clerk, these(key(clerk)), note="meter was moved")).changed == 1
    (found,) = await listed(clerk, states=[RESOLVED])
    assert (found.reason_code, found.note, found.assignee) == ("CHECKED", "meter was moved", "anna")
    assert await listed(clerk, states=[OPEN, ASSIGNED]) == []
    wrong = await resolve(clerk, these(key(clerk)), state=DISMISSED)
    assert [one.reason for one in wrong.rejected] == ["STATE_TRANSITION_INVALID"]
    reopen = pb.ReopenVeeExceptionsRequest(selection=these(key(clerk)), note="not so sure")
    assert (await clerk.api.vee.ReopenVeeExceptions(reopen)).outcome.changed == 1
    (found,) = await listed(clerk, states=[OPEN])
    history = await clerk.api.vee.ListVeeExceptionHistory(
        pb.ListVeeExceptionHistoryRequest(series=clerk.home.series, day=DAY.isoformat(), rule="V11")
    )
    assert [(one.old_state, one.new_state) for one in history.changes] == [
        (RESOLVED, OPEN),
        (ASSIGNED, RESOLVED),
        (OPEN, ASSIGNED),
    ]
    assert {one.actor for one in history.changes} == {clerk.tenant.caller.principal_id}
    told = await events_of(lone_platform, clerk.tenant)
    settled = [
        events_pb2.VeeExceptionsSettled.FromString(payload)
        for topic, payload in told
        if topic == "data.vee_exceptions_settled"
    ]
    assert [(one.state, one.count) for one in settled] == [(RESOLVED, 1), (OPEN, 1)]


async def test_good_keys_are_done_beside_bad_ones(clerk):
    await clerk.give(SPIKED)
    outcome = await resolve(clerk, these(key(clerk), key(clerk, "V13"), key(clerk, day=AUTUMN)))
    assert outcome.changed == 1
    assert [(one.key.rule, one.key.day, one.reason) for one in outcome.rejected] == [
        ("V13", DAY.isoformat(), "VEE_EXCEPTION_NOT_FOUND"),
        ("V11", AUTUMN.isoformat(), "VEE_EXCEPTION_NOT_FOUND"),
    ]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await resolve(clerk, pb.VeeExceptionSelection())
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await resolve(clerk, these(pb.VeeExceptionKey(series=1, day="2025-02-30", rule="V11")))
    assert [field for field, _ in error_of(refused.value)[2]] == ["selection.keys[0].day"]


async def test_a_finding_that_vanishes_closes_and_one_that_comes_back_opens(clerk):
    await clerk.give(SPIKED)
    await resolve(clerk, these(key(clerk)))
    # The field corrects itself.
    await clerk.give([1_000_000] * 46, sequence=2)
    standing = [one for one in await listed(clerk) if one.rule == "V11"]
    assert standing == []
    (closed,) = await listed(clerk, states=[CLOSED], rule="V11")
    assert (closed.state, closed.reason_code) == (CLOSED, "CHECKED")
    gone = await resolve(clerk, these(key(clerk)))
    assert [one.reason for one in gone.rejected] == ["VEE_EXCEPTION_NOT_FOUND"]
    # And takes it back.
    await clerk.give(SPIKED, sequence=3)
    (back,) = await listed(clerk, rule="V11")
    assert back.state == OPEN
    assert [one.rule for one in await listed(clerk, states=[RESOLVED])] == []


async def test_what_did_not_change_stays_settled_when_the_rules_run_again(clerk):
    await clerk.give(SPIKED)
    await resolve(clerk, these(key(clerk)), state=DISMISSED)
    await validated(clerk.api, clerk.home)
    (found,) = await listed(clerk)
    assert found.state == DISMISSED


async def test_a_spike_is_accepted_and_its_value_is_valid(clerk):
    await clerk.give(SPIKED)
    answer = await accept(clerk, these(key(clerk)))
    assert (answer.outcome.changed, len(answer.edit_ids), answer.pending) == (1, 1, 0)
    value = (await clerk.day())[10]
    assert (value.value, value.state) == ("50", reading_pb2.READING_STATE_VALIDATED)
    assert value.quality & Quality.VERIFIED
    await validated(clerk.api, clerk.home)
    (found,) = await listed(clerk)
    assert (found.state, found.reason_code) == (ACCEPTED, "CONFIRMED")
    assert (await accept(clerk, these(key(clerk)))).outcome.unchanged == 1
    # Taken back, it is suspect and open again.
    revert = reading_edit_service_pb2.RevertEditRequest(edit_id=answer.edit_ids[0])
    await clerk.edits.RevertEdit(revert)
    assert (await clerk.day())[10].state == reading_pb2.READING_STATE_SUSPECT
    (found,) = await listed(clerk)
    assert found.state == OPEN


async def test_estimates_are_accepted_and_what_is_missing_is_not(clerk):
    hole = list(SPIKED)
    hole[10] = 1_000_000
    await clerk.give(hole)
    # Two half hours of the autumn day are missing and estimated, the end of another one is missing.
    values = [1_000_000] * 50
    block = [(at, value) for at, value in zip(starts(AUTUMN), values, strict=True)]
    del block[20:22]
    await clerk.api.send(
        ReadingBlock(
            source="test",
            sequence=7,
            channel=[clerk.home.energy] * len(block),
            time_ms=[at for at, _ in block],
            value_micro=[value for _, value in block],
        )
    )
    await validated(clerk.api, clerk.home, AUTUMN)
    (day,) = await holes(clerk, 1)
    answer = await accept(clerk, those(rule="V06"))
    assert answer.outcome.changed == 1
    assert [(one.key.day, one.reason) for one in answer.outcome.rejected] == [
        (day.isoformat(), "DATA_INSUFFICIENT")
    ]
    kept = (await clerk.day(AUTUMN))[20]
    assert kept.state == reading_pb2.READING_STATE_ESTIMATED
    assert kept.quality & Quality.VERIFIED


async def test_an_acceptance_waits_for_the_second_person(clerk, lone_platform, lone_server):
    await clerk.give(SPIKED)
    settings = reading_edit_pb2.EditSettings(four_eyes=True)
    await clerk.edits.UpdateEditSettings(
        reading_edit_service_pb2.UpdateEditSettingsRequest(settings=settings)
    )
    answer = await accept(clerk, these(key(clerk)))
    assert (answer.outcome.changed, answer.pending, len(answer.edit_ids)) == (0, 1, 1)
    assert [one.state for one in await listed(clerk)] == [OPEN]
    # What waits is not asked for twice.
    again = await accept(clerk, those())
    assert (again.outcome.unchanged, len(again.edit_ids)) == (1, 0)
    other = await second_person(clerk, lone_platform, lone_server)
    await other.edits.ApproveEdit(reading_edit_service_pb2.ApproveEditRequest(edit_id=answer.edit_ids[0]))
    assert [one.state for one in await listed(clerk)] == [ACCEPTED]


async def test_filters_and_pages_over_both_stores(clerk):
    await clerk.give(SPIKED)
    days = await holes(clerk, 5)
    everything = await listed(clerk)
    assert len(everything) == 6
    assert await listed(clerk, commodity=common.COMMODITY_ELECTRICITY) == everything
    assert await listed(clerk, commodity=common.COMMODITY_GAS) == []
    assert await listed(clerk, severity=pb.VEE_SEVERITY_INFO) == []
    assert len(await listed(clerk, severity=pb.VEE_SEVERITY_ISSUE, rule="V06")) == 5
    settled = [key(clerk, "V06", day) for day in days[:3]]
    assert (await resolve(clerk, these(*settled))).changed == 3
    assert {one.day for one in await listed(clerk, states=[RESOLVED])} == {one.day for one in settled}
    left = await listed(clerk, states=[OPEN])
    assert [(one.rule, one.day) for one in left] == [
        (one.rule, one.day) for one in everything if one.day not in {two.day for two in settled}
    ]
    assert len(await listed(clerk, states=[OPEN, RESOLVED])) == 6


async def test_a_filter_does_many_at_once_and_says_when_there_are_more(clerk, monkeypatch):
    monkeypatch.setattr(queue_module, "MOST_BY_FILTER", 3)
    await holes(clerk, 5)
    first = await resolve(clerk, those(rule="V06"), state=DISMISSED)
    assert (first.changed, first.more) == (3, True)
    second = await resolve(clerk, those(rule="V06"), state=DISMISSED)
    assert (second.changed, second.more) == (2, False)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await resolve(clerk, those(states=[CLOSED]))
    assert [field for field, _ in error_of(refused.value)[2]] == ["selection.filter.states"]


async def test_the_queue_is_looked_through_in_pieces(clerk, monkeypatch):
    monkeypatch.setattr(queue_module, "_LEAST_READ", 1)
    monkeypatch.setattr(queue_module, "_MOST_KEYS", 1)
    days = await holes(clerk, 4)
    await resolve(clerk, these(*(key(clerk, "V06", day) for day in days[1:3])))
    assert {one.day for one in await listed(clerk, states=[RESOLVED])} == {d.isoformat() for d in days[1:3]}
    assert {one.day for one in await listed(clerk, states=[OPEN])} == {
        days[0].isoformat(),
        days[3].isoformat(),
    }
    summary = await clerk.api.vee.GetVeeExceptionSummary(pb.GetVeeExceptionSummaryRequest())
    assert summary.total == 4


async def test_counts(clerk):
    await clerk.give(SPIKED)
    days = await holes(clerk, 3)
    await resolve(clerk, these(key(clerk, "V06", days[0])))
    ask = clerk.api.vee.GetVeeExceptionSummary
    found = await ask(pb.GetVeeExceptionSummaryRequest())
    assert found.total == 4
    issue = pb.VEE_SEVERITY_ISSUE
    assert [(one.rule, one.severity, one.state, one.day, one.count) for one in found.counts] == [
        ("V06", issue, OPEN, "", 2),
        ("V06", issue, RESOLVED, "", 1),
        ("V11", issue, OPEN, "", 1),
    ]
    by_day = await ask(pb.GetVeeExceptionSummaryRequest(dimensions=[pb.VEE_SUMMARY_DIMENSION_DAY]))
    assert [(one.day, one.count) for one in by_day.counts] == [(day.isoformat(), 1) for day in (DAY, *days)]
    # A finding that no run finds any more is not counted, whatever was said of it.
    await clerk.give([1_000_000] * 48, days[0], sequence=90)
    left = (await ask(pb.GetVeeExceptionSummaryRequest())).counts
    assert [(one.rule, one.state, one.count) for one in left if one.rule == "V06"] == [("V06", OPEN, 2)]


async def test_another_tenant_sees_and_does_nothing(clerk, lone_platform, lone_server):
    await clerk.give(SPIKED)
    await resolve(clerk, these(key(clerk)))
    stranger = Editor(None, lone_server.channel((await make_tenant(lone_platform)).secret), clerk.home)
    assert await listed(stranger, series=[clerk.home.series]) == []
    outcome = await resolve(stranger, these(key(clerk)))
    assert [one.reason for one in outcome.rejected] == ["VEE_EXCEPTION_NOT_FOUND"]
    history = await stranger.api.vee.ListVeeExceptionHistory(
        pb.ListVeeExceptionHistoryRequest(series=clerk.home.series, day=DAY.isoformat())
    )
    assert not history.changes
