"""The command bus: Valkey streams with consumer groups, at least once, with trace context."""

from kernel.bus.bus import Bus
from kernel.bus.consumer import Handler
from kernel.bus.message import BusMessage

__all__ = ["Bus", "BusMessage", "Handler"]
