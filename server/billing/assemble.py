"""From agreements and measurements to invoices: pure, so that a dry run and a real run cannot differ."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.billing.inputs import Inputs
from server.billing.invoice import Invoice, InvoiceState, Party
from server.billing.money import ZERO, plus
from server.billing.parties import Billable
from server.billing.period import Period
from server.billing.ports import SeriesInfo, UsagePointInfo
from server.billing.quality import Unbillable, check_gates, usage_of
from server.billing.rating import RatingError, rate
from server.billing.run import BillingException, Run
from server.billing.tariff import Part, parts_of
from server.billing.usage_plan import Answers, Want, rated, wants
from server.platform.ids import new_id

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An agreement whose questions are known."""

    billable: Billable
    days: Period
    parts: tuple[Part, ...]
    wants: tuple[Want, ...]


@dataclass(slots=True)
class Outcome:
    """What became of a shard's agreements."""

    prepared: list[Prepared] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    exceptions: list[BillingException] = field(default_factory=list)
    billed_before: int = 0

    def except_(self, billable: Billable, error: Exception) -> None:
        """Notes why an agreement could not be billed; the others go on."""
        agreement = billable.agreement
        if isinstance(error, Unbillable):
            reason, description = error.reason, error.description
        elif isinstance(error, RatingError):
            reason, description = "TARIFF_INVALID", str(error)
        else:
            error_id = new_id()
            reason, description = "INTERNAL", f"a defect of the server; quote {error_id}"
            _log.error("agreement %s, error %s", agreement.agreement_id, error_id, exc_info=error)
        found = BillingException(
            agreement.agreement_id, agreement.account_id, agreement.usage_point_id, reason, description
        )
        self.exceptions.append(found)

    def totals(self) -> dict[str, Decimal]:
        """Sums of the invoices by currency."""
        found: dict[str, Decimal] = {}
        for one in self.invoices:
            found[one.currency] = plus(found.get(one.currency, ZERO), one.total)
        return found


def prepare(run: Run, billables: Iterable[Billable], series: Sequence[SeriesInfo], now: datetime) -> Outcome:
    """Finds out what each agreement needs to be billed."""
    outcome = Outcome()
    by_point: dict[UUID, list[SeriesInfo]] = {}
    for info in series:
        by_point.setdefault(info.usage_point_id, []).append(info)
    for billable in billables:
        days = billable.agreement.within(run.days)
        if days in billable.billed:
            outcome.billed_before += 1
            continue
        try:
            found = by_point.get(billable.agreement.usage_point_id, [])
            outcome.prepared.append(_prepared(run, billable, days, found, now))
        except Exception as error:  # noqa: BLE001 - one agreement's trouble is not the others'
            outcome.except_(billable, error)
    return outcome


def _prepared(
    run: Run, billable: Billable, days: Period, series: Sequence[SeriesInfo], now: datetime
) -> Prepared:
    tariff = billable.tariff
    if billable.billed:
        first = billable.billed[0]
        what = (
            f"{first.start} to {first.end} is billed already; a bill of {days.start} to {days.end} overlaps"
        )
        raise Unbillable("PERIOD_NOT_BILLABLE", what)
    if not run.dry_run and days.instants(tariff.time_zone)[1] > now:
        raise Unbillable("PERIOD_NOT_BILLABLE", f"{days.end} has not begun in {tariff.time_zone}")
    parts, uncovered = parts_of(tariff.versions, days)
    if uncovered is not None:
        what = f"tariff {tariff.code} has no version for {uncovered.start} to {uncovered.end}"
        raise Unbillable("TARIFF_NOT_FOUND", what)
    return Prepared(billable, days, tuple(parts), tuple(wants(parts, tariff.time_zone, series)))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What invoices of a shard have in common."""

    run: Run
    snapshot: int
    issuer_version: int
    now: datetime
    points: Mapping[UUID, UsagePointInfo]


def complete(outcome: Outcome, answers: Answers, around: Circumstances) -> None:
    """Computes the invoices of the prepared agreements; those without enough data become exceptions."""
    for prepared in outcome.prepared:
        try:
            outcome.invoices.append(_invoice(prepared, answers, around))
        except Exception as error:  # noqa: BLE001 - one agreement's trouble is not the others'
            outcome.except_(prepared.billable, error)


def _invoice(prepared: Prepared, answers: Answers, around: Circumstances) -> Invoice:
    billable, tariff = prepared.billable, prepared.billable.tariff
    used = rated(prepared.parts, prepared.wants, answers)
    check_gates(used)
    inputs = Inputs(billable.agreement.agreement_id, prepared.days, tariff.time_zone, tariff.currency, used)
    return Invoice(
        invoice_id=new_id(),
        state=InvoiceState.PREVIEW if around.run.dry_run else InvoiceState.FROZEN,
        party=_party(billable, around.points),
        days=prepared.days,
        zone=tariff.time_zone,
        currency=tariff.currency,
        bill=rate(used),
        usage=usage_of(used),
        snapshot=around.snapshot,
        inputs=inputs.document(),
        inputs_sha256=inputs.sha256(),
        billing_run_id=around.run.billing_run_id,
        issuer_version=around.issuer_version,
        issue_time=around.now,
    )


def _party(billable: Billable, points: Mapping[UUID, UsagePointInfo]) -> Party:
    agreement, account, customer = billable.agreement, billable.account, billable.customer
    point = points.get(agreement.usage_point_id)
    return Party(
        customer_id=customer.customer_id,
        customer_name=customer.display_name,
        postal_address=customer.postal_address,
        language=customer.language,
        account_id=account.account_id,
        account_number=account.account_number,
        agreement_id=agreement.agreement_id,
        usage_point_id=agreement.usage_point_id,
        usage_point_code=point.code if point is not None else str(agreement.usage_point_id),
        service_address=point.address if point is not None else "",
        tariff_id=agreement.tariff_id,
        tariff_code=billable.tariff.code,
    )
