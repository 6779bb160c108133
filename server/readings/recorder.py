"""Readings that people took from registers, stored beside those that meters send."""

import logging
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.readings.calendar import to_ms
from server.readings.create import block_of
from server.readings.domain import MICRO
from server.readings.ingest.pipeline import Pipeline

_log = logging.getLogger(__name__)


class Recorder:
    """Implements the devices' port ``RegisterReadings``."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def record(
        self, tenant_id: UUID, source: str, readings: Sequence[tuple[int, datetime, Decimal]]
    ) -> None:
        """Stores readings (channel, time, value); the same ones of the same source are stored once."""
        rows = [
            (place, channel, to_ms(time), int(value * MICRO), 0)
            for place, (channel, time, value) in enumerate(readings)
        ]
        ack = await self._pipeline.store(tenant_id, block_of(source, rows))
        for refused in ack.rejected:
            _log.warning("%s: reading %s was refused: %s", source, refused.row, refused)
