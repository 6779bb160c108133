"""Invoices as PDF: one template, typeset by Typst from the invoice's own data.

The same invoice gives the same bytes: only fonts that come with the typesetter are used, the document
carries no date of its making, and what stands on it never changes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from server.billing.invoice import Invoice, InvoiceState
from server.billing.invoice_store import PastUse
from server.billing.money import text
from server.billing.parties import Issuer
from server.billing.period import Period
from server.billing.rating import Line, TaxLine
from server.billing.tariff import ChargePeriod

_TEMPLATE = Path(__file__).with_name("invoice.typ")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
_QUANTITY_PLACES, _RATE_PLACES = 3, 6
_TIMES = {period.value.lower() for period in ChargePeriod}


@dataclass(frozen=True, slots=True)
class Printed:
    """A document and the name to save it by."""

    content: bytes
    file_name: str


def print_invoice(invoice: Invoice, issuer: Issuer, uses: Sequence[PastUse]) -> Printed:
    """The PDF. ``uses`` are the bills of the usage point up to this one, oldest first, for the chart."""
    data = json.dumps(page_data(invoice, issuer, uses), ensure_ascii=False, sort_keys=True)
    content = typst.compile(
        _TEMPLATE.read_bytes(), format="pdf", sys_inputs={"invoice": data}, ignore_system_fonts=True
    )
    name = invoice.number or f"preview-{invoice.invoice_id}"
    return Printed(content, f"{name.replace('/', '-')}.pdf")


def page_data(invoice: Invoice, issuer: Issuer, uses: Sequence[PastUse]) -> dict[str, Any]:
    """What stands on the page, as text; a bar's share is its height against the tallest."""
    party = invoice.party
    preview = invoice.state is InvoiceState.PREVIEW
    heading = "Preview" if preview else "Invoice"
    return {
        "title": f"{heading} {invoice.number}".strip(),
        "heading": heading,
        "number": invoice.number,
        "preview": preview,
        "issuer": {
            "name": issuer.display_name,
            "address": issuer.postal_address,
            "tax_number": issuer.tax_number,
            "contact": issuer.contact,
            "payment": issuer.payment_details,
        },
        "customer": {"name": party.customer_name, "address": party.postal_address},
        "point": {"code": party.usage_point_code, "address": party.service_address},
        "facts": _facts(invoice),
        "currency": invoice.currency,
        "total": _money(invoice.bill.total, invoice.currency),
        "amount": _grouped(invoice.bill.total),
        "due": _due(invoice),
        "usage": _usage(invoice),
        "lines": [_line(line) for line in invoice.bill.lines],
        "sums": _sums(invoice),
        "chart": _chart(invoice, uses),
        "footer": f"{heading} {invoice.number or invoice.invoice_id} · inputs {invoice.inputs_sha256[:16]}",
    }


def _facts(invoice: Invoice) -> list[list[str]]:
    issued = invoice.issue_time.astimezone(ZoneInfo(invoice.zone)).date()
    return [
        ["Account", invoice.party.account_number],
        ["Billing period", _span(invoice.days)],
        ["Days", str(invoice.days.days)],
        ["Date", _day(issued)],
        ["Tariff", invoice.party.tariff_code],
    ]


def _due(invoice: Invoice) -> dict[str, str]:
    owed = invoice.due_date is not None
    return {
        "label": "Amount due" if owed else "Amount",
        "date": _day(invoice.due_date) if invoice.due_date is not None else "",
    }


def _usage(invoice: Invoice) -> dict[str, str]:
    usage = invoice.usage
    if not usage.unit:
        return {"quantity": "", "quality": ""}
    measured = usage.intervals - usage.estimated - usage.missing
    parts = [f"{_grouped(Decimal(usage.intervals))} intervals: {_grouped(Decimal(measured))} measured"]
    if usage.estimated:
        parts.append(f"{_grouped(Decimal(usage.estimated))} estimated")
    if usage.missing:
        parts.append(f"{_grouped(Decimal(usage.missing))} missing")
    return {
        "quantity": _quantity(usage.quantity, usage.unit),
        "quality": ", ".join(parts),
    }


def _line(line: Line) -> dict[str, str]:
    detail = [line.period.replace("_", " ")] if line.period else []
    if line.tier:
        detail.append(f"tier {line.tier}")
    return {
        "label": line.label,
        "detail": ", ".join(detail),
        "days": _short_span(line.days),
        "quantity": _quantity(line.quantity, line.unit),
        "rate": _rate(line.rate),
        "amount": _grouped(line.amount),
    }


def _sums(invoice: Invoice) -> list[list[str]]:
    bill = invoice.bill
    if not bill.taxes:
        return []
    return [["Net", _grouped(bill.net)], *([_tax_title(tax), _grouped(tax.amount)] for tax in bill.taxes)]


def _tax_title(tax: TaxLine) -> str:
    return f"{tax.label}, {text(tax.percent)} % on {_rounded(tax.base, 2)}"


def _chart(invoice: Invoice, uses: Sequence[PastUse]) -> dict[str, Any]:
    tallest = max((use.quantity for use in uses), default=Decimal(0)) or Decimal(1)
    bars = [
        {
            "label": f"{_MONTHS[use.start.month - 1][:3]} {use.start.year % 100:02}",
            "value": _grouped(use.quantity.quantize(Decimal(1), rounding=ROUND_HALF_UP)),
            "share": float(use.quantity / tallest),
            "current": place == len(uses) - 1,
        }
        for place, use in enumerate(uses)
    ]
    return {"unit": invoice.usage.unit, "bars": bars if invoice.usage.unit else []}


def _money(amount: Decimal, currency: str) -> str:
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{_grouped(amount)}" if symbol else f"{currency} {_grouped(amount)}"


def _grouped(amount: Decimal) -> str:
    return format(amount, ",f")


def _quantity(value: Decimal, unit: str) -> str:
    """Measured quantities with three places, times with as many as they need up to three."""
    shown = _rounded(value, _QUANTITY_PLACES)
    if unit in _TIMES and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{shown} {unit}"


def _rate(value: Decimal) -> str:
    """With two to six places; all of them are in the invoice's data."""
    shown = _rounded(value, _RATE_PLACES)
    return shown[:-4] + shown[-4:].rstrip("0")


def _rounded(value: Decimal, places: int) -> str:
    return _grouped(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _span(days: Period) -> str:
    return f"{_day(days.start)} to {_day(days.end - timedelta(days=1))}"


def _short_span(days: Period) -> str:
    last = days.end - timedelta(days=1)
    return f"{days.start.day} {_MONTHS[days.start.month - 1][:3]} to {last.day} {_MONTHS[last.month - 1][:3]}"
