"""An MQTT broker for the field side of one machine: rumqttd from the wheel `iotcore`.

It stands in for the broker that ChirpStack uses. Sessions outlive their clients' connections, not the broker
itself, which keeps them in memory: a broker for demonstrations, tests and small installations.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stack.engines.probes import accepts
from stack.supervisor.child import Child

USER: Final = "simba"

_LISTENER = """
[{protocol}.1]
name = "{protocol}"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1

[{protocol}.1.connections]
connection_timeout_ms = 60000
max_payload_size = 1048576
max_inflight_count = 500
dynamic_filters = true

[{protocol}.1.connections.auth]
{user} = "{password}"
"""
_ROUTER = """\
id = 0

[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 1000
# A topic keeps this much for sessions whose client is away: ten segments, the oldest dropped first.
max_segment_size = 104857600
max_segment_count = 10
"""


@dataclass(frozen=True, slots=True)
class Broker:
    """One broker with a port for MQTT 3.1.1 and one for MQTT 5, as rumqttd has it."""

    data: Path
    port: int
    port_v5: int
    password: str

    def url(self) -> str:
        """The URL for MQTT 3.1.1."""
        return f"mqtt://{USER}:{self.password}@127.0.0.1:{self.port}"

    def url_v5(self) -> str:
        """The URL for MQTT 5."""
        return f"mqtt://{USER}:{self.password}@127.0.0.1:{self.port_v5}"

    def prepare(self) -> None:
        """Makes the configuration, which holds the password (mode 0600)."""
        self.data.mkdir(parents=True, exist_ok=True)
        listeners = (
            _LISTENER.format(protocol=protocol, port=port, user=USER, password=self.password)
            for protocol, port in (("v4", self.port), ("v5", self.port_v5))
        )
        with os.fdopen(os.open(self._config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(_ROUTER + "".join(listeners))

    def child(self) -> Child:
        """The broker process."""
        return Child(
            name="broker",
            command=[sys.executable, "-m", "stack.engines.broker", str(self._config)],
            healthy=self.healthy,
            stop_seconds=5.0,
        )

    async def healthy(self, _pid: int = 0) -> bool:
        """Whether both ports take connections."""
        return await accepts(self.port) and await accepts(self.port_v5)

    @property
    def _config(self) -> Path:
        return self.data / "broker.toml"


def main() -> None:
    """Runs the broker of a configuration file in this process until a signal ends it."""
    import signal

    from iotcore.iotcore import IotCoreBroker

    from kernel.telemetry.logs import configure_logs

    configure_logs("INFO", "json")
    # rumqttd marks every packet as an error span; what it says at lower levels is for its own developers.
    import logging

    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    # The broker's threads are native and never look at Python's handlers: let the signal end the process.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    IotCoreBroker(config_path=sys.argv[1]).run_forever()


if __name__ == "__main__":
    main()
