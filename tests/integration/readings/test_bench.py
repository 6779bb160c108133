"""``simba bench`` prints one object, with the ceiling of the same run beside the value."""

import asyncio
import json
import sys

import pytest


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
@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("ingest", "readings_per_second"),
        ("vee", "intervals_per_second"),
        ("query", "series_day_p50"),
    ],
)
async def test_one_object_with_ceilings(name, metric):
    status, out, errors = await bench(name, "--json", "--seconds", "0.5", "--scale", "0.1")
    assert status == 0, errors
    report = json.loads(out)
    assert out.count("\n") == 1
    assert set(report) == {"name", "results"}
    assert report["name"] == name
    assert all(set(one) == {"metric", "value", "unit", "ceiling", "ratio"} for one in report["results"])
    (found,) = (one for one in report["results"] if one["metric"] == metric)
    assert found["value"] > 0
    assert found["ceiling"] > 0
    assert found["ratio"] > 0


async def test_a_benchmark_that_does_not_exist():
    status, _, errors = await bench("everything")
    assert status == 2
    assert "ingest" in errors
