"""Starts children in the order of their needs, brings back the dead, and stops all in reverse."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from stack.supervisor.child import Child
from stack.supervisor.process import LogFile, Run

_log: Final = logging.getLogger("supervisor")

#: Seconds before the first restart; doubled with every failure after it, up to the longest.
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 15.0
#: A child that has been healthy for so many seconds starts again with the first pause.
_STEADY_SECONDS: Final = 10.0
#: So many failures in a row are reported as a crash loop.
_CRASH_LOOP: Final = 3
_PROBE_EVERY: Final = 10.0
_PROBE_SECONDS: Final = 10.0
#: A child that fails so many probes in a row is killed and started anew.
_PROBES_FAILED: Final = 6


class StartError(RuntimeError):
    """A child did not become healthy; the text holds the last lines of its log."""


class Supervised:
    """One child and its present run."""

    def __init__(self, child: Child, log: LogFile) -> None:
        self.child = child
        self.log = log
        self.run: Run | None = None
        self.state = "waiting"
        self.restarts = 0
        self.ready = asyncio.Event()
        self.crash_loop = asyncio.Event()
        self.keeper: asyncio.Task[None] | None = None

    def report(self) -> dict[str, object]:
        """What the state file says of it."""
        run = self.run
        return {
            "pid": run.pid if run else None,
            "created": run.created if run else None,
            "state": self.state,
            "restarts": self.restarts,
        }


class Supervisor:
    """Keeps a set of children. `changed` is called whenever a state or a pid has changed."""

    def __init__(self, log_dir: Path, changed: Callable[[], None] = lambda: None) -> None:
        self._log_dir = log_dir
        self._changed = changed
        self._stopping = False
        self.children: dict[str, Supervised] = {}

    async def start(self, children: Sequence[Child]) -> None:
        """Starts children, those with needs after what they need, and returns when all are healthy.

        Raises `StartError` where one is not in its time, or dies three times in a row before it ever
        was; the others then keep running until `stop`.
        """
        added = [Supervised(child, LogFile(self._log_dir / f"{child.name}.log")) for child in children]
        self.children |= {one.child.name: one for one in added}
        waiting = {asyncio.create_task(self._first_start(one)) for one in added}
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        for task in pending:
            task.cancel()
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Stops all children, the last started first; those that nobody needs any more together."""
        self._stopping = True
        left = list(self.children.values())
        while left:
            needed = {need for one in left for need in one.child.needs}
            last = [one for one in left if one.child.name not in needed] or left
            await asyncio.gather(*(self._stop_one(one) for one in last))
            left = [one for one in left if one not in last]

    async def _first_start(self, one: Supervised) -> None:
        for need in one.child.needs:
            await self.children[need].ready.wait()
        one.keeper = asyncio.create_task(self._keep(one))
        seconds = one.child.start_seconds
        ready, crash_loop = (asyncio.create_task(event.wait()) for event in (one.ready, one.crash_loop))
        await asyncio.wait({ready, crash_loop}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        crash_loop.cancel()
        if not one.ready.is_set():
            why = (
                "dies again and again" if one.crash_loop.is_set() else f"was not healthy within {seconds:g} s"
            )
            raise StartError(f"{one.child.name} {why}{_last_lines(one)}")

    async def _keep(self, one: Supervised) -> None:
        """Runs a child until the supervisor stops, however often it dies."""
        failures = 0
        while not self._stopping:
            began = time.monotonic()
            try:
                one.run = await Run.begin(one.child, one.log)
            except OSError as failed:
                one.log.write(f"cannot be started: {failed}\n".encode())
                status = 127
            else:
                self._now(one, "starting")
                watch = asyncio.create_task(self._watch(one, one.run))
                status = await one.run.ended()
                watch.cancel()
            if self._stopping:
                break
            lasted = time.monotonic() - began
            failures = 1 if one.state == "healthy" and lasted > _STEADY_SECONDS else failures + 1
            one.restarts += 1
            pause = min(_FIRST_PAUSE * 2 ** (failures - 1), _LONGEST_PAUSE)
            self._report_death(one, status, failures, pause)
            await asyncio.sleep(pause)

    def _report_death(self, one: Supervised, status: int, failures: int, pause: float) -> None:
        looping = failures >= _CRASH_LOOP
        self._now(one, "crash loop" if looping else "restarting")
        name = one.child.name
        details = {"child": name, "status": status, "failures": failures, "pause_seconds": pause}
        if looping:
            text = "%s keeps dying (%s), next try in %.1f s%s"
            _log.error(text, name, _how(status), pause, _last_lines(one), extra=details)
            one.crash_loop.set()
        else:
            _log.warning("%s died (%s), starting it again", name, _how(status), extra=details)

    async def _watch(self, one: Supervised, run: Run) -> None:
        """Marks a run healthy when it is, and kills it where it stops answering."""
        pause = 0.02
        while not await self._probe(one.child, run):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        one.ready.set()
        self._now(one, "healthy")
        failed = 0
        while failed < _PROBES_FAILED:
            await asyncio.sleep(_PROBE_EVERY)
            failed = 0 if await self._probe(one.child, run) else failed + 1
        _log.error("%s does not answer, killing it", one.child.name, extra={"child": one.child.name})
        run.kill()

    async def _probe(self, child: Child, run: Run) -> bool:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                return await child.healthy(run.pid)
        except Exception:  # noqa: BLE001 - whatever a probe meets, the child is not healthy
            return False

    async def _stop_one(self, one: Supervised) -> None:
        if one.run is not None:
            await one.run.stop()
        if one.keeper is not None:
            # It ends by itself after its run, unless it waits to start another.
            await asyncio.wait([one.keeper], timeout=1.0)
            one.keeper.cancel()
            await asyncio.wait([one.keeper])
        self._now(one, "stopped")
        one.log.close()

    def _now(self, one: Supervised, state: str) -> None:
        if one.state != state:
            pid = one.run.pid if one.run else None
            _log.info("%s: %s", one.child.name, state, extra={"child": one.child.name, "child_pid": pid})
        one.state = state
        self._changed()


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"


def _last_lines(one: Supervised) -> str:
    if not one.log.tail:
        return f"; its log {one.log.path} is empty"
    return f"; the end of {one.log.path}:\n  " + "\n  ".join(one.log.tail)
