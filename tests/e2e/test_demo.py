"""The demo, as data, and what is still there when its stack is started again."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.stack import running


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One run of the demo on a folder that stays."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "stack.cli.main", "demo", "--json"]
    command += ["--data", str(folder / "stack"), "--invoice", str(folder / "invoice.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder, json.loads(done.stdout)


def test_payloads_of_five_real_meters_became_readings(demo: tuple[Path, dict[str, Any]]) -> None:
    models = {row["model"] for row in demo[1]["uplinks"]}
    assert len(models) == 5
    assert all(row["value"] for row in demo[1]["uplinks"])


def test_the_whole_series_is_in_and_its_repeats_are_counted(demo: tuple[Path, dict[str, Any]]) -> None:
    imported = demo[1]["imported"]
    assert imported["rows"] == 22_536 - 1 or imported["rows"] == 22_536
    assert imported["rejected"] == 0
    assert imported["stored"] + imported["duplicates"] == imported["rows"]
    assert imported["duplicates"] > 0


def test_the_shown_day_has_an_estimate_that_says_how_it_was_made(demo: tuple[Path, dict[str, Any]]) -> None:
    day = demo[1]["day"]
    assert len(day) == 48
    estimated = [row for row in day if row["state"] == "ESTIMATED"]
    assert estimated
    assert all(row["method"] for row in estimated)


def test_the_invoice_adds_up_to_the_cent(demo: tuple[Path, dict[str, Any]]) -> None:
    bill = demo[1]["invoice"]
    net = sum(Decimal(line["amount"]) for line in bill["lines"])
    tax = sum(Decimal(one["amount"]) for one in bill["taxes"])
    assert net == Decimal(bill["netAmount"])
    assert net + tax == Decimal(bill["totalAmount"]) > 0
    for line in bill["lines"]:
        exact = Decimal(line["quantity"]) * Decimal(line["rate"])
        assert abs(exact - Decimal(line["unroundedAmount"])) < Decimal("0.000001")
        assert abs(exact - Decimal(line["amount"])) <= Decimal("0.005")
    energy = [Decimal(line["quantity"]) for line in bill["lines"] if line["unit"] == "kWh"]
    assert sum(energy) == Decimal(bill["usage"]["quantity"])
    # March 2013 in London has an hour less.
    assert bill["usage"]["intervalCount"] == 31 * 48 - 2
    standing = next(line for line in bill["lines"] if line["componentCode"] == "standing")
    assert Decimal(standing["quantity"]) == 31
    assert Path(demo[1]["invoice_pdf"]).read_bytes().startswith(b"%PDF")


def test_the_disconnect_went_through_its_states_and_a_subscriber_saw_each(
    demo: tuple[Path, dict[str, Any]],
) -> None:
    states = [step["state"] for step in demo[1]["command"]]
    assert states[0] == "ACCEPTED"
    assert states[-1] == "VERIFIED"
    assert states.index("SENT") < states.index("DELIVERED") < states.index("VERIFIED")
    assert len(demo[1]["events"]) == len(states)
    numbers = [event["sequence"] for event in demo[1]["events"]]
    assert numbers == sorted(set(numbers))


def test_both_forecasts_beat_the_week_before_and_tell_their_error(demo: tuple[Path, dict[str, Any]]) -> None:
    for made in (demo[1]["forecast"], demo[1]["place_forecast"]):
        assert len(made["points"]) == 48
        assert 0 < made["mae"] < made["naive_mae"]
        assert all(point["quantiles"] == sorted(point["quantiles"]) for point in made["points"])


def test_the_demo_takes_less_than_two_minutes(demo: tuple[Path, dict[str, Any]]) -> None:
    assert demo[1]["seconds"] < 240, "twice the promise: the machine may be busy"


def test_curl_finds_readings_and_invoice_when_the_stack_is_started_again(
    demo: tuple[Path, dict[str, Any]],
) -> None:
    folder, report = demo
    with running(folder / "stack") as stack, stack.http() as http:
        point = report["utility"]["household_usage_point_id"]
        listed = http.get(
            "/v1/readings",
            params={"usagePointId": point, "startTime": "2013-03-01T00:00:00Z", "pageSize": 10},
        )
        assert listed.status_code == 200, listed.text
        assert len(listed.json()["readings"]) == 10
        invoice = http.get(f"/v1/invoices/{report['invoice']['invoiceId']}")
        assert invoice.json()["invoice"] == report["invoice"]
        pdf = http.get(f"/v1/invoices/{report['invoice']['invoiceId']}/pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        assert pdf.content == (folder / "invoice.pdf").read_bytes()
        made = http.post(
            "/v1/meters",
            json={"meter": {"deviceModelId": _some_model(http), "serialNumber": "CURL-1"}},
        )
        assert made.status_code == 200, made.text
        assert made.json()["meter"]["state"] == "METER_STATE_IN_STOCK"
        with stack.http(key="") as stranger:
            assert stranger.get("/v1/meters").status_code == 401
            assert stranger.get("/docs").status_code == 200


def _some_model(http: Any) -> str:
    found: str = http.get("/v1/device-models").json()["deviceModels"][0]["deviceModelId"]
    return found
