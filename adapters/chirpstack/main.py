"""The process: `simba adapter chirpstack`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import uvloop

from adapters.chirpstack.adapter import serve
from adapters.chirpstack.settings import ChirpStackSettings
from kernel.telemetry import configure


def run(settings: ChirpStackSettings | None = None, *, ready: Callable[[], None] = lambda: None) -> None:
    """Runs the adapter until SIGTERM or SIGINT. Raises ValueError for settings that cannot work."""
    chosen = settings or ChirpStackSettings()
    telemetry = configure(
        "simba-adapter-chirpstack",
        otlp_endpoint=chosen.otlp_endpoint,
        instance_id=chosen.adapter_id,
        log_level=chosen.log_level,
        log_format=chosen.log_format,
    )

    async def until_told() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(told, stop.set)
        await serve(chosen, stop, ready=ready)

    try:
        uvloop.run(until_told())
    finally:
        telemetry.close()


if __name__ == "__main__":
    run()
