"""When TLS is on, and what goes with a channel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from simba_metering import SimbaClient
from simba_metering._connect import connection, from_environment, service_config
from simba_metering._generated import methods


def is_encrypted(target: str, **arguments: object) -> bool:
    given = {"api_key": None, "token": None, "ca": None, "insecure": None, **arguments}
    return connection(target, **given).credentials is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("target", "arguments", "encrypted"),
    [
        ("simba.example:50051", {}, False),
        ("simba.example:50051", {"api_key": "k"}, True),
        ("simba.example:50051", {"token": "t"}, True),
        ("simba.example:50051", {"api_key": "k", "insecure": True}, False),
        ("http://simba.example:8080", {"api_key": "k", "insecure": True}, False),
        ("https://simba.example:8443", {}, True),
        ("localhost:8080", {"api_key": "k"}, False),
        ("127.0.0.1:8080", {"api_key": "k"}, False),
        ("[::1]:8080", {"api_key": "k"}, False),
        ("https://localhost:8443", {"api_key": "k"}, True),
        ("localhost:8443", {"api_key": "k", "ca": b"PEM"}, True),
        ("localhost.example:8080", {"api_key": "k"}, True),
    ],
)
def test_a_credential_is_encrypted_unless_it_stays_here(
    target: str,
    arguments: dict[str, object],
    encrypted: bool,  # noqa: FBT001
) -> None:
    assert is_encrypted(target, **arguments) is encrypted


@pytest.mark.parametrize(
    ("target", "arguments", "words"),
    [
        ("http://simba.example:8080", {"api_key": "k"}, "plain text"),
        ("https://simba.example:8443", {"insecure": True}, "contradicts"),
        ("simba.example:8080", {"api_key": "k", "token": "t"}, "not both"),
        ("localhost:8080", {"api_key": "k", "insecure": False}, "needs TLS"),
    ],
)
def test_contradictions_are_told(target: str, arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        is_encrypted(target, **arguments)


def test_the_environment_says_where(tmp_path: Path) -> None:
    assert from_environment({"SIMBA_TARGET": "x:1", "SIMBA_CA": ""}) == {
        "target": "x:1",
        "api_key": None,
        "ca": None,
    }
    with pytest.raises(ValueError, match="SIMBA_TARGET is not set"):
        from_environment({})
    with pytest.raises(FileNotFoundError):
        SimbaClient("x:1", ca=tmp_path / "missing.pem")


def test_only_what_may_be_repeated_is_repeated() -> None:
    [config] = service_config()["methodConfig"]  # type: ignore[misc]
    names = {(entry["service"], entry["method"]) for entry in config["name"]}
    assert ("simba.devices.v1.MeterService", "GetMeter") in names
    assert ("simba.devices.v1.MeterService", "CreateMeter") in names
    assert ("simba.readings.v1.IngestService", "IngestReadings") not in names
    assert len(names) < len(methods.ALL)


def test_it_works_without_protobuf_and_numpy() -> None:
    """Neither is a dependency; a user may have none, or any version."""
    program = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name == "google" or name.startswith(("google.protobuf", "numpy")):
            raise ImportError(f"{name} is not installed")
sys.meta_path.insert(0, Refuse())
from simba_metering import Block
from simba_metering.devices import Meter
from simba_metering.testing import FakeServer
with FakeServer() as fake, fake.client() as client:
    made = client.meters.create_meter(Meter(serial_number="1"))
    client.readings.ingest([Block("s", 1, channel=[1], time=[0], value=["1.5"])])
    print(client.meters.get_meter(made.meter_id).serial_number, fake.blocks[0].value_micro)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "1 [1500000]\n", done.stderr
