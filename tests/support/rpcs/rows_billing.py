"""Rows of billing.v1."""

from typing import Any

from simba.common.v1 import types_pb2
from tests.support.rpcs.rows import Fields, Kind, row, text
from tests.support.rpcs.rows_field import POINT
from tests.support.rpcs.rows_readings import home
from tests.support.rpcs.world import World
from tests.support.stack import eventually

SUCCEEDED = types_pb2.WORK_STATE_SUCCEEDED

PARTIES, TARIFFS, RUNS, INVOICES = (
    f"billing.{name}Service" for name in ("Customer", "Tariff", "BillingRun", "Invoice")
)
STANDARD = ("Create", "Get", "List", "Update", "Archive")
OCTOBER = {"year": 2013, "month": 10, "day": 1}
NOVEMBER = {"year": 2013, "month": 11, "day": 1}
ENERGY = {
    "code": "energy",
    "label": "Electricity",
    "energy": {
        "quantity": "QUANTITY_ACTIVE_ENERGY_IMPORT",
        "unit": "kWh",
        "rates": [{"tiers": [{"rate": "0.25"}]}],
    },
}

STANDING = {"code": "standing", "label": "Standing", "fixed": {"amount": "9", "per": "CHARGE_PERIOD_MONTH"}}

CUSTOMER = Kind(PARTIES, "customer", lambda _: {"display_name": "T. Able"}, {"email": "t@example.org"}).enter(
    *STANDARD
)
ACCOUNT = Kind(
    PARTIES,
    "account",
    lambda world: {"customer_id": CUSTOMER.one(world).customer_id, "currency": "GBP"},
    {"account_number": "T-1"},
)
ACCOUNT.enter("Create", "Get", "List", "Archive")
TARIFF = Kind(
    TARIFFS,
    "tariff",
    lambda _: {
        "code": text(),
        "commodity": "COMMODITY_ELECTRICITY",
        "currency": "GBP",
        "time_zone": "Europe/London",
        "versions": [{"components": [ENERGY]}],
    },
    {"display_name": "another name"},
).enter(*STANDARD)
AGREEMENT = Kind(
    PARTIES,
    "agreement",
    lambda world: {
        "account_id": ACCOUNT.id(world),
        "usage_point_id": POINT.id(world),
        "tariff_id": TARIFF.one(world).tariff_id,
        "start_date": OCTOBER,
    },
    {"end_date": NOVEMBER},
).enter(*STANDARD)


@row(f"{PARTIES}.UpdateAccount")
def a_changed_account(world: World) -> Fields:
    made = ACCOUNT.new(world)
    changed = {"account_id": made.account_id, "etag": made.etag, "account_number": text()}
    return {"account": changed, "update_mask": {"paths": ["account_number"]}}


@row(f"{PARTIES}.ExportPersonalData")
def personal_data(world: World) -> Fields:
    return {"customer_id": CUSTOMER.one(world).customer_id}


@row(f"{PARTIES}.ErasePersonalData")
def data_to_erase(world: World) -> Fields:
    return {"customer_id": CUSTOMER.id(world), "reason": "asked for it"}


def _billed_account(world: World) -> str:
    def make() -> str:
        found = AGREEMENT.new(world, usage_point_id=home(world).point)
        return str(found.account_id)

    return world.kept("billed account", make)


def _run(world: World, **others: Any) -> Fields:
    accounts = [_billed_account(world)]
    return {
        "billing_run": {"period_start": OCTOBER, "period_end": NOVEMBER, "account_ids": accounts, **others}
    }


@row(f"{RUNS}.CreateBillingRun")
def a_new_run(world: World) -> Fields:
    return _run(world, dry_run=True)


def _ran(world: World, **others: Any) -> Fields:
    started = world.do(f"{RUNS}.CreateBillingRun", **_run(world, **others)).billing_run
    name = {"billing_run_id": started.billing_run_id}
    eventually(lambda: world.do(f"{RUNS}.GetBillingRun", **name).billing_run.state >= SUCCEEDED)
    return name


@row(f"{RUNS}.GetBillingRun", f"{RUNS}.WatchBillingRun")
def a_run(world: World) -> Fields:
    return world.kept("run", lambda: _ran(world))


@row(f"{RUNS}.ListBillingRuns")
def runs(world: World) -> Fields:
    world.kept("two runs", lambda: [_ran(world, dry_run=True) for _ in range(2)])
    return {}


@row(f"{RUNS}.ListBillingExceptions")
def exceptions(world: World) -> Fields:
    def make() -> Fields:
        # Nothing was ever measured there.
        account = ACCOUNT.id(world)
        for _ in range(2):
            AGREEMENT.new(world, account_id=account)
        return _ran(world, account_ids=[account])

    return world.kept("run with exceptions", make)


def _invoice(world: World) -> str:
    a_run(world)
    found = world.do(f"{INVOICES}.ListInvoices", account_id=_billed_account(world)).invoices
    return str(found[0].invoice_id)


@row(f"{INVOICES}.GetInvoice", f"{INVOICES}.GetInvoicePdf")
def an_invoice(world: World) -> Fields:
    return {"invoice_id": world.kept("invoice", lambda: _invoice(world))}


def _another_invoice(world: World) -> Fields:
    tariff = TARIFF.new(world, versions=[{"components": [STANDING]}])
    agreement = AGREEMENT.new(world, tariff_id=tariff.tariff_id)
    return _ran(world, account_ids=[str(agreement.account_id)])


@row(f"{INVOICES}.ListInvoices")
def invoices(world: World) -> Fields:
    an_invoice(world)
    # And some of another account.
    world.kept("second invoice", lambda: _another_invoice(world))
    return {}


@row(f"{INVOICES}.GetIssuer")
def issuer(_: World) -> Fields:
    return {}


@row(f"{INVOICES}.UpdateIssuer")
def a_changed_issuer(world: World) -> Fields:
    etag = world.do(f"{INVOICES}.GetIssuer").issuer.etag
    return {
        "issuer": {"display_name": text(), "etag": etag},
        "update_mask": {"paths": ["display_name"]},
    }
