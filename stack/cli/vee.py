"""Commands for people: runs of validation, the work queue of findings, and edits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import uuid4

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER

_VEE: Final = "simba.readings.v1.VeeService."
_EDITS: Final = "simba.readings.v1.ReadingEditService."
_STRETCH: Final = timedelta(days=31)
_REFUSED: Final = 3

BY_HAND: Final = frozenset(
    {
        "RunVee",
        "ExplainReading",
        "AssignVeeExceptions",
        "ResolveVeeExceptions",
        "AcceptVeeExceptions",
        "ReopenVeeExceptions",
    }
)
"""Methods of the service that are commands here, not what the contract makes."""

_KEYS = Annotated[list[str] | None, typer.Argument(metavar="SERIES/DAY/RULE...", help="These findings.")]
_RULE = Annotated[str, typer.Option(help="All of this rule.")]
_POINT = Annotated[str, typer.Option("--usage-point-id", metavar="UUID", help="All of this usage point.")]
_OF_SERIES = Annotated[list[int] | None, typer.Option("--series", help="All of this series. Repeatable.")]
_FROM = Annotated[str, typer.Option("--start-time", metavar="TIME", help="All from here on, RFC 3339.")]
_UNTIL = Annotated[str, typer.Option("--end-time", metavar="TIME", help="All before this.")]
_ALL = Annotated[bool, typer.Option("--all", help="All that there are.")]
_NOTE = Annotated[str, typer.Option(help="Why, in words.")]
_REASON = Annotated[str, typer.Option("--reason-code", metavar="CODE", help="Why, as a code: METER_FAULT.")]
_ONE_SERIES = Annotated[int, typer.Argument(help="Series number.")]
_PERIOD = Annotated[str, typer.Option(metavar="START/END", help="First instant and first behind, RFC 3339.")]
_TRY = Annotated[bool, typer.Option("--validate-only", help="Show what would be and store nothing.")]

Where = tuple[str, str, Any]


def add_vee(app: typer.Typer) -> None:
    """Adds the commands of the queue and of runs to the group `vee`."""
    for name, command in (
        ("run", run),
        ("explain", explain),
        ("assign", assign),
        ("resolve", resolve),
        ("accept", accept),
        ("reopen", reopen),
    ):
        app.command(name)(command)


def add_edits(app: typer.Typer) -> None:
    """Adds the commands that make an edit to the group `edits`."""
    for name, command in (
        ("set", set_values),
        ("scale", scale),
        ("copy-day", copy_day),
        ("verify", verify),
    ):
        app.command(name)(command)


def run(
    period: _PERIOD,
    series: _OF_SERIES = None,
    usage_point_id: _POINT = "",
    validate_only: _TRY = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Run validation and estimation at once and say what they changed.

    A long time is run month by month, with a bar on standard error; what is done stays done.

    **Example**: `simba vee run --series 1042 --period 2025-03-01T00:00:00Z/2025-04-01T00:00:00Z`
    """
    from rich.console import Console
    from rich.progress import Progress

    from stack.cli.resources.calls import call
    from stack.cli.resources.show import show

    pieces = list(_stretches(*_span(period)))
    total: dict[str, Any] = dict.fromkeys(("intervals", "changed", "estimated", "missing", "exceptions"), 0)
    with Progress(console=Console(stderr=True), disable=as_json or len(pieces) == 1, transient=True) as bar:
        for begin, end in bar.track(pieces, description="Validating"):
            request = {
                "series": series or [],
                "usagePointId": usage_point_id,
                "period": {"start": _text(begin), "end": _text(end)},
                "validateOnly": validate_only,
                "requestId": str(uuid4()),
            }
            answer = call((server, api_key, data), f"{_VEE}RunVee", request)
            for name in total:
                total[name] += int(answer.get(name, 0))
    show(total, as_json=as_json)


