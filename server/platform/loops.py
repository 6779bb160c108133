"""Keeps loops running until the process is told to stop."""

import asyncio
import logging
from collections.abc import Sequence

from server.platform.engine_errors import translate
from server.platform.jobs import Loop, pause

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_HEALTHY_SECONDS = 60.0


async def keep_running(loop: Loop, stop: asyncio.Event) -> None:
    """Runs a loop; starts it again, after a growing pause, when it raises."""
    wait = _FIRST_PAUSE
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        started = clock()
        try:
            await loop.run(stop)
        except Exception as error:  # noqa: BLE001 - a loop must outlive whatever one round of it meets
            told = translate(error)
            _log.warning(
                "loop %s broke, starts again: %s", loop.name, told or error, exc_info=None if told else error
            )
            wait = _FIRST_PAUSE if clock() - started > _HEALTHY_SECONDS else min(wait * 2, _LONGEST_PAUSE)
            await pause(stop, wait)
        else:
            return


async def run_all(loops: Sequence[Loop], stop: asyncio.Event, grace_seconds: float) -> None:
    """Runs all loops until ``stop`` is set, then gives them some time to end before they are cancelled."""
    tasks = [asyncio.create_task(keep_running(loop, stop), name=loop.name) for loop in loops]
    try:
        await stop.wait()
        if tasks:
            await asyncio.wait(tasks, timeout=grace_seconds)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
