"""`simba readings`: values as people ask for them, as a table, as JSON or as a picture."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from stack.cli.connection import API_KEY, DATA, DEFAULT_DATA, JSON, SERVER
from stack.cli.readings_export import export
from stack.cli.readings_import import readings as import_

app = typer.Typer(
    no_args_is_help=True, help="Readings, and what became of them.", rich_markup_mode="markdown"
)

_SERVICE: Final = "simba.readings.v1.ReadingService."
_POINTS: Final = "simba.devices.v1.UsagePointService."
_RESOLUTIONS: Final = ("native", "hour", "day", "week", "month", "quarter", "year")
_VERSIONS: Final = ("latest", "as-of", "billed")
_STATES: Final = ("raw", "validated", "suspect", "estimated", "edited", "missing")
_COLUMNS: Final = (
    "series", "period.start", "period.end", "value", "unit", "state", "method", "rule",
    "intervalCount", "expectedCount", "estimatedCount", "missingCount",
)  # fmt: skip

Where = tuple[str, str, Any]

_POINT = Annotated[
    str, typer.Option("--usage-point-id", metavar="UUID", help="All series of this usage point.")
]
_SERIES = Annotated[list[int] | None, typer.Option("--series", help="This series. Repeatable.")]
_ZONE = Annotated[
    str,
    typer.Option("--time-zone", metavar="ZONE", help="Zone of days and months. Default: the usage point's."),
]


@app.callback()
def _group() -> None:
    """Readings, and what became of them."""


@app.command("query")
def query(
    usage_point_id: _POINT = "",
    series: _SERIES = None,
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="This local day.")] = "",
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="This local month.")] = "",
    period: Annotated[
        str, typer.Option(metavar="START/END", help="From START on, until before END, RFC 3339.")
    ] = "",
    resolution: Annotated[str, typer.Option(help=f"One of {', '.join(_RESOLUTIONS)}.")] = "native",
    quantity: Annotated[
        str, typer.Option(help="Only this quantity, for example `active-energy-import`.")
    ] = "",
    time_zone: _ZONE = "",
    version: Annotated[str, typer.Option(help=f"One of {', '.join(_VERSIONS)}.")] = "latest",
    as_of: Annotated[str, typer.Option(metavar="TIME", help="As it was known then, RFC 3339.")] = "",
    state: Annotated[
        list[str] | None, typer.Option(help=f"Only this state, of {', '.join(_STATES)}. Repeatable.")
    ] = None,
    max_points: Annotated[int, typer.Option(help="At most so many values of each series. 0: all.")] = 0,
    limit: Annotated[int, typer.Option(help="At most so many rows. 0: all.")] = 0,
    plot: Annotated[bool, typer.Option("--plot", help="Draw the values.")] = False,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Show values after validation and estimation, with their quality.

    Days, months and years are those of the time zone: a day has 23, 24 or 25 hours.

    **Examples**: `simba readings query --usage-point-id 0190… --day 2025-03-30 --plot`;
    `simba readings query --series 1042 --month 2025-03 --resolution day --time-zone Europe/London`
    """
    from stack.cli.resources.calls import call_pages
    from stack.cli.resources.show import show_rows

    where = (server, api_key, data)
    if sum(map(bool, (day, month, period))) > 1:
        raise typer.BadParameter("--day, --month and --period exclude one another", param_hint="--period")
    if not usage_point_id and not series:
        raise typer.BadParameter("say whose: --usage-point-id or --series", param_hint="--series")
    zone = _zone(where, time_zone, usage_point_id)
    request = {
        "series": series or [],
        "usagePointId": usage_point_id,
        "quantity": _enum("--quantity", "QUANTITY", quantity) if quantity else 0,
        "resolution": _enum("--resolution", "RESOLUTION", resolution, _RESOLUTIONS),
        "timeZone": time_zone,
        "version": _enum("--version", "READING_VERSION", version, _VERSIONS),
        "states": [_enum("--state", "READING_STATE", one, _STATES) for one in state or ()],
        "maxPoints": max_points,
        **({"asOf": as_of} if as_of else {}),
        **_bounds(day, month, period, zone),
    }
    rows = call_pages(where, f"{_SERVICE}QueryIntervals", request, limit=limit)
    if plot and not as_json:
        _draw(rows, zone, day or month or period)
        return
    show_rows(map(_plain, rows) if not as_json else rows, _COLUMNS, as_json=as_json)