def explain(
    series: Annotated[int, typer.Option(help="Series number.")],
    time: Annotated[str, typer.Option(metavar="TIME", help="Start of the interval, RFC 3339.")],
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Tell how an interval came to its value: every rule with what it looked at, its bound and its outcome.

    **Example**: `simba vee explain --series 1042 --time 2025-03-30T05:00:00Z`
    """
    from rich.console import Console
    from rich.table import Table

    from stack.cli.resources.calls import call

    answer = call((server, api_key, data), f"{_VEE}ExplainReading", {"series": series, "time": time})
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    interval = answer["interval"]
    state = interval["state"].removeprefix("READING_STATE_").lower()
    console = Console()
    console.print(
        f"[bold]{interval.get('value', '') or 'no value'} {interval.get('unit', '')}[/], {state},"
        f" {interval['period']['start']} to {interval['period']['end']}"
    )
    for one in answer.get("inputs", ()):
        console.print(
            f"  from channel {one['channel']}: {one['value']} {one.get('unit', '')} at {one['time']}"
        )
    table = Table("rule", "", "outcome", "looked at", "bound", "", box=None, header_style="bold")
    for one in answer.get("outcomes", ()):
        outcome = "-" if not one.get("applicable") else "passed" if one.get("passed") else "[red]failed[/]"
        looked = ", ".join(f"{name} {value}" for name, value in sorted(one.get("inputs", {}).items()))
        words = (one["rule"], one.get("name", ""), outcome, looked, one.get("threshold", ""))
        table.add_row(*words, one.get("description", ""))
    console.print(table)


def assign(
    to: Annotated[str, typer.Option(help="Who is to look at them.")],
    keys: _KEYS = None,
    rule: _RULE = "",
    usage_point_id: _POINT = "",
    series: _OF_SERIES = None,
    start_time: _FROM = "",
    end_time: _UNTIL = "",
    everything: _ALL = False,
    note: _NOTE = "",
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Give findings to somebody.

    **Example**: `simba vee assign --to anna --rule V06 --start-time 2025-03-01T00:00:00Z`
    """
    selection = _selection(keys, rule, usage_point_id, series, start_time, end_time, everything=everything)
    body = {"selection": selection, "assignee": to, "note": note}
    _bulk((server, api_key, data), "AssignVeeExceptions", body, as_json=as_json)


def resolve(
    reason_code: _REASON,
    keys: _KEYS = None,
    rule: _RULE = "",
    usage_point_id: _POINT = "",
    series: _OF_SERIES = None,
    start_time: _FROM = "",
    end_time: _UNTIL = "",
    everything: _ALL = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="They are not worth any work.")] = False,
    note: _NOTE = "",
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Settle findings: the cause was dealt with, or they are not worth any work.

    **Example**: `simba vee resolve --reason-code METER_EXCHANGED 1042/2025-03-30/V11`
    """
    selection = _selection(keys, rule, usage_point_id, series, start_time, end_time, everything=everything)
    state = "VEE_EXCEPTION_STATE_DISMISSED" if dismiss else "VEE_EXCEPTION_STATE_RESOLVED"
    body = {"selection": selection, "state": state, "reasonCode": reason_code, "note": note}
    _bulk((server, api_key, data), "ResolveVeeExceptions", body, as_json=as_json)


def accept(
    reason_code: _REASON,
    keys: _KEYS = None,
    rule: _RULE = "",
    usage_point_id: _POINT = "",
    series: _OF_SERIES = None,
    start_time: _FROM = "",
    end_time: _UNTIL = "",
    everything: _ALL = False,
    note: _NOTE = "",
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Settle findings by declaring their values to be right.

    **Example**: `simba vee accept --reason-code CUSTOMER_CONFIRMED 1042/2025-03-30/V11`
    """
    selection = _selection(keys, rule, usage_point_id, series, start_time, end_time, everything=everything)
    body = {"selection": selection, "reasonCode": reason_code, "note": note}
    _bulk((server, api_key, data), "AcceptVeeExceptions", body, as_json=as_json)


