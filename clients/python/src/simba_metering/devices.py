"""Messages and enums of `simba.devices.v1`."""

from simba_metering._generated.simba.devices.v1 import *  # noqa: F403  the contract says which
