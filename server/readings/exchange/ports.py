"""What imports need of the rest of readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from server.readings.domain import Block


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of a block that ingest refused."""

    row: int
    """Index within the block."""
    field: str
    value: str
    description: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a block."""

    stored: int
    duplicate: bool
    """Whether the block had been stored before; nothing was stored again."""
    repeated: int
    """Good rows that were there already, whoever had sent them."""
    refused: Sequence[Refused]
    """All refused rows of the block."""


class BlockSink(Protocol):
    """Stores blocks of readings."""

    async def store(self, tenant_id: UUID, block: Block, *, validate_only: bool = False) -> Kept:
        """Checks a block and stores its good rows, once per (source, sequence); returns after storage.

        With ``validate_only`` nothing is stored.
        """
