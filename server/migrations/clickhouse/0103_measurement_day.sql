-- Final data: one row a series and local day, with the values of its intervals in order. An empty array says
-- the same of every interval: `state` 2 (validated), `quality` 1 (valid), `method` 0, `rule` '', `revision` 1,
-- `since` the version of the row.
--
-- A generation is a time in which no value of the day was replaced: its rows only add intervals, so that the
-- last one says all that the earlier ones said, and the engine may drop those. `since` tells which version
-- brought each value. What was to be seen at version W: of the generations up to W the newest, of its rows the
-- newest, of its intervals those with since <= W (server/readings/final.py).
CREATE TABLE IF NOT EXISTS {local:measurement_day} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    series UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'number of the series',
    day Date CODEC(Delta, ZSTD(1)) COMMENT 'local day of the usage point',
    generation UInt64 CODEC(T64, ZSTD(1)) COMMENT 'version of the first row of the generation',
    version UInt64 CODEC(T64, ZSTD(1)) COMMENT 'of the run that made it; grows, microseconds since 1970',
    start DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)) COMMENT 'start of the first interval',
    until DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)) COMMENT 'end of the last interval',
    interval_ms UInt32 CODEC(ZSTD(1)) COMMENT 'from the start of an interval to the start of the next one',
    cells UInt32 CODEC(ZSTD(1)) COMMENT 'intervals that the day has: 46, 48 or 50 half hours',
    total Decimal(38, 6) CODEC(ZSTD(1)) COMMENT 'sum of the intervals that have a value',
    valid UInt32 CODEC(ZSTD(1)) COMMENT 'of the intervals: validated',
    suspect UInt32 CODEC(ZSTD(1)) COMMENT 'of these: suspect',
    estimated UInt32 CODEC(ZSTD(1)) COMMENT 'of these: estimated',
    edited UInt32 CODEC(ZSTD(1)) COMMENT 'of these: edited',
    missing UInt32 CODEC(ZSTD(1)) COMMENT 'of these: expected and without a value',
    qualities UInt32 CODEC(ZSTD(1)) COMMENT 'quality bits of all intervals',
    micro Array(Int64) CODEC(T64, ZSTD(1)) COMMENT '10^-6 of the unit of the series; 0 where the state is MISSING',
    state Array(UInt8) CODEC(ZSTD(1)) COMMENT 'simba.readings.v1.ReadingState',
    quality Array(UInt32) CODEC(ZSTD(1)) COMMENT 'bits of simba.readings.v1.ReadingQuality',
    method Array(UInt8) CODEC(ZSTD(1)) COMMENT 'simba.readings.v1.EstimationMethod',
    rule Array(String) CODEC(ZSTD(1)) COMMENT 'check that it failed or rule that made it',
    revision Array(UInt16) CODEC(ZSTD(1)) COMMENT 'how many values the interval has had',
    since Array(UInt64) CODEC(ZSTD(1)) COMMENT 'version that brought the value',
    run_id UUID CODEC(ZSTD(1)),
    INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = {engine:ReplacingMergeTree(version)}
PARTITION BY toYYYYMM(day)
ORDER BY (tenant_id, series, day, generation)
SETTINGS {dedup_window:1000};

{distributed:measurement_day:series};

-- What the tables of the release before hold, as it stands now. They go with the next release.
INSERT INTO measurement_day
SELECT
    m.tenant_id, m.series, u.day, min(m.first), max(m.since), min(m.ts), max(m.ts + toIntervalMillisecond(m.length)),
    max(m.length), any(u.cells), sumIf(m.last.1, m.last.2 != 6),
    countIf(m.last.2 = 2), countIf(m.last.2 = 3), countIf(m.last.2 = 4), countIf(m.last.2 = 5),
    countIf(m.last.2 = 6), groupBitOr(m.last.3),
    arraySort(groupArray((m.ts, reinterpretAsInt64(m.last.1)))).2,
    arraySort(groupArray((m.ts, m.last.2))).2, arraySort(groupArray((m.ts, m.last.3))).2,
    arraySort(groupArray((m.ts, m.last.4))).2, arraySort(groupArray((m.ts, m.last.5))).2,
    arraySort(groupArray((m.ts, toUInt16(m.revision)))).2, arraySort(groupArray((m.ts, m.since))).2,
    argMax(m.last.6, m.since)
FROM (
    SELECT tenant_id, series, ts, any(interval_ms) AS length, min(version) AS first, max(version) AS since,
        count() AS revision,
        argMax((value, state, quality, method, toString(rule), run_id), version) AS last
    FROM measurement GROUP BY tenant_id, series, ts) AS m
ASOF INNER JOIN (
    SELECT tenant_id, series, day, min(start) AS begin, argMax(cells, version) AS cells
    FROM usage_day GROUP BY tenant_id, series, day) AS u
    ON u.tenant_id = m.tenant_id AND u.series = m.series AND u.begin <= m.ts
GROUP BY m.tenant_id, m.series, u.day;
