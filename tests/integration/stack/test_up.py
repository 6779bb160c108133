"""`simba up` as a user starts it: one line of endpoints, kept alive, stopped without a trace."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from typer.testing import CliRunner

from stack.cli.main import app
from stack.supervisor.privileges import preparation, unprivileged

CHILDREN = {"postgres", "valkey", "clickhouse", "broker", "server", "worker", "adapter-chirpstack", "envoy"}


@dataclass(frozen=True, slots=True)
class Up:
    """A running stack."""

    data: Path
    process: subprocess.Popen[str]
    endpoints: dict[str, Any]

    def state(self) -> dict[str, Any]:
        return json.loads((self.data / "stack.json").read_text())

    def child(self, name: str) -> dict[str, Any]:
        return self.state()["children"][name]

    def pids(self) -> list[int]:
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [self.process.pid, *(process.pid for process in family)]


@contextmanager
def up(data: Path, **options: Any) -> Iterator[Up]:
    log = (data.parent / "up.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "stack.cli.main", "up", "--json", "--ports", "auto", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        **options,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, (data.parent / "up.log").read_text()
        yield Up(data, process, json.loads(line))
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()
        log.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A stack of an ordinary user.

    Root hands over to somebody without rights (but with a way to this interpreter); a user is one already.
    """
    folder = tmp_path_factory.mktemp("up")
    account = unprivileged([folder, Path(sys.executable)])
    options: dict[str, Any] = {"preexec_fn": preparation(signal.SIGTERM, account), "cwd": folder}
    if account is not None:
        os.chown(folder, account.uid, account.gid)
        options["env"] = {**os.environ, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    with up(folder / "data", **options) as stack:
        yield stack


def alive(pids: list[int]) -> list[str]:
    """The command lines of those that still run."""
    left = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE:
                left.append(" ".join(process.cmdline()))
    return left


def await_end(pids: list[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left := alive(pids):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def test_the_first_line_names_everything(running: Up) -> None:
    assert running.endpoints.keys() >= {"grpc", "rest", "rest_tls", "api_key", "ca", "mqtt", "data"}
    assert running.state()["children"].keys() == CHILDREN
    key = running.data / "api_key"
    assert key.read_text() == running.endpoints["api_key"]
    assert key.stat().st_mode & 0o777 == (running.data / "stack.json").stat().st_mode & 0o777 == 0o600


def test_rest_wants_the_key_in_plain_and_over_tls(running: Up) -> None:
    trust = ssl.create_default_context(cafile=running.endpoints["ca"])
    key = {"Authorization": f"Bearer {running.endpoints['api_key']}"}
    for base in (running.endpoints["rest"], running.endpoints["rest_tls"]):
        with httpx.Client(base_url=base, verify=trust) as client:
            assert client.get("/v1/whoami").status_code == 401
            assert client.get("/v1/whoami", headers=key).status_code == 200


def test_a_second_up_on_the_same_data_is_refused(running: Up) -> None:
    result = CliRunner().invoke(app, ["up", "--data", str(running.data), "--ports", "auto"])
    assert result.exit_code == 1
    assert f"process {running.process.pid}" in result.stderr
    assert running.endpoints["rest"] in result.stderr


def test_the_doctor_finds_it_well(running: Up) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "stack.cli.main", "doctor", "--json", "--data", str(running.data)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(result.stdout)
    assert (said["ok"], result.returncode) == (True, 0), said
    names = {check["name"] for check in said["checks"]}
    assert names >= {"postgres schema", "clickhouse schema", "valkey", "mqtt", "server", "edge", "stack"}


def test_every_killed_child_comes_back_and_all_is_well_again(running: Up) -> None:
    before = {name: running.child(name)["pid"] for name in CHILDREN}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while any(
        running.child(name)["pid"] == pid or running.child(name)["state"] != "healthy"
        for name, pid in before.items()
    ):
        assert time.monotonic() < deadline, running.state()
        time.sleep(0.1)
    with httpx.Client(base_url=running.endpoints["rest"]) as client:
        # The edge looks after its servers every half second, and says whether it has found one.
        while client.get("/healthz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        key = {"Authorization": f"Bearer {running.endpoints['api_key']}"}
        assert client.get("/v1/whoami", headers=key).status_code == 200


def test_no_child_runs_as_root(running: Up) -> None:
    uids = {psutil.Process(running.child(name)["pid"]).uids().effective for name in CHILDREN}
    assert len(uids) == 1
    assert 0 not in uids


def test_after_kill_9_and_after_sigterm_nothing_runs_and_the_data_are_kept(running: Up) -> None:
    pids = running.pids()
    assert len(pids) > len(CHILDREN)
    running.process.kill()
    running.process.wait()
    # Each ends as at SIGTERM, so what drains may take its time.
    await_end(pids, seconds=30)
    # Whoever runs the tests goes on with the same data, root included.
    with up(running.data) as second:
        assert second.endpoints == {**running.endpoints, "pid": second.process.pid}
        pids = second.pids()
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(40) == 0
        await_end(pids, seconds=2)
    assert not (running.data / "stack.json").exists()
