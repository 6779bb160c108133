-- What arrived, as it arrived: append-only, never changed. One row a reading; (source, sequence) names the
-- block that brought it. Rows of the tenant 00000000-0000-0000-0000-000000000000 are fences: each one keeps
-- an insert of a server that died from landing later (see server/readings/raw_store.py).
CREATE TABLE IF NOT EXISTS {local:raw_reading} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    channel UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'number of the channel',
    ts DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)) COMMENT 'start of the interval, or the instant of a register reading',
    value Decimal(18, 6) CODEC(T64, ZSTD(1)) COMMENT 'in the unit of the channel',
    quality UInt32 CODEC(ZSTD(1)) COMMENT 'bits of simba.readings.v1.ReadingQuality as the sender gave them',
    source LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'adapter or system that sent it',
    sequence UInt64 CODEC(T64, ZSTD(1)) COMMENT 'number of the block within the source',
    received DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)) COMMENT 'when the server took it; of two values of one time the later one counts'
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(ts)
ORDER BY (tenant_id, channel, ts)
SETTINGS {dedup_window:10000};

{distributed:raw_reading:channel};

-- Which channels a stored batch touched, and from when to when: what validation has to look at again.
CREATE TABLE IF NOT EXISTS {local:ingest_touch} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    batch_id Int64 CODEC(T64, ZSTD(1)),
    channel UInt64 CODEC(Delta, ZSTD(1)),
    first_ts DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)),
    last_ts DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)),
    stored DateTime('UTC') DEFAULT now('UTC') CODEC(ZSTD(1))
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(stored)
ORDER BY (tenant_id, batch_id, channel)
TTL stored + INTERVAL 60 DAY
SETTINGS {dedup_window:10000};

{distributed:ingest_touch:channel};

-- First and last time of each channel's readings.
CREATE TABLE IF NOT EXISTS {local:channel_span} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    channel UInt64 CODEC(Delta, ZSTD(1)),
    first_ts SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1)),
    last_ts SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1))
)
ENGINE = {engine:AggregatingMergeTree}
ORDER BY (tenant_id, channel);

{distributed:channel_span:channel};

CREATE MATERIALIZED VIEW IF NOT EXISTS {local:channel_span_feed} {on_cluster} TO {local:channel_span} AS
SELECT tenant_id, channel, min(first_ts) AS first_ts, max(last_ts) AS last_ts
FROM {local:ingest_touch}
GROUP BY tenant_id, channel;