def reopen(
    keys: _KEYS = None,
    rule: _RULE = "",
    usage_point_id: _POINT = "",
    series: _OF_SERIES = None,
    start_time: _FROM = "",
    end_time: _UNTIL = "",
    everything: _ALL = False,
    note: _NOTE = "",
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Open settled findings again.

    **Example**: `simba vee reopen 1042/2025-03-30/V11 --note "it came from the transformer"`
    """
    selection = _selection(keys, rule, usage_point_id, series, start_time, end_time, everything=everything)
    _bulk(
        (server, api_key, data),
        "ReopenVeeExceptions",
        {"selection": selection, "note": note},
        as_json=as_json,
    )


def set_values(
    series: _ONE_SERIES,
    values: Annotated[
        list[str], typer.Argument(metavar="TIME=VALUE...", help="Starts of intervals, values.")
    ],
    reason_code: _REASON,
    note: _NOTE = "",
    validate_only: _TRY = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Set values of intervals.

    **Example**: `simba edits set 1042 2025-03-30T05:00:00Z=1.25 --reason-code METER_FAULT --validate-only`
    """
    given = []
    for one in values:
        time, sign, value = one.rpartition("=")
        if not sign or not time:
            raise typer.BadParameter(f"{one!r} is not TIME=VALUE", param_hint="TIME=VALUE")
        given.append({"time": time, "value": value})
    told = {"set": {"series": series, "values": given}, "reasonCode": reason_code, "note": note}
    _edit((server, api_key, data), told, validate_only=validate_only, as_json=as_json)


def scale(
    series: _ONE_SERIES,
    period: _PERIOD,
    total: Annotated[str, typer.Option(help="What the values shall add up to.")],
    reason_code: _REASON,
    only_estimated: Annotated[
        bool, typer.Option("--only-estimated", help="What was measured stays.")
    ] = False,
    note: _NOTE = "",
    validate_only: _TRY = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Scale values so that they add up to a total, exactly."""
    wanted = {
        "series": series,
        "period": _wire_span(period),
        "total": total,
        "onlyEstimated": only_estimated,
    }
    told = {"scale": wanted, "reasonCode": reason_code, "note": note}
    _edit((server, api_key, data), told, validate_only=validate_only, as_json=as_json)


def copy_day(
    series: _ONE_SERIES,
    day: Annotated[str, typer.Argument(help="The local day to change, YYYY-MM-DD.")],
    source_day: Annotated[str, typer.Argument(help="The local day to take the values of.")],
    reason_code: _REASON,
    source_series: Annotated[int, typer.Option(help="The series to take them of.")] = 0,
    note: _NOTE = "",
    validate_only: _TRY = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Copy the values of a local day to another one, by the clock on the wall."""
    wanted = {"series": series, "day": day, "sourceDay": source_day, "sourceSeries": source_series}
    told = {"copyDay": wanted, "reasonCode": reason_code, "note": note}
    _edit((server, api_key, data), told, validate_only=validate_only, as_json=as_json)


def verify(
    series: _ONE_SERIES,
    period: _PERIOD,
    reason_code: _REASON,
    note: _NOTE = "",
    validate_only: _TRY = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Declare values to be right as they are."""
    wanted = {"series": series, "period": _wire_span(period)}
    told = {"verify": wanted, "reasonCode": reason_code, "note": note}
    _edit((server, api_key, data), told, validate_only=validate_only, as_json=as_json)


def _edit(where: Where, told: dict[str, Any], *, validate_only: bool, as_json: bool) -> None:
    """Makes an edit, and shows it value by value."""
    from rich.console import Console
    from rich.table import Table

    from stack.cli.resources.calls import call

    body = {**told, "validateOnly": validate_only, "requestId": str(uuid4())}
    answer = call(where, f"{_EDITS}EditReadings", body)
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    edit, console = answer["edit"], Console()
    state = edit["state"].removeprefix("READING_EDIT_STATE_").lower().replace("_", " ")
    name = "would be" if validate_only else f"edit {edit['editId']}, {state}"
    console.print(f"[bold]{edit['description']}[/] ({name})")
    table = Table("start", "before", "", "after", "", box=None, header_style="bold")
    for one in edit.get("values", ()):
        old, new = (one[key].removeprefix("READING_STATE_").lower() for key in ("oldState", "newState"))
        table.add_row(one["period"]["start"], one.get("oldValue", ""), old, one.get("newValue", ""), new)
    console.print(table)
    for part in edit.get("series", ()):
        console.print(
            f"[dim]{part['oldTotal']} {part['unit']} before, {part['newTotal']} {part['unit']} after[/]"
        )
    for bill in edit.get("billedPeriods", ()):
        told_days = f"{bill['firstDay']} to {bill['lastDay']}"
        console.print(f"[yellow]{told_days} are billed already (invoice {bill['invoiceId']})[/]")


def _bulk(where: Where, method: str, body: dict[str, Any], *, as_json: bool) -> None:
    """Repeats a call until no more findings match; ends the program with 3 when some could not be."""
    from stack.cli.resources.calls import call
    from stack.cli.resources.show import show

    total: dict[str, Any] = {"changed": 0, "unchanged": 0, "rejected": [], "editIds": [], "pending": 0}
    while True:
        answer = call(where, f"{_VEE}{method}", {**body, "requestId": str(uuid4())})
        outcome = answer.get("outcome", {})
        for name in ("changed", "unchanged"):
            total[name] += outcome.get(name, 0)
        total["pending"] += answer.get("pending", 0)
        total["rejected"] += outcome.get("rejected", [])
        total["editIds"] += answer.get("editIds", [])
        # What cannot be stays in the way of what comes after it.
        moved = outcome.get("changed", 0) or answer.get("pending", 0)
        if not outcome.get("more") or not moved:
            break
    refused = total["rejected"]
    if as_json:
        print(json.dumps(total, ensure_ascii=False))
    else:
        show({name: value for name, value in total.items() if value and name != "rejected"}, as_json=False)
        for one in refused:
            key = one["key"]
            typer.secho(
                f"  {key['series']}/{key['day']}/{key['rule']}: {one['description']}", fg="red", err=True
            )
    if refused:
        raise typer.Exit(_REFUSED)


def _selection(
    keys: list[str] | None,
    rule: str,
    usage_point_id: str,
    series: list[int] | None,
    start_time: str,
    end_time: str,
    *,
    everything: bool,
) -> dict[str, Any]:
    """Findings by their keys, or by a filter; nothing at all is a mistake."""
    if keys:
        return {"keys": [_key(text) for text in keys]}
    wanted = {
        "rule": rule,
        "usagePointId": usage_point_id,
        "series": series or [],
        "startTime": start_time,
        "endTime": end_time,
    }
    chosen = {name: value for name, value in wanted.items() if value}
    if not chosen and not everything:
        raise typer.BadParameter(
            "say which: SERIES/DAY/RULE, a filter, or --all", param_hint="SERIES/DAY/RULE"
        )
    return {"filter": chosen}


def _key(text: str) -> dict[str, Any]:
    series, _, rest = text.partition("/")
    day, _, rule = rest.partition("/")
    if not series.isdigit() or not day or not rule:
        raise typer.BadParameter(f"{text!r} is not SERIES/DAY/RULE", param_hint="SERIES/DAY/RULE")
    return {"series": series, "day": day, "rule": rule}


def _stretches(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Month by month; what is no period is the server's to refuse."""
    if start >= end:
        yield start, end
    while start < end:
        yield start, min(start + _STRETCH, end)
        start += _STRETCH


def _span(text: str) -> tuple[datetime, datetime]:
    start, sign, end = text.partition("/")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not START/END", param_hint="--period")
    return _instant(start), _instant(end)


def _wire_span(text: str) -> dict[str, str]:
    start, end = _span(text)
    return {"start": _text(start), "end": _text(end)}


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a time (RFC 3339)", param_hint="--period") from None
    if at.tzinfo is None:
        raise typer.BadParameter(f"{text!r} does not say its zone", param_hint="--period")
    return at.astimezone(UTC)


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
