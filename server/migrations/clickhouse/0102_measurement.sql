-- Final data: every version of every interval of every series. The newest version up to a watermark counts.
CREATE TABLE IF NOT EXISTS {local:measurement} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    series UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'number of the series',
    ts DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)) COMMENT 'start of the interval',
    version UInt64 CODEC(T64, ZSTD(1)) COMMENT 'of the run that made it; grows, microseconds since 1970',
    value Decimal(18, 6) CODEC(T64, ZSTD(1)) COMMENT 'in the unit of the series; 0 where the state is MISSING',
    interval_ms UInt32 CODEC(ZSTD(1)) COMMENT 'length of the interval',
    state UInt8 CODEC(ZSTD(1)) COMMENT 'simba.readings.v1.ReadingState',
    quality UInt32 CODEC(ZSTD(1)) COMMENT 'bits of simba.readings.v1.ReadingQuality',
    method UInt8 CODEC(ZSTD(1)) COMMENT 'simba.readings.v1.EstimationMethod',
    rule LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'check that it failed or rule that made it',
    run_id UUID CODEC(ZSTD(1)),
    INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(ts)
ORDER BY (tenant_id, series, ts, version)
SETTINGS {dedup_window:1000};

{distributed:measurement:series};

-- Sums of local days of the usage point, recomputed for the days that a run touched; versions as above.
CREATE TABLE IF NOT EXISTS {local:usage_day} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    series UInt64 CODEC(Delta, ZSTD(1)),
    day Date CODEC(Delta, ZSTD(1)) COMMENT 'local day of the usage point',
    version UInt64 CODEC(T64, ZSTD(1)),
    start DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)) COMMENT 'first instant of the day',
    value Decimal(38, 6) CODEC(ZSTD(1)) COMMENT 'sum of the intervals that have a value',
    cells UInt32 CODEC(ZSTD(1)) COMMENT 'intervals that the day has: 46, 48 or 50 half hours',
    valid UInt32 CODEC(ZSTD(1)) COMMENT 'of these: validated',
    suspect UInt32 CODEC(ZSTD(1)) COMMENT 'of these: suspect',
    estimated UInt32 CODEC(ZSTD(1)) COMMENT 'of these: estimated',
    edited UInt32 CODEC(ZSTD(1)) COMMENT 'of these: edited',
    missing UInt32 CODEC(ZSTD(1)) COMMENT 'of these: expected and without a value',
    quality UInt32 CODEC(ZSTD(1)) COMMENT 'bits of all intervals',
    INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = {engine:MergeTree}
PARTITION BY toYear(day)
ORDER BY (tenant_id, series, day, version)
SETTINGS {dedup_window:1000};

{distributed:usage_day:series};

-- What the rules found on a local day. The newest version counts; one with no intervals takes it back.
CREATE TABLE IF NOT EXISTS {local:vee_exception} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    series UInt64,
    day Date COMMENT 'local day of the usage point',
    usage_point_id UUID,
    rule LowCardinality(String),
    severity UInt8 COMMENT 'simba.readings.v1.VeeSeverity',
    first_ts DateTime64(3, 'UTC') COMMENT 'start of the first interval concerned',
    end_ts DateTime64(3, 'UTC') COMMENT 'end of the last one',
    cells UInt32 COMMENT 'number of intervals concerned',
    observed Decimal(18, 6) COMMENT 'what the rule looked at; its meaning depends on the rule',
    bound Decimal(18, 6) COMMENT 'threshold of the rule',
    run_id UUID,
    version UInt64,
    INDEX version_range version TYPE minmax GRANULARITY 1
)
ENGINE = {engine:MergeTree}
ORDER BY (tenant_id, series, day, rule, version)
SETTINGS {dedup_window:1000};

{distributed:vee_exception:series};

-- What a run looked at: which channel fed which series, with which multiplier, dials and bounds.
CREATE TABLE IF NOT EXISTS {local:vee_scope} {on_cluster}
(
    tenant_id UUID,
    run_id UUID,
    series UInt64,
    channel UInt64,
    kind LowCardinality(String) COMMENT 'REGISTER or INTERVAL',
    tz LowCardinality(String),
    first_day Date COMMENT 'first local day that was run',
    last_day Date COMMENT 'last local day that was run',
    interval_ms UInt32,
    multiplier Decimal(18, 9),
    dials UInt8 COMMENT '0: the register does not roll over',
    max_per_hour Nullable(Decimal(18, 6)),
    negative_allowed Bool,
    valid_from DateTime64(3, 'UTC') COMMENT 'installation',
    valid_to DateTime64(3, 'UTC'),
    made DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(made)
ORDER BY (tenant_id, run_id, series, channel)
TTL made + INTERVAL 180 DAY;

{distributed:vee_scope:series};
