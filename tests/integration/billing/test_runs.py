"""Billing runs: once for everybody, and one's trouble is not the others'."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from simba.billing.v1 import (
    billing_run_service_pb2,
    invoice_pb2,
    tariff_pb2,
)
from simba.common.v1 import error_reason_pb2, types_pb2
from tests.support.billing import (
    MARCH,
    Biller,
    billing_worker,
    day,
    flat,
    many,
    numbers,
    priced,
    reason,
    standing,
    wire_day,
)

NIGHT = tariff_pb2.TimeOfUseCalendar(
    default_period="day",
    rules=[tariff_pb2.TimeOfUseRule(from_minute=0, to_minute=420, period="night")],
)


def content(invoice: invoice_pb2.Invoice) -> bytes:
    """What is on the bill, without what tells one document from another."""
    copy = invoice_pb2.Invoice()
    copy.CopyFrom(invoice)
    for name in ("invoice_id", "invoice_number", "state", "billing_run_id", "issue_time", "due_date"):
        copy.ClearField(name)
    return copy.SerializeToString(deterministic=True)


async def test_two_runs_at_once_bill_nobody_twice(biller: Biller) -> None:
    await many(biller, 7)
    runs = [await biller.begin(*MARCH) for _ in range(3)]
    async with billing_worker(biller.stage):
        ended = await asyncio.gather(*(biller.over(run.billing_run_id) for run in runs))
    invoices = await biller.invoices_of()
    assert len({one.agreement_id for one in invoices}) == len(invoices) == 7
    assert numbers(invoices) == list(range(1, 8))
    assert sum(run.invoice_count for run in ended) == 7
    assert all(run.state == types_pb2.WORK_STATE_SUCCEEDED for run in ended)
    assert all((run.progress.done, run.progress.total) == (7, 7) for run in ended)


async def test_a_run_again_is_a_no_op(biller: Biller) -> None:
    await many(biller, 3)
    first = await biller.bill(*MARCH)
    before = await biller.invoices_of()
    again = await biller.bill(*MARCH)
    assert (first.invoice_count, again.invoice_count, again.exception_count) == (3, 0, 0)
    assert await biller.invoices_of() == before
    assert [(money.currency, money.amount) for money in first.totals] == [("GBP", "300.24")]
    assert not again.totals


async def test_a_dry_run_says_what_the_real_one_does(biller: Biller) -> None:
    await many(biller, 3)
    dry = await biller.bill(*MARCH, dry_run=True)
    previews = await biller.invoices_of()
    assert {one.state for one in previews} == {invoice_pb2.INVOICE_STATE_PREVIEW}
    assert {one.invoice_number for one in previews} == {""}
    real = await biller.bill(*MARCH)
    invoices = await biller.invoices_of(billing_run_id=real.billing_run_id)
    assert sorted(map(content, previews)) == sorted(map(content, invoices))
    assert dry.totals == real.totals
    assert numbers(invoices) == [1, 2, 3]


async def test_one_agreement_without_data_does_not_stop_the_others(biller: Biller) -> None:
    await many(biller, 2)
    broken = flat(missing=range(28 * 24 + 5, 28 * 24 + 15))
    await many(biller, 1, broken)
    run = await biller.bill(*MARCH)
    assert (run.state, run.invoice_count, run.exception_count) == (types_pb2.WORK_STATE_SUCCEEDED, 2, 1)
    assert (run.progress.done, run.progress.failed) == (3, 1)
    (exception,) = await biller.exceptions_of(run.billing_run_id)
    assert exception.reason == error_reason_pb2.ERROR_REASON_DATA_INSUFFICIENT
    assert "10 of 744 intervals are missing" in exception.description

    broken.micro[:] = 1_000_000
    mended = await biller.bill(*MARCH)
    assert (mended.invoice_count, mended.exception_count) == (1, 0)
    assert numbers(await biller.invoices_of()) == [1, 2, 3]


async def test_gates_let_some_missing_and_estimated_pass(biller: Biller) -> None:
    gate = tariff_pb2.BillingGate(max_missing_share="0.02", max_estimated_share="0.01")
    versions = [tariff_pb2.TariffVersion(components=[priced(("", "0.10"))], gate=gate)]
    tariff = await biller.tariff(versions=versions)
    first = 28 * 24
    few = flat(missing=range(first, first + 14))
    many_estimated = flat()
    many_estimated.estimated = np.zeros(len(many_estimated.micro), np.bool_)
    many_estimated.estimated[first : first + 8] = True
    good = await biller.agreement(tariff.tariff_id, biller.usage_point(few))
    bad = await biller.agreement(tariff.tariff_id, biller.usage_point(many_estimated))
    run = await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    assert invoice.agreement_id == good.agreement_id
    assert (invoice.usage.interval_count, invoice.usage.missing_count) == (744, 14)
    assert invoice.usage.quantity == "730"
    (exception,) = await biller.exceptions_of(run.billing_run_id)
    assert exception.agreement_id == bad.agreement_id
    assert "8 of 744 intervals are estimated; at most 0.01" in exception.description


async def test_what_lies_beyond_the_readings_is_missing(biller: Biller) -> None:
    await many(biller, 1, flat(days=40))
    run = await biller.bill(*MARCH)
    (exception,) = await biller.exceptions_of(run.billing_run_id)
    assert "456 of 744 intervals are missing" in exception.description


async def test_days_before_the_first_version_are_an_exception(biller: Biller) -> None:
    later = tariff_pb2.TariffVersion(effective_from=wire_day(2026, 3, 11), components=[standing()])
    tariff = await biller.tariff(versions=[later])
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat()))
    run = await biller.bill(*MARCH)
    (exception,) = await biller.exceptions_of(run.billing_run_id)
    assert exception.reason == error_reason_pb2.ERROR_REASON_TARIFF_NOT_FOUND
    assert "no version for 2026-03-01 to 2026-03-11" in exception.description


async def test_days_that_were_billed_are_not_billed_again_in_another_period(biller: Biller) -> None:
    await many(biller, 1)
    await biller.bill(date(2026, 3, 1), date(2026, 3, 16))
    run = await biller.bill(*MARCH)
    assert run.invoice_count == 0
    (exception,) = await biller.exceptions_of(run.billing_run_id)
    assert exception.reason == error_reason_pb2.ERROR_REASON_PERIOD_NOT_BILLABLE
    assert (await biller.bill(date(2026, 3, 16), date(2026, 4, 1))).invoice_count == 1
    total = sum(Decimal(one.usage.quantity) for one in await biller.invoices_of())
    assert total == 744


async def test_usage_points_that_do_not_fit_are_exceptions(biller: Biller) -> None:
    timed = await biller.tariff(priced(("", "1"), calendar=NIGHT, night="2"), time_zone="Asia/Kolkata")
    plain = await biller.tariff(priced(("", "1")))
    point = biller.usage_point
    cases = [
        (plain, point(), "does not measure"),
        (plain, point(flat(), unit="m3"), "is in kWh"),
        (timed, point(flat()), "within an interval of 3600 s"),
        (timed, point(flat(seconds=86_400)), "an hour or less"),
    ]
    made = {(await biller.agreement(on.tariff_id, at)).agreement_id: words for on, at, words in cases}
    run = await biller.bill(*MARCH)
    found = {one.agreement_id: one for one in await biller.exceptions_of(run.billing_run_id)}
    assert found.keys() == made.keys()
    for agreement_id, words in made.items():
        assert words in found[agreement_id].description
    units = error_reason_pb2.ERROR_REASON_UNIT_MISMATCH
    assert [one.reason == units for one in found.values()].count(True) == 1


async def test_units_convert_exactly(biller: Biller) -> None:
    tariff = await biller.tariff(priced(("", "0.10")))
    await biller.agreement(tariff.tariff_id, biller.usage_point(flat(), unit="MWh"))
    await biller.bill(*MARCH)
    (invoice,) = await biller.invoices_of()
    assert (invoice.usage.quantity, invoice.total_amount) == ("744000", "74400.00")


async def test_only_the_accounts_asked_for(biller: Biller) -> None:
    tariff = await biller.tariff(standing())
    first, second = await biller.account(), await biller.account()
    for account in (first, first, second):
        await biller.agreement(tariff.tariff_id, biller.usage_point(), account.account_id)
    run = await biller.bill(*MARCH, account_ids=[first.account_id])
    assert run.invoice_count == 2
    assert {one.account_id for one in await biller.invoices_of()} == {first.account_id}
    assert len(await biller.invoices_of(account_id=second.account_id)) == 0


async def test_bad_periods_and_accounts_are_refused(biller: Biller, other_biller: Biller) -> None:
    theirs = await other_biller.account()
    soon = datetime.now(UTC).date() + timedelta(days=40)
    future = Timestamp()
    future.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    assert await reason(biller.begin(MARCH[0], MARCH[0])) == (
        "INVALID_FIELD",
        [("billing_run.period_end", "2026-03-01 is not after 2026-03-01")],
    )
    assert (await reason(biller.begin(date(2020, 1, 1), date(2022, 1, 1))))[0] == "INVALID_FIELD"
    assert (await reason(biller.begin(MARCH[0], soon)))[0] == "PERIOD_NOT_BILLABLE"
    assert (await reason(biller.begin(*MARCH, as_of=future)))[0] == "INVALID_FIELD"
    assert (await reason(biller.begin(*MARCH, account_ids=[theirs.account_id])))[0] == "ACCOUNT_NOT_FOUND"
    unknown = str(UUID(int=1))
    assert (await reason(biller.begin(*MARCH, account_ids=[unknown])))[0] == "ACCOUNT_NOT_FOUND"
    request = billing_run_service_pb2.GetBillingRunRequest(billing_run_id=unknown)
    assert (await reason(biller.runs.GetBillingRun(request)))[0] == "BILLING_RUN_NOT_FOUND"
    run = await other_biller.begin(*MARCH, dry_run=True)
    foreign = billing_run_service_pb2.GetBillingRunRequest(billing_run_id=run.billing_run_id)
    assert (await reason(biller.runs.GetBillingRun(foreign)))[0] == "BILLING_RUN_NOT_FOUND"
    again = biller.begin(*MARCH, billing_run_id=(await biller.begin(*MARCH)).billing_run_id)
    assert (await reason(again))[0] == "ALREADY_EXISTS"


async def test_a_day_that_is_not_is_refused_by_name(biller: Biller) -> None:
    wire = {"period_start": wire_day(2026, 2, 30), "period_end": day(MARCH[1])}
    request = billing_run_service_pb2.CreateBillingRunRequest(billing_run=wire)
    told = await reason(biller.runs.CreateBillingRun(request))
    assert told == ("INVALID_FIELD", [("billing_run.period_start", "2026-02-30 is not a day")])


async def test_a_run_without_agreements_is_over_at_once(biller: Biller) -> None:
    run = await biller.bill(*MARCH)
    assert (run.state, run.progress.total) == (types_pb2.WORK_STATE_SUCCEEDED, 0)


async def test_measurements_as_they_were_known(biller: Biller) -> None:
    await many(biller, 1)
    known = Timestamp(seconds=1, nanos=500_000)
    biller.stage.usage.version = 2_000_000
    try:
        await biller.bill(*MARCH, as_of=known, dry_run=True)
        await biller.bill(*MARCH)
    finally:
        biller.stage.usage.version = 1
    past, now = await biller.invoices_of()
    assert (past.usage.snapshot, now.usage.snapshot) == (1_000_500, 2_000_000)
