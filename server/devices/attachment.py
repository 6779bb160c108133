"""That an input of a pulse module counts for a register of a meter. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """For a while, with one pulse weight: half-open in time."""

    pulse_attachment_id: UUID
    pulse_module_id: UUID
    input: str
    input_channel: int
    meter_id: UUID
    code: str
    register_channel: int
    pulse_weight: Decimal
    """In the register's unit."""
    initial_index: Decimal = Decimal(0)
    """What the register showed at the start."""
    initial_count: Decimal | None = None
    """What the counter showed at the start; None: the first count that comes is the baseline."""
    start: datetime
    end: datetime | None = None
