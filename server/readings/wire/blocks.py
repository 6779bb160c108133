"""Blocks and acknowledgements on the wire."""

from collections.abc import Iterable

import numpy as np

from server.readings.domain import Block
from server.readings.ingest.batches import Ack
from server.readings.ingest.checks import RejectedRow
from simba.common.v1.error_reason_pb2 import ErrorReason
from simba.readings.v1 import reading_block_pb2 as pb
from simba.readings.v1.ingest_service_pb2 import IngestReadingsResponse


def block_of(message: pb.ReadingBlock) -> Block:
    """A block from its message; the columns are copied, so the message may go."""
    return Block(
        message.source,
        message.sequence,
        np.array(message.channel, np.uint64),
        np.array(message.time_ms, np.int64),
        np.array(message.value_micro, np.int64),
        np.array(message.quality, np.uint32),
        message.backfill,
    )


def message_of(block: Block) -> pb.ReadingBlock:
    """The message of a block."""
    return pb.ReadingBlock(
        source=block.source,
        sequence=block.sequence,
        channel=block.channel,
        time_ms=block.time_ms,
        value_micro=block.value_micro,
        quality=block.quality,
        backfill=block.backfill,
    )


def rejected_row(rejected: RejectedRow) -> pb.RejectedRow:
    """The message of a refused row."""
    return pb.RejectedRow(
        row=rejected.row,
        field=rejected.field,
        value=rejected.value,
        description=rejected.description,
        reason=ErrorReason.Value(f"ERROR_REASON_{rejected.reason}"),
    )


def ack_message(ack: Ack) -> pb.IngestAck:
    """The message of an acknowledgement."""
    return pb.IngestAck(
        source=ack.source,
        sequence=ack.sequence,
        stored=ack.stored,
        duplicate=ack.duplicate,
        rejected=[rejected_row(row) for row in ack.rejected],
        rejected_count=ack.rejected_count,
        dead_lettered=ack.dead_lettered,
    )


def acks_message(acks: Iterable[Ack]) -> IngestReadingsResponse:
    """Acknowledgements that became ready together."""
    return IngestReadingsResponse(acks=[ack_message(ack) for ack in acks])
