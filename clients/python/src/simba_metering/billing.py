"""Messages and enums of `simba.billing.v1`."""

from simba_metering._generated.simba.billing.v1 import *  # noqa: F403  the contract says which
