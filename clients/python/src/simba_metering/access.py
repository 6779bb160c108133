"""Messages and enums of `simba.access.v1`."""

from simba_metering._generated.simba.access.v1 import *  # noqa: F403  the contract says which
