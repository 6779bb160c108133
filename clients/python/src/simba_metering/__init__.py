"""SiMBA from Python: meters, readings, commands, bills and forecasts.

`SimbaClient` and `AsyncSimbaClient` have every service of the contract; messages are in the module of their
area (`simba_metering.devices.Meter`), errors in `simba_metering.errors`, bulk readings in
`simba_metering.ingest`, and `simba_metering.testing` has the server that your own tests can talk to.
"""

from simba_metering.client import AsyncSimbaClient, SimbaClient
from simba_metering.errors import FieldViolation, SimbaError
from simba_metering.ingest import Block, IngestSummary

__all__ = ["AsyncSimbaClient", "Block", "FieldViolation", "IngestSummary", "SimbaClient", "SimbaError"]
