"""Messages and enums of `simba.analytics.v1`."""

from simba_metering._generated.simba.analytics.v1 import *  # noqa: F403  the contract says which
