"""Where old rows lie: the storage policy of the large tables, and when they move to its cold volume.

What this says may be said again at any time; it is said at each migration. The policy is the operator's, in
the configuration of ClickHouse: its first volume is the one that the tables are on now, ``default``, which
ClickHouse demands of a policy that takes the place of another one.
"""

from collections.abc import Iterator

from server.migrations.render import render
from server.platform.settings import Settings

LARGE = {
    "raw_reading": "toDateTime(ts)",
    "measurement": "toDateTime(ts)",
    "measurement_day": "toDateTime(day)",
}
"""Tables that are worth a volume of their own, and the time that a row is about."""


def tiering(settings: Settings) -> Iterator[str]:
    """The statements; none without a storage policy."""
    policy, days = settings.clickhouse_storage_policy, settings.clickhouse_cold_after_days
    if not policy:
        return
    for table, time in LARGE.items():
        alter = render(f"ALTER TABLE {{local:{table}}} {{on_cluster}}", settings.clickhouse_cluster)
        yield f"{alter} MODIFY SETTING storage_policy = '{policy}'"
        if days:
            volume = settings.clickhouse_cold_volume
            yield f"{alter} MODIFY TTL {time} + INTERVAL {days} DAY TO VOLUME '{volume}'"
