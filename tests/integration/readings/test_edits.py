"""Edits of final values through gRPC, over the days on which the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import grpc
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.access.api_keys import issue_key
from server.billing.billed import BilledPeriods
from server.billing.tables import account, agreement, billing_run, customer, invoice, tariff
from server.platform.caller import acting_as
from server.platform.history_tables import change_pending
from server.platform.tables import outbox
from server.readings.calendar import local_day
from server.readings.desk import edit_store
from server.readings.desk.domain import EditState
from server.readings.desk.edits import Edits
from server.readings.domain import Quality
from simba.common.v1 import types_pb2 as common
from simba.readings.v1 import events_pb2, reading_pb2
from simba.readings.v1 import reading_edit_pb2 as pb
from simba.readings.v1 import reading_edit_service_pb2 as service
from simba.readings.v1.reading_edit_service_pb2_grpc import ReadingEditServiceStub
from tests.support.platform import error_of, make_tenant
from tests.support.readings_api import (
    DAY,
    HALF,
    Caller,
    day_block,
    intervals,
    make_home,
    stamp,
    starts,
    validated,
)

AUTUMN = date(2024, 10, 27)
VALIDATED, SUSPECT, ESTIMATED, EDITED, MISSING = (
    reading_pb2.READING_STATE_VALIDATED,
    reading_pb2.READING_STATE_SUSPECT,
    reading_pb2.READING_STATE_ESTIMATED,
    reading_pb2.READING_STATE_EDITED,
    reading_pb2.READING_STATE_MISSING,
)


class Editor:
    """A person with a home whose readings can be edited."""

    def __init__(self, tenant, channel, home=None):
        self.tenant, self.home = tenant, home
        self.api, self.edits = Caller(channel), ReadingEditServiceStub(channel)

    async def give(self, values, day: date = DAY, sequence: int = 1):
        await self.api.send(day_block(self.home, sequence, values, day))
        await validated(self.api, self.home, day)

    async def edit(self, **others) -> pb.ReadingEdit:
        others.setdefault("reason_code", "METER_FAULT")
        return (await self.edits.EditReadings(service.EditReadingsRequest(**others))).edit

    async def set(self, values: dict[int, str], **others) -> pb.ReadingEdit:
        wanted = pb.SetValues(series=self.home.series)
        for at, value in values.items():
            wanted.values.add(time=stamp(at), value=value)
        return await self.edit(set=wanted, **others)

    async def day(self, day: date = DAY):
        local = local_day("Europe/London", day)
        return await intervals(
            self.api, self.home, start_time=stamp(local.start_ms), end_time=stamp(local.end_ms)
        )


def period(day: date, first: int = 0, behind: int | None = None) -> common.TimeInterval:
    local = local_day("Europe/London", day)
    end = local.end_ms if behind is None else local.start_ms + behind * HALF
    return common.TimeInterval(start=stamp(local.start_ms + first * HALF), end=stamp(end))


@pytest.fixture
async def editor(lone_platform, lone_server) -> Editor:
    tenant = await make_tenant(lone_platform)
    made = Editor(tenant, lone_server.channel(tenant.secret))
    made.home = await make_home(made.api)
    return made


async def events_of(platform, tenant) -> list[tuple[str, bytes]]:
    with acting_as(tenant.caller):
        async with platform.uow() as tx:
            rows = await tx.conn.execute(
                sa.select(outbox.c.topic, outbox.c.payload)
                .where(outbox.c.tenant_id == tenant.caller.tenant_id)
                .order_by(outbox.c.id)
            )
            return [(topic, bytes(payload)) for topic, payload in rows]


async def test_values_are_set_as_a_version_of_their_own(editor, lone_platform):
    await editor.give([1_000_000] * 46)
    preview = await editor.set({starts()[3]: "2.5"}, validate_only=True)
    assert preview.edit_id == ""
    assert [(one.old_value, one.new_value) for one in preview.values] == [("1", "2.5")]
    assert (await editor.day())[3].value == "1"
    made = await editor.set({starts()[3]: "2.5", starts()[4]: "0.5"}, note="read at the meter")
    assert made.state == pb.READING_EDIT_STATE_APPLIED
    assert made.author.startswith("api-keys/")
    assert (made.series[0].old_total, made.series[0].new_total, made.value_count) == ("2", "3", 2)
    found = await editor.day()
    assert len(found) == 46
    assert [(one.value, one.state, one.version) for one in found[2:6]] == [
        ("1", VALIDATED, 1),
        ("2.5", EDITED, 2),
        ("0.5", EDITED, 2),
        ("1", VALIDATED, 1),
    ]
    assert found[3].quality == Quality.MANUALLY_EDITED
    stored = (await editor.edits.GetEdit(service.GetEditRequest(edit_id=made.edit_id))).edit
    assert stored == made
    told = await events_of(lone_platform, editor.tenant)
    corrected = [events_pb2.UsageCorrected.FromString(p) for t, p in told if t == "data.usage_corrected"]
    assert [(one.old_value, one.new_value) for one in corrected] == [("2", "3")]
    edited = [events_pb2.ReadingsEdited.FromString(p) for t, p in told if t == "data.readings_edited"]
    assert [(one.edit.edit_id, len(one.edit.values)) for one in edited] == [(made.edit_id, 0)]


async def test_a_run_of_the_rules_leaves_an_edit_alone(editor):
    await editor.give([1_000_000] * 46)
    await editor.set({starts()[3]: "2.5"})
    # The field sends something else for it.
    await editor.api.send(day_block(editor.home, 2, [7_000_000] * 46))
    await validated(editor.api, editor.home)
    found = await editor.day()
    assert [one.value for one in found[2:5]] == ["7", "2.5", "7"]


async def test_what_was_asked_for_once_is_done_once(editor):
    await editor.give([1_000_000] * 46)
    request_id = str(uuid4())
    first = await editor.set({starts()[3]: "2.5"}, request_id=request_id)
    again = await editor.set({starts()[3]: "2.5"}, request_id=request_id)
    assert again.edit_id == first.edit_id
    listed = await editor.edits.ListEdits(service.ListEditsRequest(series=editor.home.series))
    assert [one.edit_id for one in listed.edits] == [first.edit_id]


async def test_what_is_wrong_is_named_and_nothing_is_done(editor):
    await editor.give([1_000_000] * 46)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await editor.set({starts()[3]: "2.5", starts()[4] + 1: "many"})
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert [field for field, _ in error_of(refused.value)[2]] == ["set.values[1].time", "set.values[1].value"]
    assert {one.value for one in await editor.day()} == {"1"}


@pytest.mark.parametrize(("day", "count"), [(DAY, 46), (AUTUMN, 50)])
async def test_a_day_is_scaled_to_its_total_exactly(editor, day, count):
    await editor.give([1_000_001] * count, day)
    wanted = pb.ScaleToTotal(series=editor.home.series, period=period(day), total="23.456789")
    made = await editor.edit(scale=wanted)
    assert (made.value_count, made.series[0].new_total) == (count, "23.456789")
    found = await editor.day(day)
    assert len(found) == count
    assert sum(round(float(one.value) * 10**6) for one in found) == 23_456_789
    assert {one.state for one in found} == {EDITED}


async def test_a_day_is_copied_by_the_clock(editor):
    await editor.give([1_000_000] * 46)
    week_before = DAY - timedelta(days=7)
    await editor.give([n * 1_000 for n in range(48)], week_before, sequence=2)
    copy = pb.CopyDay(series=editor.home.series, day=DAY.isoformat(), source_day=week_before.isoformat())
    await editor.edit(copy_day=copy)
    copied = [round(float(one.value) * 1000) for one in await editor.day()]
    assert copied == [0, 1, *range(4, 48)]


async def test_a_suspect_value_is_verified(editor):
    values = [1_000_000] * 46
    values[10] = 50_000_000
    await editor.give(values)
    assert (await editor.day())[10].state == SUSPECT
    await editor.edit(verify=pb.VerifyValues(series=editor.home.series, period=period(DAY, 10, 11)))
    await validated(editor.api, editor.home)
    found = (await editor.day())[10]
    assert (found.value, found.state) == ("50", VALIDATED)
    assert found.quality & Quality.VERIFIED


async def test_values_are_estimated_by_a_chosen_method_and_fitted(editor):
    await editor.give([1_000_000] * 46)
    for weeks in (1, 2, 3):
        day = DAY - timedelta(days=7 * weeks)
        await editor.give([weeks * 1_000_000] * 48, day, sequence=1 + weeks)
    wanted = pb.EstimateValues(series=editor.home.series, period=period(DAY, 4, 8), method="E05")
    request = service.EstimateReadingsRequest(estimate=wanted, reason_code="METER_FAULT", validate_only=True)
    shown = (await editor.edits.EstimateReadings(request)).edit
    assert [one.new_value for one in shown.values] == ["2"] * 4
    request.estimate.total = "1.000001"
    request.validate_only = False
    made = (await editor.edits.EstimateReadings(request)).edit
    assert [one.new_value for one in made.values] == ["0.25", "0.25", "0.25", "0.250001"]
    found = (await editor.day())[4]
    assert (found.state, found.rule) == (EDITED, "E05")
    assert found.method == reading_pb2.ESTIMATION_METHOD_NEAREST_DAYS
    bad = pb.EstimateValues(series=editor.home.series, period=period(DAY), method="E08")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await editor.edit(estimate=bad)
    assert [field for field, _ in error_of(refused.value)[2]] == ["estimate.method"]


async def test_an_edit_is_taken_back_and_the_rules_run_again(editor, lone_platform):
    await editor.give([1_000_000] * 46)
    first = await editor.set({starts()[3]: "2.5", starts()[4]: "2.5"})
    second = await editor.set({starts()[4]: "3.5"})
    # Meanwhile the field has sent other values.
    await editor.api.send(day_block(editor.home, 2, [7_000_000] * 46))
    await validated(editor.api, editor.home)
    revert = service.RevertEditRequest(edit_id=first.edit_id, note="a mistake")
    taken = (await editor.edits.RevertEdit(revert)).edit
    assert (taken.kind, taken.other_edit_id) == (pb.READING_EDIT_KIND_REVERT, first.edit_id)
    assert taken.value_count == 1
    assert [one.value for one in (await editor.day())[2:6]] == ["7", "7", "3.5", "7"]
    states = {
        one.edit_id: one.state
        for one in (await editor.edits.ListEdits(service.ListEditsRequest(author=first.author))).edits
    }
    assert states == {
        first.edit_id: pb.READING_EDIT_STATE_REVERTED,
        second.edit_id: pb.READING_EDIT_STATE_APPLIED,
        taken.edit_id: pb.READING_EDIT_STATE_APPLIED,
    }
    topics = [topic for topic, _ in await events_of(lone_platform, editor.tenant)]
    assert topics.count("data.edit_reverted") == 1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await editor.edits.RevertEdit(revert)
    assert error_of(refused.value)[0] == "STATE_TRANSITION_INVALID"


async def test_four_eyes(editor, lone_platform, lone_server):
    await editor.give([1_000_000] * 46)
    wanted = service.UpdateEditSettingsRequest(settings=pb.EditSettings(four_eyes=True))
    assert (await editor.edits.UpdateEditSettings(wanted)).settings.four_eyes
    made = await editor.set({starts()[3]: "2.5"})
    assert made.state == pb.READING_EDIT_STATE_PENDING_APPROVAL
    assert (await editor.day())[3].value == "1"
    approve = service.ApproveEditRequest(edit_id=made.edit_id, note="seen")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await editor.edits.ApproveEdit(approve)
    assert error_of(refused.value)[0] == "FOUR_EYES_REQUIRED"
    other = await second_person(editor, lone_platform, lone_server)
    approved = (await other.edits.ApproveEdit(approve)).edit
    assert approved.state == pb.READING_EDIT_STATE_APPLIED
    assert approved.approver == f"{other.tenant.caller.principal_id}" != approved.author
    assert (await editor.day())[3].value == "2.5"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await other.edits.ApproveEdit(approve)
    assert error_of(refused.value)[0] == "STATE_TRANSITION_INVALID"
    # Taking it back needs two people as well.
    taken = (await editor.edits.RevertEdit(service.RevertEditRequest(edit_id=made.edit_id))).edit
    assert taken.state == pb.READING_EDIT_STATE_PENDING_APPROVAL
    assert (await editor.day())[3].value == "2.5"
    reject = service.RejectEditRequest(edit_id=taken.edit_id, note="no")
    assert (await other.edits.RejectEdit(reject)).edit.state == pb.READING_EDIT_STATE_REJECTED
    topics = [topic for topic, _ in await events_of(lone_platform, editor.tenant)]
    assert [t for t in topics if "edit" in t] == [
        "data.edit_requested",
        "data.readings_edited",
        "data.edit_requested",
        "data.edit_rejected",
    ]
    with acting_as(editor.tenant.caller):
        async with lone_platform.uow() as tx:
            told = await tx.conn.scalars(
                sa.select(change_pending.c.action)
                .where(change_pending.c.resource_kind == "reading_edit")
                .order_by(change_pending.c.id)
            )
            assert list(told) == ["created", "approved", "applied", "created", "rejected"]


async def second_person(editor, platform, server) -> Editor:
    caller = editor.tenant.caller
    async with platform.uow.system() as tx:
        key, secret = await issue_key(tx.of(caller.tenant_id), "Second", ("admin",))
    tenant = replace(
        editor.tenant,
        caller=replace(caller, principal_id=f"api-keys/{key.api_key_id}"),
        secret=secret,
    )
    return Editor(tenant, server.channel(secret), editor.home)


async def test_an_approval_of_what_has_changed_meanwhile_is_refused(editor, lone_platform, lone_server):
    await editor.give([1_000_000] * 46)
    await editor.edits.UpdateEditSettings(
        service.UpdateEditSettingsRequest(settings=pb.EditSettings(four_eyes=True))
    )
    made = await editor.set({starts()[3]: "2.5"})
    await editor.api.send(day_block(editor.home, 2, [7_000_000] * 46))
    await validated(editor.api, editor.home)
    other = await second_person(editor, lone_platform, lone_server)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await other.edits.ApproveEdit(service.ApproveEditRequest(edit_id=made.edit_id))
    assert error_of(refused.value)[0] == "READING_EDIT_STALE"
    assert (await editor.day())[3].value == "7"


async def test_an_edit_whose_server_died_is_finished(editor, lone_platform, lone_server):
    await editor.give([1_000_000] * 46)
    await editor.edits.UpdateEditSettings(
        service.UpdateEditSettingsRequest(settings=pb.EditSettings(four_eyes=True))
    )
    made = await editor.set({starts()[3]: "2.5"})
    edits = edits_of(lone_server)
    with acting_as(editor.tenant.caller):
        async with lone_platform.uow() as tx:
            waiting = (await edit_store.page(tx, edit_store.EditFilter(), after=None, limit=1))[0]
            # As the server leaves it that dies between the approval and the writing.
            assert await edit_store.move(
                tx, waiting.edit_id, EditState.PENDING_APPROVAL, EditState.APPLYING, approver="principals/x"
            )
    assert await edits.finish_abandoned(timedelta(0)) == 1
    assert await edits.finish_abandoned(timedelta(0)) == 0
    found = (await editor.edits.GetEdit(service.GetEditRequest(edit_id=made.edit_id))).edit
    assert found.state == pb.READING_EDIT_STATE_APPLIED
    assert (await editor.day())[3].value == "2.5"


def edits_of(server) -> Edits:
    """The use cases behind the service."""
    services = [one for part in server.application.capabilities for one in part.services]
    (found,) = [one for one in services if one.name == "simba.readings.v1.ReadingEditService"]
    return found.servicer._edits


async def test_bills_of_the_days_are_named_and_the_edit_is_done(editor, lone_platform):
    await editor.give([1_000_000] * 46)
    tenant_id = editor.tenant.caller.tenant_id
    point = editor.home.point.usage_point_id
    bills = {}
    async with lone_platform.uow.system() as tx:
        for name, first, behind, state in (
            ("march", date(2025, 3, 1), date(2025, 4, 1), "FROZEN"),
            ("april", date(2025, 4, 1), date(2025, 5, 1), "FROZEN"),
            ("preview", date(2025, 3, 1), date(2025, 4, 1), "PREVIEW"),
        ):
            bills[name] = await make_invoice(tx, tenant_id, point, first, behind, state)
    made = await editor.set({starts()[3]: "2.5"})
    assert made.state == pb.READING_EDIT_STATE_APPLIED
    assert [(one.invoice_id, one.first_day, one.last_day) for one in made.billed_periods] == [
        (str(bills["march"]), "2025-03-01", "2025-03-31")
    ]
    # What does not change is not billed wrong.
    verified = await editor.edit(verify=pb.VerifyValues(series=editor.home.series, period=period(DAY)))
    assert not verified.billed_periods
    with acting_as(editor.tenant.caller):
        nobody = await BilledPeriods(lone_platform.uow).billed(
            tenant_id, [uuid4()], datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)
        )
    assert nobody == []


async def make_invoice(tx, tenant_id, point, first, behind, state):
    """A row of a bill, without what a bill is made of."""
    names = ("customer_id", "tariff_id", "account_id", "agreement_id", "billing_run_id", "invoice_id")
    ids = {name: uuid4() for name in names}
    days = {"period_start": first, "period_end": behind}
    for table in (customer, tariff, account, agreement, billing_run):
        text = {name: uuid4().hex for name in ("code", "account_number") if name in table.c}
        mine = {name: one for name, one in {**ids, **days}.items() if name in table.c}
        await make_row(tx, table, tenant_id=tenant_id, **mine, **text)
    await make_row(
        tx,
        invoice,
        tenant_id=tenant_id,
        **ids,
        **days,
        usage_point_id=point,
        state=state,
        invoice_number=None if state == "PREVIEW" else uuid4().hex,
    )
    return ids["invoice_id"]


async def make_row(tx, table, **given):
    """A row with something in every column that must have something."""
    usual = {
        sa.Date: date(2025, 1, 1),
        sa.DateTime: tx.now,
        sa.Boolean: False,
        sa.Text: "",
        sa.Numeric: 0,
        sa.Integer: 0,
        pg.ARRAY: [],
        pg.JSONB: {},
    }
    values = {
        column.name: next((one for kind, one in usual.items() if isinstance(column.type, kind)), uuid4())
        for column in table.columns
        if not column.nullable
    }
    await tx.conn.execute(sa.insert(table).values(**values | given))


async def test_an_edit_of_another_tenant_does_not_exist(editor, lone_platform, lone_server):
    await editor.give([1_000_000] * 46)
    made = await editor.set({starts()[3]: "2.5"})
    stranger = Editor(None, lone_server.channel((await make_tenant(lone_platform)).secret), editor.home)
    for call in (
        stranger.edits.GetEdit(service.GetEditRequest(edit_id=made.edit_id)),
        stranger.edits.RevertEdit(service.RevertEditRequest(edit_id=made.edit_id)),
        stranger.set({starts()[3]: "3"}),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
        assert refused.value.code() == grpc.StatusCode.NOT_FOUND
