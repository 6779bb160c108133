"""``simba bench`` prints one object, with the ceiling of the same run beside the value."""

import asyncio
import json
import sys
from importlib.util import find_spec

import pytest

from bench import BENCHES
from bench.report import Report


async def bench(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "stack.cli.main",
        "bench",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


@pytest.mark.slow
async def test_one_object_with_ceilings():
    status, out, errors = await bench("ingest", "--json", "--seconds", "0.5", "--scale", "0.1")
    assert status == 0, errors
    report = json.loads(out)
    assert out.count("\n") == 1
    assert set(report) == {"name", "results"}
    assert report["name"] == "ingest"
    assert all(set(one) == {"metric", "value", "unit", "ceiling", "ratio"} for one in report["results"])
    (found,) = (one for one in report["results"] if one["metric"] == "readings_per_second")
    assert found["value"] > 0
    assert found["ceiling"] > 0
    assert found["ratio"] > 0


def test_ratios_are_of_speeds():
    report = Report("x")
    report.add("readings_per_second", 2_000_000.4, "readings/s", 4_000_000)
    report.add("wait", 10.0, "ms", 5.0, lower_is_better=True)
    report.add("size", 2.5, "bytes")
    assert report.as_dict() == {
        "name": "x",
        "results": [
            {
                "metric": "readings_per_second",
                "value": 2_000_000,
                "unit": "readings/s",
                "ceiling": 4_000_000,
                "ratio": 0.5,
            },
            {"metric": "wait", "value": 10.0, "unit": "ms", "ceiling": 5.0, "ratio": 0.5},
            {"metric": "size", "value": 2.5, "unit": "bytes", "ceiling": None, "ratio": None},
        ],
    }
    assert all(find_spec(module) for module in BENCHES.values())


async def test_a_benchmark_that_does_not_exist():
    status, _, errors = await bench("everything")
    assert status == 2
    assert "ingest" in errors
