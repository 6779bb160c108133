"""The small utility of the demo, made through the SDK as a CIS would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from simba_metering import billing, common, devices
from simba_metering.dates import date as wire_date

if TYPE_CHECKING:
    from simba_metering import SimbaClient

MODELS = Path(__file__).resolve().parents[2] / "models"
ZONE = "Europe/London"
INSTALLED = datetime(2012, 10, 1, tzinfo=UTC)
HOUSEHOLD_EUI = "5100000000000001"

# One real LoRaWAN meter of each kind, at a usage point of its own.
FIELD_MODELS = (
    "netvox/r816b",
    "imst/ioke868",
    "develiot/rwmr",
    "netvox/r718h2",
    "vutility/pulsedrop",
)


@dataclass(frozen=True, slots=True)
class FieldMeter:
    """A meter whose real payloads are published."""

    model: str
    meter: devices.Meter
    usage_point_id: str


@dataclass(frozen=True, slots=True)
class Utility:
    """What the rest of the demo works with."""

    building_id: str
    household: devices.Meter
    household_point: devices.UsagePoint
    field: tuple[FieldMeter, ...]

    @property
    def profile_channel(self) -> int:
        """The household's half-hourly channel."""
        return next(one.channel for one in self.household.channels if one.code == "energy_import_profile")

    @property
    def series(self) -> int:
        """The household's series of imported energy."""
        wanted = common.Quantity.ACTIVE_ENERGY_IMPORT
        return next(one.series for one in self.household_point.series if one.quantity == wanted)


def create_utility(client: SimbaClient) -> Utility:
    """Places, models, a gateway, meters at usage points."""
    region = client.hierarchy.create_node(
        devices.Node(hierarchy=devices.Hierarchy.PLACE, kind="region", code="north", display_name="North")
    )
    building = client.hierarchy.create_node(
        devices.Node(
            hierarchy=devices.Hierarchy.PLACE,
            kind="building",
            code="mill-lane-12",
            display_name="12 Mill Lane",
            parent_id=region.node_id,
        )
    )
    client.gateways.create_gateway(
        devices.Gateway(gateway_eui="0016c001ff10a235", display_name="Mill Lane roof")
    )
    relay = client.device_models.create_device_model(library_model("simba/relay-meter"))
    household, point = _installed(client, relay, "household", HOUSEHOLD_EUI, building.node_id)
    field = []
    for index, name in enumerate(FIELD_MODELS):
        model = client.device_models.create_device_model(library_model(name))
        meter, at = _installed(client, model, name, f"520000000000{index:04x}", building.node_id)
        field.append(FieldMeter(name, meter, at.usage_point_id))
    return Utility(building.node_id, household, point, tuple(field))


def library_model(name: str) -> devices.DeviceModel:
    """A model of the library: its description and its codec."""
    folder = MODELS / name
    model = devices.DeviceModel.from_dict(json.loads((folder / "model.json").read_text()))
    model.codec = devices.Codec(script=(folder / "codec.js").read_text())
    return model


def _installed(
    client: SimbaClient, model: devices.DeviceModel, name: str, dev_eui: str, place_id: str
) -> tuple[devices.Meter, devices.UsagePoint]:
    meter = client.meters.create_meter(
        devices.Meter(
            device_model_id=model.device_model_id,
            serial_number=f"SN-{dev_eui[:2]}{dev_eui[-4:]}",
            dev_eui=dev_eui,
            display_name=name,
            external_ids=[common.ExternalId(system="cis", value=name)],
        )
    )
    point = client.usage_points.create_usage_point(
        devices.UsagePoint(
            code=f"UP-{dev_eui[:2]}{dev_eui[-4:]}",
            display_name=name,
            commodity=model.commodity,
            time_zone=ZONE,
            place_id=place_id,
            address="12 Mill Lane",
        )
    )
    answer = client.usage_points.install_meter(point.usage_point_id, meter.meter_id, INSTALLED)
    assert answer.usage_point is not None
    return meter, answer.usage_point


def create_contract(client: SimbaClient, usage_point_id: str) -> billing.Account:
    """Who bills; a tariff with standing charge, night rate, tiers and tax; customer, account, agreement."""
    client.invoices.update_issuer(
        billing.Issuer(
            display_name="Northern Light & Water",
            postal_address="1 Mill Lane",
            tax_number="GB 000 0000 00",
            contact="help@example.org",
            payment_days=14,
        )
    )
    tariff = client.tariffs.create_tariff(
        billing.Tariff(
            code="home-night",
            display_name="Home with night rate",
            commodity=common.Commodity.ELECTRICITY,
            currency="GBP",
            time_zone=ZONE,
            versions=[_version()],
        )
    )
    customer = client.customers.create_customer(
        billing.Customer(
            display_name="A. Resident",
            postal_address="12 Mill Lane",
            external_ids=[common.ExternalId(system="cis", value="C-1001")],
        )
    )
    account = client.customers.create_account(
        billing.Account(customer_id=customer.customer_id, currency="GBP")
    )
    client.customers.create_agreement(
        billing.Agreement(
            account_id=account.account_id,
            usage_point_id=usage_point_id,
            tariff_id=tariff.tariff_id,
            start_date=wire_date(date(2012, 10, 13)),
        )
    )
    return account


def _version() -> billing.TariffVersion:
    day = billing.PeriodRate(
        period="day",
        mode=billing.TierMode.GRADUATED,
        tiers=[billing.Tier(upper="150", rate="0.2510"), billing.Tier(rate="0.2875")],
    )
    night = billing.PeriodRate(period="night", tiers=[billing.Tier(rate="0.1190")])
    calendar = billing.TimeOfUseCalendar(
        rules=[billing.TimeOfUseRule(from_minute=30, to_minute=450, period="night")],
        default_period="day",
    )
    return billing.TariffVersion(
        components=[
            billing.TariffComponent(
                code="standing",
                label="Standing charge",
                fixed=billing.FixedCharge(amount="0.2455", per=billing.ChargePeriod.DAY),
            ),
            billing.TariffComponent(
                code="energy",
                label="Electricity",
                energy=billing.EnergyCharge(
                    quantity=common.Quantity.ACTIVE_ENERGY_IMPORT,
                    unit="kWh",
                    calendar=calendar,
                    rates=[day, night],
                ),
            ),
            billing.TariffComponent(code="vat", label="Value added tax", tax=billing.TaxCharge(percent="5")),
        ],
        gate=billing.BillingGate(max_missing_share="0.02", max_estimated_share="0.1"),
    )