@app.command("latest")
def latest(
    usage_point_id: Annotated[
        str, typer.Option("--usage-point-id", metavar="UUID", help="Of this usage point.")
    ] = "",
    meter_id: Annotated[str, typer.Option("--meter-id", metavar="UUID", help="Of this meter.")] = "",
    node_id: Annotated[
        str, typer.Option("--node-id", metavar="UUID", help="Of all at or below this node of a tree.")
    ] = "",
    limit: Annotated[int, typer.Option(help="At most so many rows. 0: all.")] = 0,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Show the newest reading of each channel, as the meter gave it.

    **Example**: `simba readings latest --meter-id 0190…`
    """
    from stack.cli.resources.calls import call_pages
    from stack.cli.resources.show import show_rows

    whose = {"usagePointId": usage_point_id, "meterId": meter_id, "nodeId": node_id}
    chosen = {name: value for name, value in whose.items() if value}
    if len(chosen) != 1:
        raise typer.BadParameter(
            "say whose: one of --usage-point-id, --meter-id and --node-id", param_hint="--meter-id"
        )
    rows = call_pages((server, api_key, data), f"{_SERVICE}GetLatestReadings", chosen, limit=limit)
    columns = ("channel", "quantity", "time", "value", "unit", "quality")
    show_rows(rows if as_json else map(_plain, rows), columns, as_json=as_json)


@app.command("bill")
def bill(
    usage_point_id: Annotated[str, typer.Argument(metavar="UUID", help="The usage point.")],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="A calendar month.")] = "",
    first_day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Instead: the first local day.")] = "",
    end_day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The first local day after it.")] = "",
    version: Annotated[str, typer.Option(help=f"One of {', '.join(_VERSIONS)}.")] = "latest",
    as_of: Annotated[str, typer.Option(metavar="TIME", help="As it was known then, RFC 3339.")] = "",
    time_zone: _ZONE = "",
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Show what a bill needs of a month: totals, days, registers, and how much of it was estimated.

    **Example**: `simba readings bill 0190… --month 2025-03`
    """
    from rich.console import Console

    from stack.cli.resources.calls import call
    from stack.cli.resources.show import show_rows

    request = {
        "usagePointId": usage_point_id,
        "month": month,
        "firstDay": first_day,
        "endDay": end_day,
        "version": _enum("--version", "READING_VERSION", version, _VERSIONS),
        "timeZone": time_zone,
        **({"asOf": as_of} if as_of else {}),
    }
    answer = call((server, api_key, data), f"{_SERVICE}GetBillReadyUsage", request)
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    console = Console()
    for one in answer.get("series", ()):
        total = _plain(one["total"])
        console.print(
            f"[bold]series {total['series']}[/] {_word('QUANTITY', one.get('quantity', ''))}:"
            f" [bold]{total.get('value', '?')} {total.get('unit', '')}[/], {total.get('state', '')},"
            f" {one.get('completenessPercent', 0):g} % complete"
        )
        show_rows(map(_plain, one.get("days", ())), _COLUMNS[1:], as_json=False)
    for one in answer.get("registers", ()):
        ends = (one.get("opening", {}), one.get("closing", {}))
        told = " → ".join(
            f"{end.get('value', '?')} {end.get('unit', '')} ({end.get('time', '')})" for end in ends
        )
        console.print(f"register of meter {one['meterId']}: {told}")


@app.command("versions")
def versions(
    series: Annotated[int, typer.Argument(help="Series number.")],
    time: Annotated[str, typer.Argument(help="Start of the interval, RFC 3339.")],
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: JSON = False,
) -> None:
    """Show every value that an interval has had, and since when.

    **Example**: `simba readings versions 1042 2025-03-30T15:00:00Z`
    """
    from stack.cli.resources.calls import call
    from stack.cli.resources.show import show_rows

    answer = call((server, api_key, data), f"{_SERVICE}ListReadingVersions", {"series": series, "time": time})
    rows = answer.get("versions", [])
    columns = ("version", "storedTime", "value", "unit", "state", "quality", "method", "rule")
    show_rows(rows if as_json else map(_plain, rows), columns, as_json=as_json)


@app.command("watch")
def watch(
    usage_point_id: Annotated[
        list[str] | None, typer.Option("--usage-point-id", metavar="UUID", help="Of this one. Repeatable.")
    ] = None,
    meter_id: Annotated[
        list[str] | None, typer.Option("--meter-id", metavar="UUID", help="Of this one. Repeatable.")
    ] = None,
    series: _SERIES = None,
    node_id: Annotated[
        str, typer.Option("--node-id", metavar="UUID", help="Of all at or below this node.")
    ] = "",
    stage: Annotated[str, typer.Option(help="raw, final or both.")] = "both",
    resume_token: Annotated[str, typer.Option(help="Go on after the message that had this token.")] = "",
    count: Annotated[int, typer.Option(help="End after so many values. 0: never.")] = 0,
    server: SERVER = "",
    api_key: API_KEY = "",
    data: DATA = DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a message.")] = False,
) -> None:
    """Show readings as they arrive, one line each, until interrupted.

    What is printed with `--json` has a `resumeToken`: give the last one to go on where it ended.

    **Example**: `simba readings watch --meter-id 0190…`
    """
    import grpc
    from google.protobuf.json_format import MessageToDict, ParseDict

    from simba.readings.v1 import live_reading_pb2 as pb
    from simba.readings.v1.reading_service_pb2_grpc import ReadingServiceStub
    from stack.cli.connection import connect, say_and_exit

    connection = connect(server, api_key, data)
    wanted = {
        "usagePointIds": usage_point_id or [],
        "meterIds": meter_id or [],
        "series": series or [],
        "nodeId": node_id,
        "stage": _enum("--stage", "LIVE_STAGE", stage, ("raw", "final", "both")),
        "resumeToken": resume_token,
    }
    request = ParseDict(wanted, pb.SubscribeReadingsRequest())
    stream = ReadingServiceStub(connection.channel).SubscribeReadings(request, metadata=connection.metadata)
    shown = 0
    try:
        for answer in stream:
            shown += len(answer.raw.channel) + len(answer.final.series)
            if as_json:
                print(json.dumps(MessageToDict(answer), ensure_ascii=False), flush=True)
            else:
                for line in _lines(answer):
                    print(line, flush=True)
            if count and shown >= count:
                break
    except grpc.RpcError as error:
        raise say_and_exit(error) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    finally:
        stream.cancel()


app.command("import")(import_)
app.command("export")(export)


def _lines(answer: Any) -> Iterator[str]:
    """What people see of a message."""
    from simba.readings.v1 import reading_pb2

    raw, final = answer.raw, answer.final
    for channel, at, value in zip(raw.channel, raw.time_ms, raw.value_micro, strict=True):
        yield f"{_at_ms(at)}  channel {channel}  {Decimal(value).scaleb(-6).normalize():f}  raw"
    columns = (final.series, final.time_ms, final.value_micro, final.state)
    for series, at, value, state in zip(*columns, strict=True):
        name = _word("READING_STATE", reading_pb2.ReadingState.Name(state))
        told = "" if name == "missing" else f"{Decimal(value).scaleb(-6).normalize():f}"
        yield f"{_at_ms(at)}  series {series}  {told}  {name}"
    if answer.HasField("gap"):
        yield f"gap: {answer.gap.description}"


def _at_ms(milliseconds: int) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return at.isoformat().replace("+00:00", "Z")


def _draw(rows: Iterator[dict[str, Any]], zone: ZoneInfo, title: str) -> None:
    """One picture a series."""
    from stack.cli.plot import Bar, plot

    bars: dict[str, list[Bar]] = defaultdict(list)
    units: dict[str, str] = {}
    for row in rows:
        state = _word("READING_STATE", row.get("state", ""))
        value = Decimal(row["value"]) if row.get("value") else None
        bars[row["series"]].append(Bar(datetime.fromisoformat(row["period"]["start"]), value, state))
        units.setdefault(row["series"], row.get("unit", ""))
    if not bars:
        typer.echo("nothing to draw: there are no values")
    colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for series, found in bars.items():
        print(plot(found, f"series {series}, {units[series]}, {title} {zone.key}", zone, colours=colours))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Names of values without what the contract puts before them."""
    prefixes = {"state": "READING_STATE", "method": "ESTIMATION_METHOD", "quantity": "QUANTITY"}
    return {key: _word(prefixes[key], value) if key in prefixes else value for key, value in row.items()}


def _word(prefix: str, name: str) -> str:
    return name.removeprefix(f"{prefix}_").lower().replace("_", " ")


def _enum(option: str, prefix: str, text: str, allowed: tuple[str, ...] = ()) -> str:
    if allowed and text not in allowed:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(allowed)}", param_hint=option)
    return f"{prefix}_{text.upper().replace('-', '_')}"


def _zone(where: Where, text: str, usage_point_id: str) -> ZoneInfo:
    """The zone that days are meant in: the one that is named, else the usage point's, else UTC."""
    from stack.cli.resources.calls import call

    if not text and usage_point_id:
        found = call(where, f"{_POINTS}GetUsagePoint", {"usagePointId": usage_point_id})
        text = found["usagePoint"]["timeZone"]
    try:
        return ZoneInfo(text or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise typer.BadParameter(f"{text!r} is no IANA time zone", param_hint="--time-zone") from None


def _bounds(day: str, month: str, period: str, zone: ZoneInfo) -> dict[str, str]:
    """Start and end of what was asked for; local days and months begin at their zone's midnight."""
    if period:
        start, sign, end = period.partition("/")
        if not sign:
            raise typer.BadParameter(f"{period!r} is not START/END", param_hint="--period")
        return {"startTime": start, "endTime": end}
    if not day and not month:
        return {}
    option = "--day" if day else "--month"
    try:
        first = date.fromisoformat(day or f"{month}-01")
    except ValueError:
        raise typer.BadParameter(
            f"{day or month!r} is not {'YYYY-MM-DD' if day else 'YYYY-MM'}", param_hint=option
        ) from None
    after = first + timedelta(days=1) if day else (first + timedelta(days=32)).replace(day=1)
    ends = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (first, after))
    return dict(zip(("startTime", "endTime"), (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in ends), strict=True))
