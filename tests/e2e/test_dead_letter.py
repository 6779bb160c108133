"""A reading comes before its meter: it is kept, and is there as soon as somebody makes the meter."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from simba_metering import SimbaClient, devices, errors, readings
from stack.cli.main import app
from stack.demo.utility import library_model
from tests.support.stack import RunningStack, eventually

START = datetime(2026, 3, 29, tzinfo=UTC)


@pytest.fixture(scope="module")
def model(client: SimbaClient) -> devices.DeviceModel:
    made = library_model("simba/relay-meter")
    made.model = f"Dead letter {uuid4().hex}"
    return client.device_models.create_device_model(made)


def test_a_reading_that_came_before_its_meter_is_replayed_by_itself(
    client: SimbaClient, model: devices.DeviceModel
) -> None:
    meter_id, source = str(uuid4()), f"early-{uuid4().hex}"
    code = model.channel_templates[0].code
    early = [
        readings.NewReading(
            channel_name=readings.ChannelName(meter_id=meter_id, code=code),
            time=START + n * timedelta(minutes=30),
            value=str(n),
        )
        for n in range(4)
    ]
    made = client.readings.create_readings(readings=early, source=source)
    assert (made.stored, made.dead_lettered) == (0, 4)
    assert client.dead_letters.get_dead_letter_summary(source=source).total == 4
    meter = client.meters.create_meter(
        devices.Meter(meter_id=meter_id, device_model_id=model.device_model_id, serial_number=uuid4().hex)
    )
    assert meter.meter_id == meter_id

    def empty() -> bool:
        return client.dead_letters.get_dead_letter_summary(source=source).total == 0

    eventually(empty, seconds=30)
    stored = list(client.readings.query_readings(meter_id=meter_id))
    assert [one.value for one in stored] == ["0", "1", "2", "3"]
    assert {one.source for one in stored} == {f"replay:{source}"}
    jobs = list(client.dead_letters.list_dead_letter_jobs())
    assert any(job.automatic and job.stored >= 4 for job in jobs)


def test_the_command(stack: RunningStack, client: SimbaClient) -> None:
    source = f"command-{uuid4().hex}"
    client.readings.create_readings(
        readings=[readings.NewReading(channel=(1 << 60) + 7, time=START, value="1.5")], source=source
    )

    def simba(*words: str) -> object:
        done = CliRunner().invoke(app, ["dead-letter", *words, "--json", "--data", str(stack.data)])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    shown = json.dumps(simba("list", "--source", source))
    assert "UNKNOWN_CHANNEL" in shown
    assert "1.5" in shown


def test_a_job_that_is_not_there(client: SimbaClient) -> None:
    with pytest.raises(errors.NotFound) as caught:
        client.dead_letters.get_dead_letter_job(str(uuid4()))
    assert caught.value.reason == "DEAD_LETTER_JOB_NOT_FOUND"
