"""What is asked of the usage source, and what its answers become."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from server.billing.calendar import Calendar, Rule
from server.billing.period import Period
from server.billing.ports import BucketSum, SeriesInfo
from server.billing.quality import Unbillable, check_gates, usage_of
from server.billing.rating import Rated
from server.billing.tariff import Component, Content, EnergyCharge, Gate, Part, PeriodRate, parts_of
from server.billing.tariff_document import version
from server.billing.usage_plan import rated, wants
from tests.unit.billing.tariffs import energy, flat_energy, monthly, tariff, tiers

D = Decimal
MARCH = Period.of_month(2026, 3)
LONDON = "Europe/London"
RATES = (PeriodRate(tiers((None, "1")), "day"), PeriodRate(tiers((None, "1")), "night"))


def series(seconds: int | None = 3600, zone: str = LONDON, unit: str = "kWh", number: int = 7) -> SeriesInfo:
    return SeriesInfo(UUID(int=1), number, "ACTIVE_ENERGY_IMPORT", unit, "ELECTRICITY", seconds, zone)


def timed(to_minute: int = 420, holidays: frozenset[date] = frozenset()) -> Component:
    calendar = Calendar("day", (Rule("night", to_minute=to_minute, holidays=False),), holidays)
    return energy(*RATES, calendar=calendar)


def test_components_that_ask_the_same_are_one_question() -> None:
    both = tariff(flat_energy("1"), energy(PeriodRate(tiers((None, "2"))), code="network"), monthly("1"))
    found = wants([Part(MARCH, both)], LONDON, [series()])
    assert [want.component for want in found] == ["energy", "network"]
    assert len({(want.ask, want.series) for want in found}) == 1
    assert found[0].ask.start == datetime(2026, 3, 1, tzinfo=UTC)
    assert found[0].ask.end == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert found[0].expected == 743


def test_holidays_are_asked_for_apart() -> None:
    holidays = frozenset({date(2026, 3, 17)})
    found = wants([Part(MARCH, tariff(timed(holidays=holidays)))], LONDON, [series()])
    assert [want.expected for want in found] == [16 * 24, 24, 14 * 24 - 1]
    assert [len(want.ask.buckets) for want in found] == [2, 1, 2]


@pytest.mark.parametrize(
    ("tariff_zone", "point_zone", "seconds", "to_minute"),
    [
        (LONDON, LONDON, 3600, 420),
        (LONDON, LONDON, 1800, 450),
        ("Asia/Kolkata", "Asia/Kolkata", 3600, 420),
        ("Asia/Kolkata", "UTC", 1800, 420),
        ("Asia/Kathmandu", "UTC", 900, 420),
    ],
)
def test_prices_that_change_between_intervals(
    tariff_zone: str, point_zone: str, seconds: int, to_minute: int
) -> None:
    info = series(seconds, point_zone)
    assert wants([Part(MARCH, tariff(timed(to_minute)))], tariff_zone, [info])


@pytest.mark.parametrize(
    ("info", "zone", "to_minute", "words"),
    [
        (series(), LONDON, 450, "prices change at 07:30, within an interval of 3600 s"),
        (series(3600, "UTC"), "Asia/Kolkata", 420, "prices change at 00:00, within an interval of 3600 s"),
        (series(86_400), LONDON, 420, "an hour or less"),
        (series(None), LONDON, 420, "an hour or less"),
    ],
)
def test_prices_that_change_within_intervals(info: SeriesInfo, zone: str, to_minute: int, words: str) -> None:
    with pytest.raises(Unbillable, match=words) as caught:
        wants([Part(MARCH, tariff(timed(to_minute)))], zone, [info])
    assert caught.value.reason == "DATA_INSUFFICIENT"


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ([], "DATA_INSUFFICIENT"),
        ([series(), series(number=8)], "DATA_INSUFFICIENT"),
        ([series(unit="kvarh")], "UNIT_MISMATCH"),
    ],
)
def test_series_that_do_not_fit(known: list[SeriesInfo], reason: str) -> None:
    with pytest.raises(Unbillable) as caught:
        wants([Part(MARCH, tariff(flat_energy("1")))], LONDON, known)
    assert caught.value.reason == reason


def answer(*sums: BucketSum, unit: str = "kWh", gate: Gate | None = None) -> tuple[Rated, ...]:
    used = version(None, Content((flat_energy("1"),), gate=gate or Gate()))
    parts = [Part(MARCH, used)]
    needed = wants(parts, LONDON, [series(unit=unit)])
    return rated(parts, needed, {(needed[0].ask, 7): sums})


@pytest.mark.parametrize(
    ("unit", "value"), [("kWh", "1.5"), ("MWh", "1500"), ("Wh", "0.0015"), ("MJ", "0.416666667")]
)
def test_units_are_converted(unit: str, value: str) -> None:
    (one,) = answer(BucketSum(7, "", D("1.5"), 743, 0, 0), unit=unit)
    assert one.determinants[0].value == D(value)


def test_what_the_source_does_not_count_is_missing() -> None:
    (nothing,) = answer()
    assert [(d.value, d.intervals, d.missing) for d in nothing.determinants] == [(0, 0, 743)]
    (some,) = answer(BucketSum(7, "", D(5), 700, 3, 10))
    assert [(d.value, d.intervals, d.estimated, d.missing) for d in some.determinants] == [(5, 700, 3, 43)]


def test_gates() -> None:
    weak = BucketSum(7, "", D(5), 740, 2, 3)
    check_gates(answer(weak, gate=Gate(D("0.005"), D("0.003"))))
    with pytest.raises(Unbillable, match=r"3 of 743 intervals are missing; at most 0.004"):
        check_gates(answer(weak, gate=Gate(D("0.004"))))
    with pytest.raises(Unbillable, match=r"2 of 743 intervals are estimated; at most 0.002"):
        check_gates(answer(weak, gate=Gate(D("0.005"), D("0.002"))))


def test_the_usage_is_told_once_however_many_components_price_it() -> None:
    both = tariff(flat_energy("1"), energy(PeriodRate(tiers((None, "2"))), code="network"))
    parts = [Part(MARCH, both)]
    needed = wants(parts, LONDON, [series()])
    found = rated(parts, needed, {(needed[0].ask, 7): [BucketSum(7, "", D(5), 743, 1, 0)]})
    usage = usage_of(found)
    assert (usage.quantity, usage.unit, usage.intervals, usage.estimated) == (5, "kWh", 743, 1)


def test_two_versions_are_asked_for_apart() -> None:
    old, new = tariff(flat_energy("1")).content, tariff(flat_energy("2")).content
    versions = [version(None, old), version(date(2026, 3, 11), new)]
    parts, _ = parts_of(versions, MARCH)
    found = wants(parts, LONDON, [series()])
    assert [(want.part, want.expected) for want in found] == [(0, 240), (1, 503)]


def test_quantities_of_another_kind_are_not_taken() -> None:
    charge = EnergyCharge("ACTIVE_ENERGY_EXPORT", "kWh", (PeriodRate(tiers((None, "1"))),))
    with pytest.raises(Unbillable, match="ACTIVE_ENERGY_EXPORT, which the usage point does not measure"):
        wants([Part(MARCH, tariff(Component("export", charge)))], LONDON, [series()])
