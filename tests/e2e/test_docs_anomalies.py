"""The commands of docs/anomalies.md, for a household of their own."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from simba_metering import SimbaClient, common, devices
from stack.demo.story import SERIES_FILE
from stack.demo.utility import library_model
from tests.support.documents import ROOT, Shell, snippets, tools
from tests.support.stack import RunningStack


def test_every_anomaly_is_seen(stack: RunningStack, client: SimbaClient, tmp_path: Path) -> None:
    model = library_model("simba/relay-meter")
    model.model = f"Anomalies {uuid4().hex}"
    made = client.device_models.create_device_model(model)
    meter = client.meters.create_meter(
        devices.Meter(device_model_id=made.device_model_id, serial_number=uuid4().hex)
    )
    code = next(one.code for one in meter.channels if one.kind == common.MeasurementKind.INTERVAL)
    point = client.usage_points.create_usage_point(
        devices.UsagePoint(
            code=uuid4().hex, commodity=common.Commodity.ELECTRICITY, time_zone="Europe/London"
        )
    )
    client.usage_points.install_meter(
        usage_point_id=point.usage_point_id,
        meter_id=meter.meter_id,
        install_time=datetime(2012, 10, 1, tzinfo=UTC),
    )
    point = client.usage_points.get_usage_point(point.usage_point_id)
    series = next(one.series for one in point.series if one.interval)
    file = tmp_path / "halfhours.csv.gz"
    shutil.copy(SERIES_FILE, file)
    shell = Shell(
        tmp_path,
        {
            "PATH": tools(tmp_path / "bin"),
            "SIMBA_DATA": str(stack.data),
            "FILE": str(file),
            "METER": meter.meter_id,
            "CODE": code,
            "POINT": point.usage_point_id,
            "SERIES": str(series),
            "COLUMNS": "200",
        },
    )
    try:
        told = "".join(shell.run(text) for _, text, _ in snippets(ROOT / "docs" / "anomalies.md"))
    finally:
        shell.close()
    assert "2013-10-27 01:30:00" in told
    assert "V06" in told
    assert "Linear interpolation" in told
