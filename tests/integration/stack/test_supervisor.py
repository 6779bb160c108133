"""The supervisor on small real processes."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from stack.supervisor.child import Child
from stack.supervisor.ownership import Ownership, StackRunningError
from stack.supervisor.supervisor import StartError, Supervisor

#: Counts its runs in a file, says so, and stays; a file beside it lets it fail.
PROGRAM = """
import pathlib, sys, time
runs = pathlib.Path(sys.argv[1])
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
print("run", len(runs.read_text()), flush=True)
if runs.with_suffix(".fail").exists():
    print("cannot go on", flush=True)
    sys.exit(7)
runs.with_suffix(".ready").touch()
time.sleep(600)
"""


def child(folder: Path, name: str = "one", **changed: object) -> Child:
    runs = folder / f"{name}.runs"

    async def healthy(_pid: int) -> bool:
        return runs.with_suffix(".ready").exists()

    return Child(
        **{"name": name, "command": [sys.executable, "-c", PROGRAM, str(runs)], "healthy": healthy, **changed}
    )


@pytest_asyncio.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    made = Supervisor(tmp_path / "log")
    yield made
    await made.stop()


async def until(what: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_a_killed_child_comes_back_with_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start([child(tmp_path)])
    one = supervisor.children["one"]
    first = one.report()["pid"]
    assert isinstance(first, int)
    os.kill(first, signal.SIGKILL)
    await until(lambda: one.report()["pid"] != first and one.state == "healthy")
    assert one.report()["restarts"] == 1
    await until(lambda: (tmp_path / "log" / "one.log").read_text() == "run 1\nrun 2\n")


async def test_a_child_waits_for_what_it_needs(supervisor: Supervisor, tmp_path: Path) -> None:
    order: list[str] = []

    def noting(name: str) -> Child:
        plain = child(tmp_path, name)

        async def healthy(pid: int) -> bool:
            good = await plain.healthy(pid)
            if good and name not in order:
                order.append(name)
            return good

        return child(tmp_path, name, healthy=healthy, needs=["b"] if name == "a" else [])

    await supervisor.start([noting("a"), noting("b")])
    assert order == ["b", "a"]


async def test_a_child_that_dies_at_the_start_is_said_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    (tmp_path / "one.fail").touch()
    with pytest.raises(StartError, match=r"one dies again and again.*\n.*run 1\n.*cannot go on"):
        await supervisor.start([child(tmp_path)])


async def test_a_program_that_is_not_there_is_said(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"cannot be started.*No such file"):
        await supervisor.start([child(tmp_path, command=["/nowhere/program"])])


async def test_a_crash_loop_is_never_given_up(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start([child(tmp_path)])
    one = supervisor.children["one"]
    (tmp_path / "one.fail").touch()
    os.kill(int(str(one.report()["pid"])), signal.SIGKILL)
    await until(lambda: one.state == "crash loop")
    (tmp_path / "one.fail").unlink()
    (tmp_path / "one.ready").unlink()
    await until(lambda: one.state == "healthy")


async def test_a_child_that_does_not_listen_to_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "log")
    stubborn = (
        "import signal, subprocess, sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"path = {str(tmp_path / 'one')!r}\nopen(path + '.pid', 'w').write(str(p.pid))\n"
        "open(path + '.ready', 'w').close()\np.wait()"
    )
    await supervisor.start([child(tmp_path, command=[sys.executable, "-c", stubborn], stop_seconds=0.3)])
    grandchild = int((tmp_path / "one.pid").read_text())
    await supervisor.stop()
    await until(lambda: not psutil.pid_exists(grandchild))


async def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    program = f"""
import asyncio, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from stack.supervisor.supervisor import Supervisor
from stack.supervisor.child import Child
async def main():
    async def healthy(pid): return True
    supervisor = Supervisor(Path({str(tmp_path / "log")!r}))
    await supervisor.start([Child("one", [sys.executable, "-c", "import time; time.sleep(600)"], healthy)])
    print(supervisor.children["one"].run.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    pid = int(await process.stdout.readline())
    assert psutil.pid_exists(pid)
    process.kill()
    await process.wait()
    await until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_a_directory_has_one_owner_who_is_named(tmp_path: Path) -> None:
    first = Ownership(tmp_path)
    first.write({"endpoints": {"rest": "http://127.0.0.1:8080"}, "children": {}})
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(
        StackRunningError, match=rf"process {os.getpid()}, serving rest http://127.0.0.1:8080"
    ):
        Ownership(tmp_path)
    first.release()
    Ownership(tmp_path).release()


async def test_what_a_killed_stack_left_is_ended_and_nobody_else(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    left = await asyncio.create_subprocess_exec(*command)
    other = await asyncio.create_subprocess_exec(*command)
    born = psutil.Process(left.pid).create_time()
    children = {
        "left": {"pid": left.pid, "created": born},
        # The pid of a child that is long gone and now belongs to somebody else.
        "reused": {"pid": other.pid, "created": born - 1000},
        "gone": {"pid": 2**22 - 1, "created": born},
        "never": {"pid": None, "created": None},
    }
    (tmp_path / "stack.json").write_text(json.dumps({"pid": 1, "children": children}))
    owned = await asyncio.to_thread(Ownership, tmp_path)
    assert not psutil.pid_exists(left.pid)
    assert psutil.pid_exists(other.pid)
    owned.release()
    other.kill()
    await other.wait()
