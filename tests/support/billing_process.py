"""``python -m tests.support.billing_process SETTINGS_JSON MODE``: a worker process for tests that kill it.

Every usage point has one series that counts 1 kWh an hour. In the mode ``stuck`` the worker notes in a file
that bills are asked for, and then waits for its end: with shards read and nothing written.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from server.billing import capability as billing_capability
from server.billing.ports import BucketSum, SeriesInfo, TimeBucket, UsagePointInfo
from server.main import Application, worker_loops
from server.platform.loops import run_all
from server.platform.platform import open_platform
from server.platform.settings import Settings


class Everywhere:
    """All three ports: 1 kWh an hour, wherever one asks."""

    async def snapshot(self) -> int:
        return 1

    async def series_of(self, _tenant: UUID, usage_point_ids: Sequence[UUID]) -> list[SeriesInfo]:
        return [
            SeriesInfo(one, place + 1, "ACTIVE_ENERGY_IMPORT", "kWh", "ELECTRICITY", 3600, "UTC")
            for place, one in enumerate(usage_point_ids)
        ]

    async def usage_points(self, _tenant: UUID, usage_point_ids: Sequence[UUID]) -> list[UsagePointInfo]:
        return [UsagePointInfo(one, f"UP-{one}", "", "ELECTRICITY", "UTC") for one in usage_point_ids]

    async def determinants(
        self,
        _tenant: UUID,
        series: Sequence[int],
        start: datetime,
        end: datetime,
        _tz: str,
        _buckets: Sequence[TimeBucket],
        _as_of: int,
    ) -> list[BucketSum]:
        hours = int((end - start).total_seconds()) // 3600
        return [BucketSum(one, "", Decimal(hours), hours, 0, 0) for one in series]


class Stuck(Everywhere):
    """Waits for ever when determinants are asked for."""

    def __init__(self, note: Path) -> None:
        self._note = note

    async def determinants(self, *_: object) -> list[BucketSum]:
        self._note.touch()
        return await asyncio.Future()


async def work(settings: Settings, mode: str, note: Path) -> None:
    usage = Stuck(note) if mode == "stuck" else Everywhere()
    async with open_platform(settings) as platform:
        billing = billing_capability.build(
            platform, usage=usage, series=usage, usage_points=usage, agreements_a_shard=5
        )
        application = Application(platform, None, (billing,))
        await run_all(worker_loops(application), asyncio.Event(), 3.0)


if __name__ == "__main__":
    given, chosen, path = sys.argv[1:]
    asyncio.run(work(Settings(**json.loads(given)), chosen, Path(path)))
