"""Messages and enums of `simba.readings.v1`."""

from simba_metering._generated.simba.readings.v1 import *  # noqa: F403  the contract says which
