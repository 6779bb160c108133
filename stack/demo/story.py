"""The chapters of the demo. Each does one thing through the public interfaces and notes what came of it."""

from __future__ import annotations

import json
import queue
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simba_metering import analytics, billing, commands, common, events, readings
from simba_metering.dates import date as wire_date
from stack.demo.field import Field, Payload
from stack.demo.report import Report
from stack.demo.utility import HOUSEHOLD_EUI, ZONE, Utility, create_contract, create_utility

if TYPE_CHECKING:
    from simba_metering import SimbaClient

DATA = Path(__file__).with_name("data")
SERIES_FILE = DATA / "uk_electricity_halfhourly.csv.gz"
BILLED = (date(2013, 3, 1), date(2013, 4, 1))
"""A month with a change to summer time."""
SHOWN_DAY = (datetime(2012, 11, 9, tzinfo=UTC), datetime(2012, 11, 10, tzinfo=UTC))
"""A day on which the meter lost a half hour."""
FORECAST_FROM = datetime(2014, 1, 14, tzinfo=UTC)
_CHUNK = 1 << 16
_PATIENCE = 90.0

Tell = Callable[[str, float, float], None]
"""Told of the progress of long work: what, done, total."""


class Chapters:
    """The demo's work on one stack."""

    def __init__(self, client: SimbaClient, endpoints: dict[str, Any], report: Report, tell: Tell) -> None:
        self._client = client
        self._endpoints = endpoints
        self._report = report
        self._tell = tell
        self._utility: Utility | None = None

    @property
    def utility(self) -> Utility:
        """The utility, once it is made."""
        assert self._utility is not None, "the utility comes first"
        return self._utility

    def make_utility(self) -> None:
        """Places, models with codecs, meters at usage points."""
        self._utility = made = create_utility(self._client)
        self._report.utility = {
            "meters": 1 + len(made.field),
            "models": [one.model for one in made.field] + ["simba/relay-meter"],
            "household_meter_id": made.household.meter_id,
            "household_usage_point_id": made.household_point.usage_point_id,
            "building_id": made.building_id,
        }

    def publish_uplinks(self, field: Field) -> None:
        """Real LoRaWAN payloads to the broker, as ChirpStack would; then the readings that they became."""
        by_model = {one.model: one for one in self.utility.field}
        payloads = [
            Payload(
                by_model[f"{one['vendor']}/{one['model']}"].meter.dev_eui,
                one["model"],
                one["fPort"],
                bytes.fromhex(one["bytes_hex"]),
            )
            for one in json.loads((DATA / "payloads.json").read_text())
        ]
        field.publish(payloads)
        for index, one in enumerate(self.utility.field):
            self._tell("uplinks", index, len(self.utility.field))
            for reading in self._latest(one.meter.meter_id):
                self._report.uplinks.append(
                    {
                        "model": one.model,
                        "quantity": reading.quantity.name or "",
                        "value": reading.value,
                        "unit": reading.unit,
                        "time": _iso(reading.time),
                    }
                )
        self._tell("uplinks", len(self.utility.field), len(self.utility.field))

    def _latest(self, meter_id: str) -> list[readings.Reading]:
        """The newest readings of a meter, as soon as there are any."""
        for _ in _until(f"readings of meter {meter_id}"):
            found = list(self._client.readings.get_latest_readings(meter_id=meter_id))
            if found:
                return found
        raise AssertionError("unreachable")

    def import_series(self) -> None:
        """The whole real half-hourly series, as a file."""
        wanted = readings.ImportJob(
            file_name=SERIES_FILE.name,
            csv=readings.CsvFormat(
                time_column="start",
                value_column="value",
                channel=self.utility.profile_channel,
                # The household's clock stays on winter time: the file shows it (see data/README.md).
                time_zone="UTC",
            ),
        )

        def parts() -> Iterator[readings.UploadImportRequest]:
            yield readings.UploadImportRequest(import_job=wanted)
            with SERIES_FILE.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield readings.UploadImportRequest(chunk=chunk)

        job = self._client.exchange.upload_import(parts()).import_job
        assert job is not None
        for step in self._client.exchange.watch_import(job.import_id):
            job = step
            if job.progress is not None:
                self._tell("rows", job.progress.done, job.progress.total or job.progress.done)
        if job.error:
            raise RuntimeError(f"the file was not imported: {job.error}")
        self._report.imported = {
            "file": job.file_name,
            "rows": job.progress.done if job.progress else 0,
            "stored": job.stored,
            "duplicates": job.duplicates,
            "rejected": job.rejected,
        }

    def validate(self) -> None:
        """Validation and estimation of everything, then one day with quality, and what the rules found."""
        run = self._client.vee.run_vee(
            common.TimeInterval(
                start=datetime(2012, 10, 12, tzinfo=UTC), end=datetime(2014, 1, 26, tzinfo=UTC)
            ),
            series=[self.utility.series],
            rpc_timeout=_PATIENCE,
        )
        found: dict[str, int] = {}
        for one in self._client.vee.list_vee_exceptions(series=[self.utility.series], page_size=1000):
            found[one.rule] = found.get(one.rule, 0) + 1
        self._report.validation = {
            "intervals": run.intervals,
            "estimated": run.estimated,
            "missing": run.missing,
            "exceptions_by_rule": dict(sorted(found.items())),
        }
        start, end = SHOWN_DAY
        for value in self._client.readings.query_intervals(
            series=[self.utility.series], start_time=start, end_time=end, page_size=1000
        ):
            assert value.period is not None
            self._report.day.append(
                {
                    "start": _iso(value.period.start),
                    "value": value.value,
                    "unit": value.unit,
                    "state": value.state.name or "",
                    "method": value.method.name if value.method else "",
                    "rule": value.rule,
                }
            )

    def bill(self) -> None:
        """A month's bill: tariff, customer, agreement, run, invoice."""
        account = create_contract(self._client, self.utility.household_point.usage_point_id)
        run = self._client.billing_runs.create_billing_run(
            billing.BillingRun(
                period_start=wire_date(BILLED[0]),
                period_end=wire_date(BILLED[1]),
                account_ids=[account.account_id],
            )
        )
        for step in self._client.billing_runs.watch_billing_run(run.billing_run_id):
            run = step
        self._report.run = {
            "billing_run_id": run.billing_run_id,
            "state": run.state.name or "",
            "invoices": run.invoice_count,
            "exceptions": run.exception_count,
        }
        if run.exception_count:
            found = list(self._client.billing_runs.list_billing_exceptions(run.billing_run_id))
            raise RuntimeError(f"the account could not be billed: {found[0].description}")

    def disconnect(self, field: Field) -> None:
        """A disconnect over the air, seen by its caller and by a subscriber."""
        field.relay_meter(HOUSEHOLD_EUI, import_wh=4_711_000)
        seen: queue.SimpleQueue[events.Event] = queue.SimpleQueue()
        stream = self._client.events.subscribe(filter=events.EventFilter(types=["command."]), from_start=True)
        threading.Thread(target=_drain, args=(stream, seen), daemon=True).start()
        command = self._client.commands.submit_command(
            commands.Command(
                meter_id=self.utility.household.meter_id,
                action=commands.CommandAction.DISCONNECT,
                reason="demonstration",
                issuer_id="demo",
                issuer_tracking_id="D-1",
            )
        )
        for step in self._client.commands.watch_command(command.command_id, rpc_timeout=_PATIENCE):
            if step.transition is None:
                continue
            state = step.transition.state.name or ""
            self._report.command.append({"state": state, "time": _iso(step.transition.time)})
            self._tell(f"disconnect: {state}", len(self._report.command), 6)
        while len(self._report.events) < len(self._report.command):
            event = seen.get(timeout=30)
            self._report.events.append(
                {"sequence": event.sequence, "type": event.type, "subject": event.subject}
            )
        stream.close()

    def forecast(self) -> None:
        """Tomorrow, for the household and for its building."""
        point, place = (
            self._client.forecasts.create_forecast(
                analytics.Forecast(
                    usage_point_id=usage_point_id,
                    node_id=node_id,
                    issue_time=FORECAST_FROM,
                    horizon=timedelta(days=1),
                    quantiles=[0.1, 0.5, 0.9],
                ),
                rpc_timeout=_PATIENCE,
            )
            for usage_point_id, node_id in (
                (self.utility.household_point.usage_point_id, None),
                (None, self.utility.building_id),
            )
        )
        self._report.forecast = _forecast(point)
        self._report.place_forecast = _forecast(place)

    def fetch_invoice(self, target: Path) -> None:
        """The invoice over REST by plain HTTP: as JSON, then as a PDF."""
        listed = self._get(f"/v1/invoices?billingRunId={self._report.run['billing_run_id']}")
        found = json.loads(listed)["invoices"]
        self._report.invoice = json.loads(self._get(f"/v1/invoices/{found[0]['invoiceId']}"))["invoice"]
        pdf = self._get(f"/v1/invoices/{found[0]['invoiceId']}/pdf")
        if not pdf.startswith(b"%PDF"):
            raise RuntimeError("the edge did not give a PDF")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(pdf)
        self._report.invoice_pdf = str(target)

    def _get(self, path: str) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the stack's own address
            self._endpoints["rest"] + path, headers={"x-api-key": self._endpoints["api_key"]}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content


def _drain(stream: Any, seen: queue.SimpleQueue[events.Event]) -> None:
    """Hands events on until the stream is closed."""
    for event in stream:
        seen.put(event)


def _until(what: str) -> Iterator[None]:
    """Ticks until somebody is content. Raises TimeoutError naming what did not come."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        yield
        time.sleep(0.1)
    raise TimeoutError(f"no {what} within {_PATIENCE:.0f} s")


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _forecast(made: analytics.Forecast) -> dict[str, Any]:
    backtest = made.backtest
    assert backtest is not None
    return {
        "unit": made.unit,
        "zone": ZONE,
        "model": made.model,
        "mae": backtest.mae,
        "naive_mae": backtest.naive_mae,
        "interval_coverage": backtest.interval_coverage,
        "backtest_days": backtest.days,
        "points": [
            {
                "start": _iso(one.period.start if one.period else None),
                "mean": one.mean,
                "quantiles": list(one.quantiles),
            }
            for one in made.points
        ],
    }
