"""The end of a run: what it stored becomes visible, and whom it concerns is told, in one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from server.platform.outbox import OutboxEvent
from server.platform.telemetry_store import TelemetryStore
from server.platform.uow import UnitOfWork
from server.readings.calendar import from_ms
from server.readings.domain import Severity, decimal_text
from server.readings.ports import ChannelDirectory, SeriesInfo
from server.readings.vee import versions
from server.readings.vee.corrections import Correction, Finding, corrections_of, findings_of
from server.readings.wire.findings import finding_message
from simba.common.v1.types_pb2 import TimeInterval
from simba.readings.v1 import events_pb2

TOLD_AT_MOST = 1000
"""Events of one kind that one portion of a run states; the rest is to be found in the lists."""


class Announcer:
    """Ends runs."""

    def __init__(self, uow: UnitOfWork, store: TelemetryStore, directory: ChannelDirectory) -> None:
        self._uow = uow
        self._store = store
        self._directory = directory

    async def end(self, tenant_id: UUID, version: int, counts: dict[str, Any]) -> None:
        """Ends the run of a version. May be repeated until it succeeds: events are stated once."""
        corrections = (
            await corrections_of(self._store, tenant_id, version, limit=TOLD_AT_MOST)
            if counts.get("corrected", True)
            else []
        )
        findings = await findings_of(
            self._store, tenant_id, version, severity=Severity.ISSUE, limit=TOLD_AT_MOST
        )
        numbers = [each.series for each in corrections] + [each.series for each in findings]
        series = await self._directory.series(tenant_id, np.unique(np.array(numbers, np.uint64)))
        events = _events(corrections, findings, {info.series: info for info in series})
        async with self._uow() as tx:
            for event in events:
                await tx.emit(event)
            await versions.end(tx, version, counts)


def _events(
    corrections: Sequence[Correction], findings: Sequence[Finding], series: dict[int, SeriesInfo]
) -> list[OutboxEvent]:
    events = []
    for correction in corrections:
        info = series.get(correction.series)
        if info is not None:
            events.append(_corrected(correction, info))
    for finding in findings:
        info = series.get(finding.series)
        unit = info.unit if info is not None else ""
        events.append(
            OutboxEvent(
                type="data.vee_exception",
                subject=f"series/{finding.series}",
                payload=events_pb2.VeeExceptionRaised(exception=finding_message(finding, unit)),
                severity="WARNING",
                usage_point_id=str(finding.usage_point_id),
                correlation_id=str(finding.run_id),
                event_time=from_ms(finding.first),
            )
        )
    return events


def _corrected(correction: Correction, info: SeriesInfo) -> OutboxEvent:
    period = TimeInterval()
    period.start.FromMilliseconds(correction.first)
    period.end.FromMilliseconds(correction.until)
    return OutboxEvent(
        type="data.usage_corrected",
        subject=f"series/{correction.series}",
        payload=events_pb2.UsageCorrected(
            series=correction.series,
            usage_point_id=str(info.usage_point_id),
            period=period,
            old_value=decimal_text(correction.old_micro),
            new_value=decimal_text(correction.new_micro),
            unit=info.unit,
        ),
        usage_point_id=str(info.usage_point_id),
    )
