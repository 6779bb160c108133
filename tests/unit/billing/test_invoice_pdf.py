"""What stands on a bill."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from server.billing.invoice import Invoice, InvoiceState, Party
from server.billing.invoice_pdf import page_data, print_invoice
from server.billing.invoice_store import PastUse
from server.billing.parties import Issuer
from server.billing.period import Period
from server.billing.quality import Usage
from server.billing.rating import Determinant, Rated, rate
from server.billing.tariff import Part
from tests.unit.billing.tariffs import flat_energy, monthly, tariff, tax

D = Decimal
JULY = Period.of_month(2018, 7)
TARIFF = tariff(flat_energy("0.1195179675994109"), monthly("8"), tax("5"))
HOSTILE = 'Ada "#panic()" *Bold* $x$ <tag> \\ @ref Łódź 東京'
ID = UUID(int=1)
PARTY = Party(
    customer_id=ID,
    customer_name=HOSTILE,
    postal_address="1 Road\n\n#2",
    language="en",
    account_id=ID,
    account_number="100001",
    agreement_id=ID,
    usage_point_id=ID,
    usage_point_code="UP-1",
    service_address="",
    tariff_id=ID,
    tariff_code="HOME",
)
INVOICE = Invoice(
    invoice_id=ID,
    state=InvoiceState.FROZEN,
    party=PARTY,
    days=JULY,
    zone="Europe/London",
    currency="GBP",
    bill=rate([Rated(Part(JULY, TARIFF), (Determinant("energy", "", D("12594.7795")),))]),
    usage=Usage(D("12594.7795"), "kWh", 744, 3, 1),
    snapshot=1,
    inputs={},
    inputs_sha256="ab" * 32,
    billing_run_id=ID,
    issuer_version=1,
    issue_time=datetime(2018, 7, 31, 23, 30, tzinfo=UTC),
    number_series="INV-",
    number_value=42,
    due_date=date(2018, 8, 15),
)
ISSUER = Issuer(display_name="Utility & Sons #1", postal_address="2 Road", payment_details="IBAN …")
USES = [PastUse(date(2018, month, 1), D(month * 100)) for month in range(1, 7)]


def test_the_same_invoice_gives_the_same_bytes() -> None:
    first = print_invoice(INVOICE, ISSUER, USES)
    assert first == print_invoice(INVOICE, ISSUER, USES)
    assert first.content.startswith(b"%PDF-")
    assert first.file_name == "INV-00000042.pdf"
    other = replace(INVOICE, party=replace(PARTY, customer_name="Bob"))
    assert print_invoice(other, ISSUER, USES).content != first.content


def test_texts_on_the_page() -> None:
    data = page_data(INVOICE, ISSUER, USES)
    assert data["customer"]["name"] == HOSTILE
    assert data["total"] == "£1,588.97"
    assert data["due"] == {"label": "Amount due", "date": "15 August 2018"}
    # Issued at half past eleven UTC, which is the first of August in London.
    assert data["facts"][1:4] == [
        ["Billing period", "1 July 2018 to 31 July 2018"],
        ["Days", "31"],
        ["Date", "1 August 2018"],
    ]
    assert data["usage"] == {
        "quantity": "12,594.780 kWh",
        "quality": "744 intervals: 740 measured, 3 estimated, 1 missing",
    }
    assert [(line["quantity"], line["rate"], line["amount"]) for line in data["lines"]] == [
        ("12,594.780 kWh", "0.119518", "1,505.30"),
        ("1 month", "8.00", "8.00"),
    ]
    assert data["sums"] == [["Net", "1,513.30"], ["VAT, 5 % on 1,513.30", "75.67"]]
    assert [bar["label"] for bar in data["chart"]["bars"]][:2] == ["Jan 18", "Feb 18"]
    assert [bar["current"] for bar in data["chart"]["bars"]] == [False] * 5 + [True]
    assert max(bar["share"] for bar in data["chart"]["bars"]) == 1.0


def test_a_preview_says_that_it_is_none() -> None:
    preview = replace(
        INVOICE, state=InvoiceState.PREVIEW, number_series=None, number_value=None, due_date=None
    )
    data = page_data(preview, Issuer(), [])
    assert (data["heading"], data["number"], data["due"]["date"]) == ("Preview", "", "")
    assert data["preview"]
    printed = print_invoice(preview, Issuer(), [])
    assert printed.file_name == f"preview-{ID}.pdf"


def test_a_bill_without_measurements() -> None:
    bill = rate([Rated(Part(JULY, tariff(monthly("8"))), ())])
    fixed = replace(INVOICE, bill=bill, usage=Usage(), currency="XAF")
    data = page_data(fixed, Issuer(), [PastUse(JULY.start, D(0))])
    assert (data["usage"]["quantity"], data["chart"]["bars"], data["sums"]) == ("", [], [])
    assert data["total"] == "XAF 8.00"
    assert print_invoice(fixed, Issuer(), []).content


def test_many_lines_take_several_pages() -> None:
    parts = [replace(monthly("1"), code=f"part{i}", label=f"Part {i}") for i in range(120)]
    long = replace(INVOICE, bill=rate([Rated(Part(JULY, tariff(*parts)), ())]))
    assert len(print_invoice(long, ISSUER, USES).content) > len(print_invoice(INVOICE, ISSUER, USES).content)
