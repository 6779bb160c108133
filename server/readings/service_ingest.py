"""``simba.readings.v1.IngestService``."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from server.platform.caller import Caller, current_caller
from server.platform.rates import Rates
from server.readings.domain import Block
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.stream import acknowledge
from server.readings.wire.blocks import acks_message, block_of
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest, IngestReadingsResponse
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceServicer


class IngestService(IngestServiceServicer):
    """Takes blocks in bulk."""

    def __init__(self, pipeline: Pipeline, rates: Rates) -> None:
        self._pipeline = pipeline
        self._rates = rates

    async def IngestReadings(
        self, request_iterator: AsyncIterator[IngestReadingsRequest], context: Any
    ) -> AsyncIterator[IngestReadingsResponse]:
        """Stores blocks and acknowledges each after it is stored."""
        caller = current_caller()
        blocks = self._blocks(request_iterator, caller)
        async for acks in acknowledge(self._pipeline, caller.tenant_id, blocks):
            yield acks_message(acks)

    async def _blocks(
        self, requests: AsyncIterator[IngestReadingsRequest], caller: Caller
    ) -> AsyncIterator[Sequence[Block]]:
        async for request in requests:
            blocks = [block_of(message) for message in request.blocks]
            await self._rates.pace_readings(caller, sum(map(len, blocks)))
            yield blocks
