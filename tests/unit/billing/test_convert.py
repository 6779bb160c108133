"""Wire and domain, both ways."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from hypothesis import given
from hypothesis import strategies as st

from server.billing.convert import date_of, decimal_of, wire_date
from server.billing.convert_parties import (
    account_of,
    agreement_of,
    customer_of,
    issuer_of,
    wire_account,
    wire_agreement,
    wire_customer,
    wire_issuer,
)
from server.billing.convert_tariff import tariff_of, wire_tariff
from server.billing.parties import Account, Agreement, Customer, Issuer, Tariff
from server.billing.tariff import Content
from server.billing.tariff_document import version
from server.platform.errors import InvalidField
from server.platform.resource_store import ExternalId, Stored
from server.platform.wire import instant
from tests.unit.billing.strategies import DAYS, contents

TEXTS = st.text(max_size=10)
NAMES = st.lists(st.builds(ExternalId, TEXTS, TEXTS), max_size=3).map(tuple)
IDS = st.uuids()


@given(contents(), st.none() | DAYS, NAMES)
def test_tariffs(content: Content, first: date | None, names: tuple[ExternalId, ...]) -> None:
    tariff = Tariff(
        tariff_id=UUID(int=1),
        code="T",
        commodity="ELECTRICITY",
        currency="GBP",
        time_zone="UTC",
        versions=(version(first, content),),
        external_ids=names,
    )
    assert tariff_of(wire_tariff(tariff)) == tariff


@given(st.builds(Customer, customer_id=IDS, display_name=TEXTS, email=TEXTS, external_ids=NAMES))
def test_customers(customer: Customer) -> None:
    assert replace(customer_of(wire_customer(customer)), stored=customer.stored) == customer


@given(st.builds(Account, account_id=IDS, customer_id=IDS, account_number=TEXTS, currency=TEXTS))
def test_accounts(account: Account) -> None:
    assert replace(account_of(wire_account(account)), stored=account.stored) == account


@given(
    st.builds(
        Agreement,
        agreement_id=IDS,
        account_id=IDS,
        usage_point_id=IDS,
        tariff_id=IDS,
        start_date=DAYS,
        end_date=st.none() | DAYS,
        stored=st.just(Stored()),
    )
)
def test_agreements(agreement: Agreement) -> None:
    assert agreement_of(wire_agreement(agreement)) == agreement


@given(st.builds(Issuer, display_name=TEXTS, payment_days=st.integers(0, 366), number_prefix=TEXTS))
def test_issuers(issuer: Issuer) -> None:
    assert replace(issuer_of(wire_issuer(issuer)), version=issuer.version) == issuer


@given(st.dates())
def test_days(day: date) -> None:
    wire = wire_date(day)
    assert wire is not None
    assert date_of("day", wire) == day


@pytest.mark.parametrize(
    "wire",
    [Date(), Date(year=2026, month=2, day=29), Date(year=2026, month=2), Date(year=2026, month=13, day=1)],
)
def test_days_that_are_none(wire: Date) -> None:
    with pytest.raises(InvalidField) as caught:
        date_of("run.day", wire)
    assert caught.value.violations[0].field == "run.day"


def test_times_beyond_the_calendar() -> None:
    with pytest.raises(InvalidField, match="outside years 1 to 9999"):
        instant("time", Timestamp(seconds=10**15))
    assert instant("time", Timestamp(seconds=0)) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_decimal_that_must_be_there() -> None:
    assert decimal_of("x", "") == 0
    with pytest.raises(InvalidField, match="x: is missing"):
        decimal_of("x", "", None)
