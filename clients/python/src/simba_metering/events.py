"""Messages and enums of `simba.events.v1`."""

from simba_metering._generated.simba.events.v1 import *  # noqa: F403  the contract says which
