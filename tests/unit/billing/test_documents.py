"""Documents and hashes of tariffs and of inputs."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given

from server.billing.inputs import Inputs
from server.billing.money import NotADecimal, parse, text, trimmed
from server.billing.period import Period
from server.billing.rating import Determinant, Rated
from server.billing.tariff import Content, Part
from server.billing.tariff_document import canonical, read, sha256, version, write
from tests.unit.billing.strategies import contents
from tests.unit.billing.tariffs import GOLDEN_D

D = Decimal
MARCH = Period.of_month(2026, 3)
INPUTS = Inputs(
    agreement_id=UUID(int=7),
    days=MARCH,
    zone="Europe/London",
    currency="GBP",
    rated=(
        Rated(
            Part(MARCH, GOLDEN_D),
            (Determinant("energy", "base", D("700.5"), 743, 2, 0), Determinant("energy", "peak", D("1"), 5)),
        ),
    ),
)


@given(contents())
def test_a_content_survives_its_document(content: Content) -> None:
    stored = json.loads(canonical(write(content)))
    assert read(stored) == content
    assert sha256(write(read(stored))) == sha256(write(content))


def test_the_hash_of_a_content_is_fixed() -> None:
    # A change of this hash makes every stored version look changed: never without a migration.
    assert GOLDEN_D.sha256 == "3f7e19f167add1d1c029d2e814e46fa160f5101f9815e1682bea5a19f0f567fe"


def test_equal_numbers_have_equal_hashes() -> None:
    again = json.loads(canonical(write(GOLDEN_D.content)).replace(b'"0.08"', b'"0.0800"'))
    assert version(None, read(again)).sha256 == GOLDEN_D.sha256


def test_the_order_of_determinants_does_not_matter() -> None:
    (rated,) = INPUTS.rated
    turned = replace(INPUTS, rated=(replace(rated, determinants=rated.determinants[::-1]),))
    assert turned.sha256() == INPUTS.sha256()


@pytest.mark.parametrize(
    "other",
    [
        replace(INPUTS, agreement_id=UUID(int=8)),
        replace(INPUTS, days=Period(MARCH.start, date(2026, 3, 31))),
        replace(INPUTS, zone="UTC"),
        replace(INPUTS, currency="EUR"),
        replace(INPUTS, rated=()),
        replace(
            INPUTS,
            rated=(
                replace(
                    INPUTS.rated[0], determinants=(Determinant("energy", "base", D("700.5"), 743, 3, 0),)
                ),
            ),
        ),
    ],
)
def test_every_input_changes_the_hash(other: Inputs) -> None:
    assert other.sha256() != INPUTS.sha256()


@pytest.mark.parametrize(
    "written", ["", "-", ".5", "1.", "1e3", "\u0661", "NaN", "1_000", " 1", "+1", "0x1", "1" * 39]
)
def test_texts_that_are_no_decimals(written: str) -> None:
    with pytest.raises(NotADecimal):
        parse(written)


@pytest.mark.parametrize(
    ("written", "shown"), [("0", "0"), ("-0.50", "-0.5"), ("100", "100"), ("007.10", "7.1")]
)
def test_decimals_have_one_text(written: str, shown: str) -> None:
    assert text(parse(written)) == shown
    assert trimmed(parse(written)) == parse(written)
