"""Messages and enums of `simba.common.v1`."""

from simba_metering._generated.simba.common.v1 import *  # noqa: F403  the contract says which
