"""The ClickHouse process: one owner of a directory, a clean end whatever runs, a start after any end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import clickhouse_connect
import httpx
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from stack.supervisor.ports import free_port


@contextmanager
def server(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "stack.clickhouse", "--data", str(data), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def await_ping(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/ping").text == "Ok.\n"
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return


def test_one_process_owns_a_directory_and_its_lock_goes_with_it(tmp_path: Path) -> None:
    port, other = free_port(), free_port()
    with server(tmp_path, port) as first:
        await_ping(port)
        with server(tmp_path, other) as second:
            _, said = second.communicate(timeout=20)
            assert second.returncode == 3
            assert f"belongs to the running process {first.pid}".encode() in said
        with clickhouse_connect.get_client(host="127.0.0.1", port=port) as client:
            client.command("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
            client.insert("t", [[1]], column_names=["a"])
        first.send_signal(signal.SIGKILL)
        first.wait()
    with server(tmp_path, port) as third:
        await_ping(port)
        with clickhouse_connect.get_client(host="127.0.0.1", port=port) as client:
            assert client.command("SELECT count() FROM t") == 1
        third.send_signal(signal.SIGTERM)
        assert third.wait(10) == 0


def test_sigterm_ends_the_process_while_a_query_runs(tmp_path: Path) -> None:
    port = free_port()
    with server(tmp_path, port) as process:
        await_ping(port)

        async def query() -> str:
            async with httpx.AsyncClient() as client:
                sql = "SELECT sleepEachRow(0.1) FROM numbers(10000) SETTINGS max_block_size = 1"
                limit = "function_sleep_max_microseconds_per_block=0"
                answer = await client.post(f"http://127.0.0.1:{port}/?{limit}", content=sql, timeout=60)
                return answer.text

        async def stop_meanwhile() -> None:
            running = asyncio.create_task(query())
            await asyncio.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 25)
            await asyncio.gather(running, return_exceptions=True)

        asyncio.run(stop_meanwhile())
        assert process.returncode == 0


def test_a_database_is_backed_up_and_restored(tmp_path: Path) -> None:
    port = free_port()
    with server(tmp_path, port):
        await_ping(port)
        with clickhouse_connect.get_client(host="127.0.0.1", port=port) as client:
            client.command("CREATE DATABASE b")
            client.command("CREATE TABLE b.t ORDER BY a AS SELECT number AS a FROM numbers(10)")
            client.command("BACKUP DATABASE b TO File('b')")
            client.command("DROP DATABASE b SYNC")
            client.command("RESTORE DATABASE b FROM File('b')")
            assert client.command("SELECT count() FROM b.t") == 10
    assert (tmp_path / "backups" / "b").exists()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        server(tmp_path, listener.getsockname()[1]) as process,
    ):
        _, said = process.communicate(timeout=20)
        assert process.returncode == 3
        assert b"Address already in use" in said


def test_the_password_is_neither_in_the_command_line_nor_needed_in_files(tmp_path: Path) -> None:
    port = free_port()
    os.environ["SIMBA_CLICKHOUSE_USERS"] = '{"me": "secret"}'
    try:
        with server(tmp_path, port) as process:
            await_ping(port)
            assert b"secret" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
            with pytest.raises(ClickHouseError):
                clickhouse_connect.get_client(host="127.0.0.1", port=port)
            with clickhouse_connect.get_client(
                host="127.0.0.1", port=port, username="me", password="secret"
            ) as client:
                assert client.command("SELECT 1") == 1
    finally:
        del os.environ["SIMBA_CLICKHOUSE_USERS"]
