"""The ingest as imports see it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from server.readings.calendar import to_ms
from server.readings.domain import Block, Int64s
from server.readings.exchange.ports import Kept, Refused
from server.readings.ingest.checks import TOLD_REJECTS, RejectedRow, check
from server.readings.ingest.known import KnownChannels
from server.readings.ingest.pipeline import Pipeline


class PipelineSink:
    """Stores blocks through the pipeline, and tells every refused row (a stream tells the first thousand)."""

    def __init__(self, pipeline: Pipeline, known: KnownChannels, clock: Callable[[], datetime]) -> None:
        self._pipeline = pipeline
        self._known = known
        self._clock = clock

    async def store(self, tenant_id: UUID, block: Block, *, validate_only: bool = False) -> Kept:
        """Checks a block and stores its good rows; rows that are stored already are not stored again."""
        limits = await self._known.limits(tenant_id, block.channel)
        refused = [_refused(one) for one in _all_refused(block, limits, to_ms(self._clock()))]
        if validate_only or len(refused) == len(block):
            return Kept(0, duplicate=False, repeated=0, refused=refused)
        ack = await self._pipeline.store(tenant_id, block, only_new=True)
        return Kept(ack.stored, duplicate=ack.duplicate, repeated=ack.repeated, refused=refused)


def _all_refused(block: Block, limits: Int64s, now_ms: int) -> Iterator[RejectedRow]:
    whole = check(block, limits, now_ms)
    if whole.rejected_count <= TOLD_REJECTS:
        yield from whole.rejected
        return
    for start in range(0, len(block), TOLD_REJECTS):
        part = slice(start, start + TOLD_REJECTS)
        piece = Block(
            block.source,
            block.sequence,
            block.channel[part],
            block.time_ms[part],
            block.value_micro[part],
            block.quality[part],
        )
        for one in check(piece, limits[part], now_ms).rejected:
            yield RejectedRow(one.row + start, one.field, one.value, one.description, one.reason)


def _refused(one: RejectedRow) -> Refused:
    return Refused(one.row, one.field, one.value, one.description, one.reason)
