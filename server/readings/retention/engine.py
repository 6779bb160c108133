"""Retention's statements in ClickHouse, for one node and for a cluster.

Rows go by ``ALTER TABLE … DELETE IN PARTITION``, which writes the parts of one partition anew without them:
they are gone from the disk, not merely hidden. It runs in the background of the engine, and goes on when
whoever asked for it dies; asked for again it finds nothing to do.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from server.platform.errors import Unavailable
from server.platform.telemetry_store import TelemetryStore
from server.readings.retention.domain import TableRows
from server.readings.retention.expiry import Expired, any_of
from server.readings.retention.stored import TABLES, StoredTable

FENCES = UUID(int=0)
"""Tenant of the fences of ingest (:mod:`server.readings.ingest.raw_store`): rows that are nobody's."""

_LOOK_SECONDS = 0.1
_LONGEST_LOOK = 1.0


class DeletionFailed(Unavailable):
    """The engine could not delete: a disk is full, a replica is away."""

    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"rows of {table} could not be deleted: {reason}", table=table)


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows are: a node, or a cluster."""

    cluster: str = ""

    def table(self, name: str) -> str:
        """The table that holds the rows, in a statement that changes it."""
        return f"{name}_local ON CLUSTER '{self.cluster}'" if self.cluster else name

    def local(self, name: str) -> str:
        """Its name."""
        return f"{name}_local" if self.cluster else name

    def parts(self) -> str:
        """The parts of one replica of each shard."""
        return f"cluster('{self.cluster}', system.parts)" if self.cluster else "system.parts"

    def mutations(self) -> str:
        """What every replica has under way."""
        return (
            f"clusterAllReplicas('{self.cluster}', system.mutations)" if self.cluster else "system.mutations"
        )

    def kill(self) -> str:
        """Where a KILL is to be heard."""
        return f"ON CLUSTER '{self.cluster}'" if self.cluster else ""


def delete_statement(place: Place, table: StoredTable, what: Iterable[tuple[str, Expired]]) -> str:
    """Deletes what is over of one tenant in some partitions.

    The engine hands each deletion to all parts of a table, if only to find that it does not concern them: so
    one statement for several partitions.
    """
    each = (
        f"DELETE IN PARTITION ID '{partition}' WHERE tenant_id = {{tenant:UUID}} AND {one.sql(table)}"
        for partition, one in what
    )
    return f"ALTER TABLE {place.table(table.name)} {', '.join(each)}"


def drop_statement(place: Place, table: StoredTable, partition: str) -> str:
    """Drops a partition with the rows of everybody."""
    return f"ALTER TABLE {place.table(table.name)} DROP PARTITION ID '{partition}'"


def move_statement(place: Place, table: StoredTable, partition: str, volume: str) -> str:
    """Moves a partition with the rows of everybody."""
    return f"ALTER TABLE {place.table(table.name)} MOVE PARTITION ID '{partition}' TO VOLUME '{volume}'"


def unfinished_sql(place: Place) -> str:
    """Deletions that are under way, and why they do not get on: table, reason."""
    names = ", ".join(f"'{place.local(table.name)}'" for table in TABLES)
    return (
        f"SELECT table, latest_fail_reason FROM {place.mutations()} WHERE database = currentDatabase()"
        f" AND NOT is_done AND table IN ({names}) AND command LIKE '%DELETE IN PARTITION%'"
    )


def kill_statement(place: Place) -> str:
    """Ends the deletions of a tenant that nobody waits for any more."""
    names = ", ".join(f"'{place.local(table.name)}'" for table in TABLES)
    return (
        f"KILL MUTATION {place.kill()} WHERE database = currentDatabase() AND NOT is_done"
        f" AND table IN ({names}) AND command LIKE concat('%DELETE IN PARTITION%', {{tenant:String}}, '%')"
    )


def partitions_sql(place: Place, table: StoredTable) -> str:
    """All partitions of a table: id, rows, names of the disks that they are on."""
    return (
        f"SELECT partition_id, sum(rows), arraySort(groupUniqArray(disk_name)) FROM {place.parts()}"
        f" WHERE database = currentDatabase() AND table = '{place.local(table.name)}' AND active"
        " GROUP BY partition_id ORDER BY partition_id"
    )


class RetentionEngine:
    """Counts and deletes rows."""

    def __init__(self, store: TelemetryStore, cluster: str = "") -> None:
        self._store = store
        self.place = Place(cluster)

    async def by_partition(
        self, tenant_id: UUID, table: StoredTable, rows: Sequence[Expired], partition: str = ""
    ) -> dict[str, int]:
        """Rows that are over, by partition; of one partition alone if it is named."""
        found: dict[str, int] = {}
        for one in rows:
            narrowed = f"AND {table.partition_sql} = '{partition}'" if partition else ""
            statement = (
                f"SELECT {table.partition_sql} AS p, count() FROM {table.name}"
                f" WHERE tenant_id = {{tenant:UUID}} AND {one.sql(table)} {narrowed} GROUP BY p"
            )
            for name, count in await self._store.rows(statement, {"tenant": str(tenant_id)}):
                found[name] = found.get(name, 0) + count
        return dict(sorted(found.items()))

    async def table_rows(
        self, tenant_id: UUID, table: StoredTable, over: Sequence[Expired], without_holds: Sequence[Expired]
    ) -> TableRows:
        """What a table has of a tenant."""
        statement = (
            f"SELECT count(), min({table.time}), countIf({any_of(table, over)}),"
            f" countIf({any_of(table, without_holds)})"
            f" FROM {table.name} WHERE tenant_id = {{tenant:UUID}}"
        )
        ((rows, oldest, gone, gone_without),) = await self._store.rows(statement, {"tenant": str(tenant_id)})
        return TableRows(
            table.data_class, table.name, gone, gone_without - gone, rows, _time(oldest) if rows else None
        )

    async def of_tenants(
        self, table: StoredTable, partition: str, tenant_ids: Sequence[UUID]
    ) -> dict[UUID, int]:
        """All rows that tenants have in a partition."""
        rows = await self._store.rows(
            f"SELECT tenant_id, count() FROM {table.name} WHERE tenant_id IN {{tenants:Array(UUID)}}"
            f" AND {table.partition_sql} = {{partition:String}} GROUP BY tenant_id",
            {"tenants": [str(one) for one in (*tenant_ids, FENCES)], "partition": partition},
        )
        return {UUID(str(tenant_id)): count for tenant_id, count in rows}

    async def delete(
        self, tenant_id: UUID, table: StoredTable, partitions: Sequence[str], rows: Sequence[Expired]
    ) -> None:
        """Deletes what is over, and waits until it is gone. Raises DeletionFailed."""
        for one in rows:
            statement = delete_statement(self.place, table, [(name, one) for name in partitions])
            await self._store.command(statement, {"tenant": str(tenant_id)}, settings={"mutations_sync": 0})
            await self.settled(table)

    async def drop(self, table: StoredTable, partition: str) -> None:
        """Drops a partition."""
        await self._store.of_all_tenants(drop_statement(self.place, table, partition))

    async def move(self, table: StoredTable, partition: str, volume: str) -> None:
        """Moves a partition to a volume of the table's storage policy."""
        await self._store.of_all_tenants(move_statement(self.place, table, partition, volume))

    async def partitions(self, table: StoredTable) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Rows of everybody, and disks, by partition."""
        rows = await self._store.rows(partitions_sql(self.place, table))
        return {name: (int(count), tuple(disks)) for name, count, disks in rows}

    async def disks_of(self, policy: str, volume: str) -> frozenset[str]:
        """The disks of a volume; none: there is no such volume."""
        rows = await self._store.rows(
            "SELECT arrayJoin(disks) FROM system.storage_policies"
            " WHERE policy_name = {policy:String} AND volume_name = {volume:String}",
            {"policy": policy, "volume": volume},
        )
        return frozenset(name for (name,) in rows)

    async def settled(self, table: StoredTable | None = None) -> None:
        """Waits until no deletion is under way, of a table or of any. Raises DeletionFailed."""
        wait = _LOOK_SECONDS
        while under_way := await self._under_way(table):
            for name, reason in under_way.items():
                if reason:
                    raise DeletionFailed(name, reason)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_LOOK)

    async def stop_orphans(self, tenant_id: UUID) -> None:
        """Ends the deletions of a tenant whose worker has died."""
        if await self._under_way(None):
            await self._store.command(kill_statement(self.place), {"tenant": str(tenant_id)})

    async def _under_way(self, table: StoredTable | None) -> Mapping[str, str]:
        rows = await self._store.rows(unfinished_sql(self.place))
        return {name: why for name, why in rows if table is None or name == self.place.local(table.name)}


def _time(given: Any) -> datetime:
    """A time or a day of the engine, UTC."""
    if isinstance(given, datetime):
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    assert isinstance(given, date)
    return datetime(given.year, given.month, given.day, tzinfo=UTC)
