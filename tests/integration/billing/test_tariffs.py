"""Tariffs through gRPC: stored as given, and bad ones refused with every reason."""

from datetime import date

import pytest

from simba.billing.v1 import customer_service_pb2, tariff_pb2
from simba.billing.v1 import tariff_service_pb2 as pb
from simba.common.v1 import types_pb2
from tests.support.billing import (
    GOLDEN_TARIFFS,
    SUMMER_PEAK,
    Biller,
    day,
    priced,
    reason,
    standing,
    vat,
    wire_day,
)


async def test_a_tariff_is_stored_as_given(biller: Biller) -> None:
    energy = priced(("", "0.08"), calendar=SUMMER_PEAK, peak="0.1195179675994109")
    energy.energy.calendar.holidays.append(wire_day(2026, 8, 31))
    energy.energy.rates[1].limit = tariff_pb2.TIER_LIMIT_PER_DAY
    energy.energy.rates[1].tiers[0].adjustment = "-0.01"
    energy.proration = tariff_pb2.PRORATION_NONE
    first = tariff_pb2.TariffVersion(
        components=[energy, standing(), vat("7.7")],
        rounding=tariff_pb2.Rounding(
            decimals=0,
            mode=tariff_pb2.ROUNDING_MODE_HALF_EVEN,
            tax_base=tariff_pb2.TAX_BASE_LINE,
        ),
        gate=tariff_pb2.BillingGate(max_missing_share="0.05", max_estimated_share="0.5"),
    )
    second = tariff_pb2.TariffVersion(effective_from=wire_day(2027, 1, 1), components=[standing("10")])
    made = await biller.tariff(versions=[first, second], display_name="Home", time_zone="Europe/London")
    got = (await biller.tariffs.GetTariff(pb.GetTariffRequest(tariff_id=made.tariff_id))).tariff
    assert got == made
    stored = got.versions[0]
    assert stored.effective_to == second.effective_from
    assert len(stored.content_sha256) == 64
    assert not stored.used
    assert stored.components[0].energy.calendar == energy.energy.calendar
    assert [tier.rate for rate in stored.components[0].energy.rates for tier in rate.tiers] == [
        "0.08",
        "0.1195179675994109",
    ]
    assert stored.components[0].energy.rates[1].tiers[0].adjustment == "-0.01"
    assert stored.rounding == first.rounding
    assert stored.gate == first.gate
    found = await biller.tariffs.ListTariffs(pb.ListTariffsRequest(code=made.code))
    assert list(found.tariffs) == [made]
    gas = pb.ListTariffsRequest(commodity=types_pb2.COMMODITY_GAS)
    assert not (await biller.tariffs.ListTariffs(gas)).tariffs


async def test_everything_that_is_wrong_is_told_at_once(biller: Biller) -> None:
    bad = priced(("150", "0.09"), ("150", "-0.11"))
    told = await reason(biller.tariff(bad, standing("-1"), time_zone="Europe/Atlantis"))
    tiers = "tariff.versions[0].components[0].energy.rates[0].tiers"
    assert told == (
        "TARIFF_INVALID",
        [
            ("tariff.time_zone", "'Europe/Atlantis' is not an IANA time zone"),
            (f"{tiers}[1].rate", "-0.11 is negative"),
            (f"{tiers}[1].upper", "the last tier must be open: what is above 150 has no price"),
            (f"{tiers}[1].upper", "150 is not above 150, where the tier begins"),
            ("tariff.versions[0].components[1].fixed.amount", "-1 is negative"),
        ],
    )


@pytest.mark.parametrize(
    ("component", "field"),
    [
        (tariff_pb2.TariffComponent(code="nothing"), "tariff.versions[0].components[0].kind"),
        (priced(("", "12,5")), "tariff.versions[0].components[0].energy.rates[0].tiers[0].rate"),
        (priced(("", "1e3")), "tariff.versions[0].components[0].energy.rates[0].tiers[0].rate"),
        (priced(("", "")), "tariff.versions[0].components[0].energy.rates[0].tiers[0].rate"),
        (standing("NaN"), "tariff.versions[0].components[0].fixed.amount"),
    ],
)
async def test_what_is_no_number_is_refused(
    biller: Biller, component: tariff_pb2.TariffComponent, field: str
) -> None:
    told, violations = await reason(biller.tariff(component))
    assert told == "INVALID_FIELD"
    assert [one[0] for one in violations] == [field]


async def test_codes_are_unique(biller: Biller, other_biller: Biller) -> None:
    await biller.tariff(standing(), code="HOME")
    told = await reason(biller.tariff(standing(), code="HOME"))
    assert told == ("ALREADY_EXISTS", [("tariff.code", "HOME is taken")])
    await other_biller.tariff(standing(), code="HOME")


async def test_unused_versions_may_change(biller: Biller) -> None:
    made = await biller.tariff(*GOLDEN_TARIFFS["B"])
    change = tariff_pb2.Tariff(
        tariff_id=made.tariff_id,
        etag=made.etag,
        versions=[
            {"components": GOLDEN_TARIFFS["A"]},
            {"effective_from": day(date(2030, 1, 1)), "components": GOLDEN_TARIFFS["D"]},
        ],
    )
    changed = (await biller.tariffs.UpdateTariff(pb.UpdateTariffRequest(tariff=change))).tariff
    assert len(changed.versions) == 2
    assert changed.versions[0].content_sha256 != made.versions[0].content_sha256
    back = tariff_pb2.Tariff(tariff_id=made.tariff_id, versions=made.versions)
    again = (await biller.tariffs.UpdateTariff(pb.UpdateTariffRequest(tariff=back))).tariff
    assert [one.content_sha256 for one in again.versions] == [made.versions[0].content_sha256]
    stale = pb.UpdateTariffRequest(tariff=change)
    assert (await reason(biller.tariffs.UpdateTariff(stale)))[0] == "ETAG_MISMATCH"


async def test_what_agreements_stand_on_stays(biller: Biller) -> None:
    made = await biller.tariff(standing())
    agreement = await biller.agreement(made.tariff_id, biller.usage_point())
    zone = pb.UpdateTariffRequest(tariff=tariff_pb2.Tariff(tariff_id=made.tariff_id, time_zone="Asia/Tokyo"))
    assert (await reason(biller.tariffs.UpdateTariff(zone)))[0] == "RESOURCE_IN_USE"
    archive = pb.ArchiveTariffRequest(tariff_id=made.tariff_id)
    assert (await reason(biller.tariffs.ArchiveTariff(archive)))[0] == "RESOURCE_IN_USE"
    await biller.parties.ArchiveAgreement(
        customer_service_pb2.ArchiveAgreementRequest(agreement_id=agreement.agreement_id)
    )
    assert (await biller.tariffs.ArchiveTariff(archive)).tariff.archived
    another = biller.agreement(made.tariff_id, biller.usage_point())
    assert (await reason(another))[0] == "RESOURCE_ARCHIVED"
