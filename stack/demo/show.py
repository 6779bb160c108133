"""The demo on a screen: each chapter's table as soon as it is known."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from stack.demo.report import Report

_BARS = "▁▂▃▄▅▆▇█"
_STATE_COLOURS = {"VALIDATED": "green", "ESTIMATED": "yellow", "SUSPECT": "red", "MISSING": "red"}


def show_uplinks(console: Console, report: Report) -> None:
    """The newest reading of each channel of each real meter."""
    table = Table(
        "Real meter",
        "Quantity",
        "Value",
        "Unit",
        title="Readings from LoRaWAN payloads",
        title_justify="left",
    )
    for model, rows in groupby(report.uplinks, key=lambda row: row["model"]):
        for index, row in enumerate(rows):
            name = model if index == 0 else ""
            table.add_row(name, row["quantity"].lower().replace("_", " "), row["value"], row["unit"])
    console.print(table)


def show_import(console: Console, report: Report) -> None:
    """How the file went in."""
    told = report.imported
    console.print(
        f"  {told['rows']:,} rows of {told['file']}: {told['stored']:,} stored, "
        f"{told['duplicates']} twice in the file, {told['rejected']} refused"
    )


def show_day(console: Console, report: Report) -> None:
    """What the rules found, and a day with the quality of each value."""
    found = report.validation
    rules = ", ".join(f"{rule}: {count}" for rule, count in found["exceptions_by_rule"].items())
    console.print(
        f"  {found['intervals']:,} intervals, {found['estimated']} estimated, {found['missing']} missing; "
        f"days with findings: {rules or 'none'}"
    )
    table = Table("Half hour (UTC)", "kWh", "State", "How", title="A day with a hole", title_justify="left")
    hole = next((i for i, row in enumerate(report.day) if row["state"] != "VALIDATED"), 4)
    first = max(0, hole - 4)
    for row in report.day[first : first + 9]:
        colour = _STATE_COLOURS.get(row["state"], "white")
        how = " ".join(part for part in (row["rule"], row["method"].lower().replace("_", " ")) if part)
        table.add_row(row["start"][11:16], row["value"], f"[{colour}]{row['state'].lower()}[/]", how)
    console.print(table)
    if report.day:
        console.print("  the whole day: " + _spark([float(row["value"] or 0) for row in report.day]))


def show_command(console: Console, report: Report) -> None:
    """The states of the disconnect beside the events of the subscriber."""
    table = Table(
        "Command state", "at (UTC)", "Event", "No.", title="A disconnect over the air", title_justify="left"
    )
    for step, event in zip(report.command, report.events, strict=True):
        table.add_row(step["state"].lower(), step["time"][11:23], event["type"], str(event["sequence"]))
    console.print(table)


def show_forecast(console: Console, report: Report) -> None:
    """Tomorrow with its band, and how good the model was on days that it had not seen."""
    for name, made in (("The household", report.forecast), ("The building", report.place_forecast)):
        means = [point["mean"] for point in made["points"]]
        low = sum(point["quantiles"][0] for point in made["points"])
        high = sum(point["quantiles"][-1] for point in made["points"])
        better = 1 - made["mae"] / made["naive_mae"] if made["naive_mae"] else 0.0
        console.print(
            f"  {name} tomorrow: {_spark(means)}  {sum(means):.1f} {made['unit']} ({low:.1f} to {high:.1f})"
        )
        console.print(
            f"    error {made['mae']:.3f} {made['unit']} a half hour, {better:.0%} below that of last week's"
            f" same day ({made['backtest_days']} days tried; {made['interval_coverage']:.0%} fell into the"
            " 80 % band)"
        )


def show_invoice(console: Console, report: Report) -> None:
    """The invoice as a customer would read it."""
    bill = report.invoice
    table = Table("", "Quantity", "Rate", "Amount", show_footer=True, box=None, pad_edge=False)
    table.columns[0].footer, table.columns[3].footer = "Total", f"{bill['totalAmount']} {bill['currency']}"
    for column in table.columns[1:]:
        column.justify = "right"
    for line in bill["lines"]:
        parts = [line.get("label") or line["componentCode"], line.get("period", "")]
        tier = f"tier {line['tier']}" if line.get("tier") else ""
        label = " · ".join(part for part in (*parts, tier) if part)
        table.add_row(
            label, f"{_short(line['quantity'])} {line['unit']}", _short(line["rate"]), line["amount"]
        )
    for tax in bill["taxes"]:
        table.add_row(f"{tax['label']} {_short(tax['percent'])} %", "", "", tax["amount"])
    start, end = bill["periodStart"], bill["periodEnd"]
    usage = bill["usage"]
    console.print(
        Panel(
            table,
            title=f"Invoice {bill['invoiceNumber']} · {bill['customerName']}",
            subtitle=f"{_day(start)} to before {_day(end)} · {_short(usage['quantity'])} {usage['unit']} in "
            f"{usage['intervalCount']} half hours, {usage.get('estimatedCount', 0)} estimated",
            title_align="left",
            subtitle_align="left",
            expand=False,
        )
    )
    console.print(f"  as a PDF: {report.invoice_pdf}")


def show_end(console: Console, report: Report) -> None:
    """What to try next."""
    console.print(
        Panel(
            "simba up                     start it for yourself; it prints the endpoints and a key\n"
            "simba doctor                 is everything there and healthy?\n"
            "simba import readings FILE   your own interval data, any CSV\n"
            "http://127.0.0.1:8080/docs   the whole API, once it is up\n"
            "docs/api-guide.md            for a CIS: curl and Python, step by step",
            title=f"From payload to bill in {report.seconds:.0f} s. What to try next",
            title_align="left",
            expand=False,
        )
    )


def _day(date: dict[str, Any]) -> str:
    return f"{date['year']}-{date['month']:02}-{date['day']:02}"


def _short(number: str) -> str:
    """A decimal without zeros at its end."""
    value = Decimal(number)
    return format(value.normalize() if value else Decimal(0), "f")


def _spark(values: list[float]) -> str:
    top = max(values, default=0.0) or 1.0
    return "".join(_BARS[min(len(_BARS) - 1, int(value / top * (len(_BARS) - 1) + 0.5))] for value in values)
