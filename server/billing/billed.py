"""Days that were billed, as other capabilities ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from server.billing.invoice import InvoiceState
from server.billing.period import midnight
from server.billing.tables import invoice
from server.platform.caller import acting_as, system_caller
from server.platform.sql import among
from server.platform.uow import UnitOfWork

_MOST = 1000
_ZONES = timedelta(days=1)
"""A local day may begin so much before or after that of UTC."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Days of a usage point that a bill was made of; both days are included."""

    usage_point_id: UUID
    invoice_id: UUID
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class BilledSpan:
    """Days that a bill was made of, and the version of final data that it saw."""

    usage_point_id: UUID
    start: datetime
    end: datetime
    snapshot: int


class BilledPeriods:
    """Implements the ports of readings."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def billed(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> Sequence[Bill]:
        """Frozen bills of these usage points with a day that may have an instant in ``[start, end)``."""
        table = invoice.c
        query = (
            sa.select(table.usage_point_id, table.invoice_id, table.period_start, table.period_end)
            .where(
                table.tenant_id == tenant_id,
                among(table.usage_point_id, usage_point_ids),
                table.state == InvoiceState.FROZEN.value,
                table.period_start <= (end + _ZONES).date(),
                table.period_end > (start - _ZONES).date(),
            )
            .order_by(table.usage_point_id, table.period_start)
            .limit(_MOST)
        )
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                rows = (await tx.conn.execute(query)).all()
        return [
            Bill(
                row.usage_point_id,
                row.invoice_id,
                row.period_start.isoformat(),
                (row.period_end - timedelta(days=1)).isoformat(),
            )
            for row in rows
        ]

    async def snapshots(
        self, tenant_id: UUID, usage_point_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> Sequence[BilledSpan]:
        """Frozen bills of these usage points with an instant in ``[start, end)``, in order of time."""
        table = invoice.c
        query = (
            sa.select(
                table.usage_point_id, table.period_start, table.period_end, table.time_zone, table.snapshot
            )
            .where(
                table.tenant_id == tenant_id,
                among(table.usage_point_id, usage_point_ids),
                table.state == InvoiceState.FROZEN.value,
                table.period_start <= (end + _ZONES).date(),
                table.period_end >= (start - _ZONES).date(),
            )
            .order_by(table.usage_point_id, table.period_start)
        )
        with acting_as(system_caller(tenant_id)):
            async with self._uow() as tx:
                rows = (await tx.conn.execute(query)).all()
        spans = (
            BilledSpan(
                row.usage_point_id,
                midnight(row.period_start, row.time_zone),
                midnight(row.period_end, row.time_zone),
                row.snapshot,
            )
            for row in rows
        )
        return [one for one in spans if one.start < end and start < one.end]
