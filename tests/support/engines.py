"""Real engines for the test suite: PostgreSQL, Valkey, ClickHouse and an MQTT broker, once a run.

Interface (session fixture `engines`, an `Engines`; put ``pytest_plugins = ["tests.support.engines"]`` into
the root conftest, or import the fixture)::

    def test_something(engines):
        engines.postgres_dsn()             # URL of a fresh, empty database, login simba (superuser)
        engines.postgres_dsn(template)     # … copied from another database by its URL or name, 20 ms
        engines.migrated_dsn("key", fn)    # … copied from a template that fn(dsn) has filled once a run
        engines.clickhouse_url()           # URL of a fresh, empty database: http://simba:…@127.0.0.1:…/t_…
        engines.redis_url()                # URL of one of 63 databases, emptied
        engines.mqtt_url / .mqtt_v5_url    # mqtt://simba:password@127.0.0.1:port, MQTT 3.1.1 and 5; use own
        topics engines.pid("clickhouse")          # pid of postgres | valkey | clickhouse | broker

    def test_of_a_crash(private_engines):  # function-scoped: a set of its own, a second and a half
        private_engines.kill("clickhouse") # kill -9; the supervisor brings it back; returns when it is
        healthy again

All methods block and take milliseconds. Everything listens on free loopback ports and lives in a temporary
directory, which is gone afterwards. The workers of pytest-xdist share one set: it ends when the last of them
has, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import clickhouse_connect
import psutil
import psycopg
import pytest
import redis
from psycopg import sql


class Engines:
    """The addresses of one set of running engines, and fresh databases in them."""

    def __init__(self, data: Path, endpoints: dict[str, str]) -> None:
        self.data = data
        self._endpoints = endpoints
        self.mqtt_url = endpoints["mqtt"]
        self.mqtt_v5_url = endpoints["mqtt_v5"]

    def postgres_dsn(self, template: str | None = None) -> str:
        """A fresh database, or a copy of `template` (a URL or a name), which nobody may be connected to."""
        name = f"t_{uuid4().hex[:12]}"
        source = (urlsplit(template).path.lstrip("/") or template) if template else "template0"
        with psycopg.connect(self._endpoints["postgres"], autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
        return _with_path(self._endpoints["postgres"], name)

    def migrated_dsn(self, key: str, fill: Callable[[str], None]) -> str:
        """A copy of a database that `fill(dsn)` has filled; it is called once for a key in a whole run."""
        kept = self.data / f"template-{key}"
        with _locked(self.data / "templates.lock"):
            if not kept.exists():
                template = self.postgres_dsn()
                fill(template)
                kept.write_text(template)
        return self.postgres_dsn(kept.read_text())

    def clickhouse_url(self) -> str:
        """A fresh database."""
        name = f"t_{uuid4().hex[:12]}"
        client = clickhouse_connect.get_client(dsn=self._endpoints["clickhouse"])
        client.command(f"CREATE DATABASE {name}")
        client.close()
        return _with_path(self._endpoints["clickhouse"], name)

    def redis_url(self) -> str:
        """An empty database; there are 63, taken in turn."""
        with redis.Redis.from_url(self._endpoints["redis"]) as counter:
            number = int(counter.incr("tests")) % 63 + 1  # type: ignore[arg-type]
        url = _with_path(self._endpoints["redis"], str(number))
        with redis.Redis.from_url(url) as database:
            database.flushdb()
        return url

    def pid(self, name: str) -> int:
        """The process of an engine: postgres, valkey, clickhouse or broker."""
        return int(self._child(name)["pid"])

    def kill(self, name: str) -> None:
        """Kills an engine and waits until the supervisor has brought it back."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while (child := self._child(name))["pid"] == pid or child["state"] != "healthy":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} has not come back: {child}")
            time.sleep(0.05)

    def _child(self, name: str) -> dict[str, object]:
        return json.loads((self.data / "stack.json").read_text())["children"][name]


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The engines of this run, shared by the workers of pytest-xdist."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    note = shared / "engines.json"
    with _locked(shared / "engines.lock"):
        if note.exists():
            known = json.loads(note.read_text())
            # The engines end when the last holder of this pipe has closed it, however that comes.
            alive = os.open(known["pipe"], os.O_WRONLY)
        else:
            known, alive = _start()
        known["holders"] += 1
        note.write_text(json.dumps(known))
    try:
        yield Engines(Path(known["data"]), known["endpoints"])
    finally:
        os.close(alive)
        with _locked(shared / "engines.lock"):
            known = json.loads(note.read_text())
            known["holders"] -= 1
            if known["holders"]:
                note.write_text(json.dumps(known))
            else:
                note.unlink()
                _await_end(known)


@pytest.fixture
def private_engines() -> Iterator[Engines]:
    """Engines for one test, which may kill them."""
    known, alive = _start()
    try:
        yield Engines(Path(known["data"]), known["endpoints"])
    finally:
        os.close(alive)
        _await_end(known)


def _start() -> tuple[dict[str, Any], int]:
    data = Path(tempfile.mkdtemp(prefix="simba-tests-"))
    # PostgreSQL runs under an account of its own where root runs the tests.
    data.chmod(0o755)
    pipe = data / "alive"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    alive = os.open(pipe, os.O_WRONLY)
    log = data / "engines.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "stack.engines", "--data", str(data), "--quick"],
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=out,
            start_new_session=True,
        )
    os.close(reading)
    assert process.stdout is not None
    with process.stdout as stdout:
        line = stdout.readline()
    if not line:
        process.wait()
        raise RuntimeError(f"the engines did not start:\n{log.read_text()}")
    # Reaped by whoever holds the engines last, which may be another process.
    process.returncode = 0
    known = {
        "data": str(data),
        "pipe": str(pipe),
        "pid": process.pid,
        "endpoints": json.loads(line),
        "holders": 0,
    }
    return known, alive


def _await_end(known: dict[str, Any]) -> None:
    deadline = time.monotonic() + 60
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(known["pid"])
        # A zombie has ended: its parent is another worker of pytest-xdist, which may reap it later.
        while process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the engines {known['pid']} do not end")
            time.sleep(0.02)
    shutil.rmtree(known["data"])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))
