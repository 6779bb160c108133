"""What goes wrong in billing."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from server.billing.tariff_checks import Flaw
from server.platform.errors import (
    AlreadyExists,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
)


class CustomerNotFound(NotFound):
    """No such customer, or another tenant's."""

    reason = "CUSTOMER_NOT_FOUND"

    def __init__(self, customer_id: UUID) -> None:
        super().__init__(f"customer {customer_id} does not exist", customer_id=customer_id)


class AccountNotFound(NotFound):
    """No such account, or another tenant's."""

    reason = "ACCOUNT_NOT_FOUND"

    def __init__(self, account_id: UUID) -> None:
        super().__init__(f"account {account_id} does not exist", account_id=account_id)


class AgreementNotFound(NotFound):
    """No such agreement, or another tenant's."""

    reason = "AGREEMENT_NOT_FOUND"

    def __init__(self, agreement_id: UUID) -> None:
        super().__init__(f"agreement {agreement_id} does not exist", agreement_id=agreement_id)


class TariffNotFound(NotFound):
    """No such tariff, or another tenant's."""

    reason = "TARIFF_NOT_FOUND"

    def __init__(self, tariff_id: UUID) -> None:
        super().__init__(f"tariff {tariff_id} does not exist", tariff_id=tariff_id)


class UsagePointNotFound(NotFound):
    """No such usage point, or another tenant's."""

    reason = "USAGE_POINT_NOT_FOUND"

    def __init__(self, usage_point_id: UUID) -> None:
        super().__init__(f"usage point {usage_point_id} does not exist", usage_point_id=usage_point_id)


class BillingRunNotFound(NotFound):
    """No such run, or another tenant's."""

    reason = "BILLING_RUN_NOT_FOUND"

    def __init__(self, billing_run_id: UUID) -> None:
        super().__init__(f"billing run {billing_run_id} does not exist", billing_run_id=billing_run_id)


class InvoiceNotFound(NotFound):
    """No such invoice, or another tenant's."""

    reason = "INVOICE_NOT_FOUND"

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} does not exist", invoice_id=invoice_id)


class Taken(AlreadyExists):
    """A value that must be unique is another resource's."""

    def __init__(self, field: str, value: object, resource_id: UUID | None) -> None:
        super().__init__(
            f"{field}: {value} is taken",
            violations=[FieldViolation(field, f"{value} is taken", "unique")],
            field=field,
            resource_id=resource_id,
        )


class InUse(FailedPrecondition):
    """Others still refer to the resource."""

    reason = "RESOURCE_IN_USE"

    def __init__(self, what: str, resource_id: UUID, why: str) -> None:
        super().__init__(f"{what} {resource_id} {why}", resource_id=resource_id)


class AgreementOverlap(FailedPrecondition):
    """The usage point has another agreement on some of the days."""

    reason = "AGREEMENT_OVERLAP"

    def __init__(self, usage_point_id: UUID, other: UUID | None) -> None:
        super().__init__(
            f"usage point {usage_point_id} has another agreement on some of these days: {other}",
            violations=[
                FieldViolation("agreement.start_date", f"overlaps with agreement {other}", "overlap")
            ],
            agreement_id=other,
        )


class TariffInvalid(InvalidArgument):
    """The tariff does not hold together."""

    reason = "TARIFF_INVALID"

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        found = [FieldViolation(f"tariff.{flaw.field}", flaw.description, flaw.rule) for flaw in flaws]
        first = found[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        super().__init__(f"{first.field}: {first.description}{more}", violations=found)


class TariffInUse(FailedPrecondition):
    """Bills were made with the version: it cannot change any more."""

    reason = "TARIFF_IN_USE"

    def __init__(self, tariff_id: UUID, effective_from: date | None, why: str) -> None:
        which = f"the version of {effective_from}" if effective_from else "the first version"
        super().__init__(
            f"tariff {tariff_id}: {which} {why}; add a version instead",
            violations=[FieldViolation("tariff.versions", f"{which} {why}", "tariff.versions.used")],
            tariff_id=tariff_id,
        )


class PeriodNotBillable(FailedPrecondition):
    """The period is not over."""

    reason = "PERIOD_NOT_BILLABLE"

    def __init__(self, end: date) -> None:
        super().__init__(
            f"the period is not over before {end}; a dry run may look at it",
            violations=[FieldViolation("billing_run.period_end", f"{end} is in the future", "period.over")],
        )
