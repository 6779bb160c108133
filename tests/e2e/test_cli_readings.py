"""`simba readings` against a running stack: the day the clocks go forward, as table, JSON and picture."""

import csv
import json
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from stack.cli.plot import Bar, plot
from tests.e2e.test_cli import Simba
from tests.support.stack import RunningStack

DAY = datetime(2025, 3, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def simba(stack: RunningStack) -> Simba:
    return Simba(stack)


@pytest.fixture(scope="module")
def home(simba: Simba, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A household with the half hours of two days; one of them never came."""
    folder: Path = tmp_path_factory.mktemp("readings")
    model = folder / "model.json"
    template = {
        "code": "load",
        "quantity": "QUANTITY_ACTIVE_ENERGY_IMPORT",
        "kind": "MEASUREMENT_KIND_INTERVAL",
        "unit": "kWh",
        "interval": "1800s",
    }
    model.write_text(
        json.dumps(
            {
                "deviceModel": {
                    "manufacturer": "Test",
                    "model": uuid4().hex,
                    "commodity": "COMMODITY_ELECTRICITY",
                    "adapter": "wum",
                    "channelTemplates": [template],
                }
            }
        )
    )
    made = simba.json("models", "create", "--from", str(model))["deviceModel"]
    serial = ["--device-model-id", made["deviceModelId"], "--serial-number", uuid4().hex]
    meter = simba.json("meters", "create", *serial)["meter"]
    place = ["--code", uuid4().hex, "--commodity", "electricity", "--time-zone", "Europe/London"]
    point = simba.json("points", "create", *place)["usagePoint"]["usagePointId"]
    simba.run("points", "install-meter", point, meter["meterId"], "--install-time", "2025-01-01T00:00:00Z")
    times = [DAY + timedelta(minutes=30 * n) for n in range(94) if n != 50]
    rows = ["start,value", *(f"{at.isoformat()},{at.hour % 7 / 10 + 0.2:.1f}" for at in times)]
    file = folder / "load.csv"
    file.write_text("\n".join(rows))
    simba.run("import", "readings", str(file), "--meter", meter["meterId"], "--code", "load")
    simba.run(
        "vee", "run", "--usage-point-id", point, "--period", "2025-03-30T00:00:00Z/2025-03-31T23:00:00Z"
    )
    series = simba.json("points", "get", point)["usagePoint"]["series"][0]["series"]
    return {"point": point, "meter": meter["meterId"], "series": series}


def test_a_day_of_23_hours(simba: Simba, home: dict[str, Any]) -> None:
    rows = simba.json("readings", "query", "--usage-point-id", home["point"], "--day", "2025-03-30")
    assert len(rows) == 46
    assert rows[0]["period"]["start"] == "2025-03-30T00:00:00Z"
    assert rows[-1]["period"]["end"] == "2025-03-30T23:00:00Z"
    (day,) = simba.json(
        "readings", "query", "--usage-point-id", home["point"], "--day", "2025-03-30", "--resolution", "day"
    )
    assert Decimal(day["value"]) == sum(Decimal(one["value"]) for one in rows)
    series = ["--series", home["series"], "--time-zone", "Europe/London"]
    assert simba.json("readings", "query", *series, "--day", "2025-03-30") == rows
    estimated = simba.json(
        "readings",
        "query",
        *series,
        "--period",
        "2025-03-30T00:00:00Z/2025-04-01T00:00:00Z",
        "--state",
        "estimated",
    )
    assert [one["period"]["start"] for one in estimated] == ["2025-03-31T01:00:00Z"]


def test_a_table_and_a_picture(simba: Simba, home: dict[str, Any]) -> None:
    whose = ["--usage-point-id", home["point"]]
    table = simba.run("readings", "query", *whose, "--month", "2025-03", "--resolution", "day").stdout
    assert "2 rows" in table
    assert "estimated" in table
    picture = simba.run("readings", "query", *whose, "--day", "2025-03-31", "--plot").stdout
    assert f"series {home['series']}, kWh, 2025-03-31 Europe/London" in picture
    assert "█ validated 47   ▒ estimated 1" in picture
    assert "\x1b" not in picture
    nothing = simba.run("readings", "query", *whose, "--day", "2024-03-31", "--plot").stdout
    assert "no values" in nothing


def test_the_newest_and_what_a_bill_needs(simba: Simba, home: dict[str, Any]) -> None:
    (one,) = simba.json("readings", "latest", "--meter-id", home["meter"])
    assert one["time"] == "2025-03-31T22:30:00Z"
    assert "2025-03-31T22:30" in simba.run("readings", "latest", "--usage-point-id", home["point"]).stdout
    bill = simba.json(
        "readings", "bill", home["point"], "--first-day", "2025-03-30", "--end-day", "2025-04-01"
    )
    assert bill["series"][0]["complete"]
    told = simba.run("readings", "bill", home["point"], "--month", "2025-03").stdout
    assert "% complete" in told
    versions = simba.json("readings", "versions", home["series"], "2025-03-30T10:00:00Z")
    assert [one["state"] for one in versions] == ["READING_STATE_VALIDATED"]


def test_what_arrives_is_shown_as_it_comes(simba: Simba, home: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("start,value\n2025-04-02T10:00:00Z,1.25\n")
    words = ("import", "readings", str(file), "--meter", home["meter"], "--code", "load")
    # The subscription begins with what comes after it.
    sending = threading.Timer(2.0, lambda: simba.run(*words))
    sending.start()
    shown = simba.run(
        "readings", "watch", "--meter-id", home["meter"], "--stage", "raw", "--count", "1"
    ).stdout
    sending.join()
    assert "2025-04-02T10:00:00Z" in shown
    assert "1.25  raw" in shown


BAD = (
    "{channel},2023-01-01T00:00:00Z,x",
    "{channel},2023-01-01T00:00:00Z,NaN",
    "{channel},2023-01-01T00:00:00Z,1e30",
    "{channel},2023-13-01T00:00:00Z,1",
    "{channel},{late},1",
    "999999999999,2023-01-01T00:00:00Z,1",
    "{channel},,1",
    "{channel},2023-01-01T00:00:00Z,1,2,3",
)
"""Each breaks one rule."""


def test_a_million_rows_with_a_thousand_bad_ones(simba: Simba, tmp_path: Path) -> None:
    """All of them are told, the rest is stored, and the exit code says that it is not all."""
    made = {
        "manufacturer": "Test",
        "model": uuid4().hex,
        "commodity": "COMMODITY_ELECTRICITY",
        "adapter": "wum",
        "channelTemplates": [
            {
                "code": "load",
                "quantity": "QUANTITY_ACTIVE_ENERGY_IMPORT",
                "kind": "MEASUREMENT_KIND_INTERVAL",
                "unit": "kWh",
                "interval": "1800s",
            }
        ],
    }
    (tmp_path / "model.json").write_text(json.dumps({"deviceModel": made}))
    created = simba.json("models", "create", "--from", str(tmp_path / "model.json"))["deviceModel"]
    model = created["deviceModelId"]
    channels = [
        simba.json("meters", "create", "--device-model-id", model, "--serial-number", uuid4().hex)["meter"][
            "channels"
        ][0]["channel"]
        for _ in range(20)
    ]
    start = datetime(2023, 1, 1, tzinfo=UTC)
    times = [f"{start + timedelta(minutes=30 * n):%Y-%m-%dT%H:%M:%SZ}" for n in range(49_950)]
    rows = [f"{channel},{at},0.25" for channel in channels for at in times]
    for n in range(1000):
        # No two alike: a repeat is a repeat, not a mistake.
        late = f"{datetime(2099, 1, 1, tzinfo=UTC) + timedelta(hours=n):%Y-%m-%dT%H:%M:%SZ}"
        rows.insert(n * 1000, BAD[n % len(BAD)].format(channel=channels[n % 20], late=late))
    assert len(rows) == 1_000_000
    file = tmp_path / "million.csv"
    file.write_text("channel,start,value\n" + "\n".join(rows))
    words = ("readings", "import", str(file), "--channel-column", "channel", "--json")
    told = json.loads(simba.run(*words, code=3).stdout)
    assert (told["rows"], told["stored"], told["rejected"]) == (1_000_000, 999_000, 1000)
    errors = list(csv.DictReader((tmp_path / "million.csv.errors.csv").read_text().splitlines()))
    # The heading is line 1.
    assert [int(one["line"]) for one in errors] == [2 + 1000 * n for n in range(1000)]


def test_a_file_out_and_in_again(simba: Simba, home: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "march.csv"
    days = "2025-03-30T00:00:00Z/2025-03-31T23:00:00Z"
    words = ("readings", "export", "--series", home["series"], "--period", days)
    said = simba.run(*words, "-o", str(file)).stdout
    assert "94 intervals of 1 series" in said.replace("\n", "")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert len(rows) == 94
    assert [one["start"] for one in rows if one["state"] == "ESTIMATED"] == ["2025-03-31T01:00:00Z"]
    twice = simba.run(*words, "-o", str(file), code=2).output
    assert "is there already" in " ".join(twice.replace("│", " ").split())
    again = simba.run(
        "readings", "import", str(file), "--meter", home["meter"], "--code", "load", "--validate-only"
    )
    assert "94" in again.output
    nem = simba.run(
        *words, "-o", str(tmp_path / "nem.csv"), "--format", "nem12",
        "--from-participant", "A", "--to-participant", "B", code=1,
    )  # fmt: skip
    assert "an NMI has ten letters and digits" in nem.output
    assert not (tmp_path / "nem.csv").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("query",), "--usage-point-id or --series"),
        (("query", "--series", "1", "--day", "30.3.2025"), "not YYYY-MM-DD"),
        (("query", "--series", "1", "--period", "2025-03-30"), "not START/END"),
        (("query", "--series", "1", "--resolution", "fortnight"), "none of native, hour"),
        (("query", "--series", "1", "--time-zone", "Mars/Base"), "no IANA time zone"),
        (("query", "--series", "1", "--day", "2025-03-30", "--month", "2025-03"), "exclude one another"),
        (("latest",), "one of --usage-point-id"),
        (("export", "-o", "x.csv", "--period", "2025-03-30T00:00:00Z/2025-03-31T00:00:00Z"), "or --all"),
    ],
)
def test_mistakes_are_explained(simba: Simba, words: tuple[str, ...], told: str) -> None:
    output = simba.run("readings", *words, code=2).output
    assert told in " ".join(output.replace("│", " ").split())


def test_the_hour_that_comes_twice_has_its_bars_twice() -> None:
    day = datetime.combine(date(2025, 10, 26), datetime.min.time(), LONDON).astimezone(UTC)
    bars = [Bar(day + timedelta(hours=n), Decimal(n % 3), "validated") for n in range(25)]
    picture = plot(bars, "autumn", LONDON, colours=False)
    assert "█ validated 25" in picture
    assert picture.count("01:00") == 1 or "01:00" not in picture
    assert "autumn" in picture
