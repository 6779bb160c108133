"""``simba.readings.v1.IngestService``."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from server.platform.caller import current_caller
from server.readings.domain import Block
from server.readings.ingest.pipeline import Pipeline
from server.readings.ingest.stream import acknowledge
from server.readings.wire.blocks import acks_message, block_of
from simba.readings.v1.ingest_service_pb2 import IngestReadingsRequest, IngestReadingsResponse
from simba.readings.v1.ingest_service_pb2_grpc import IngestServiceServicer


class IngestService(IngestServiceServicer):
    """Takes blocks in bulk."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def IngestReadings(
        self, request_iterator: AsyncIterator[IngestReadingsRequest], context: Any
    ) -> AsyncIterator[IngestReadingsResponse]:
        """Stores blocks and acknowledges each after it is stored."""
        tenant_id = current_caller().tenant_id
        async for acks in acknowledge(self._pipeline, tenant_id, _blocks(request_iterator)):
            yield acks_message(acks)


async def _blocks(requests: AsyncIterator[IngestReadingsRequest]) -> AsyncIterator[Sequence[Block]]:
    async for request in requests:
        yield [block_of(message) for message in request.blocks]
