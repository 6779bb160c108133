"""Messages and enums of `simba.commands.v1`."""

from simba_metering._generated.simba.commands.v1 import *  # noqa: F403  the contract says which
