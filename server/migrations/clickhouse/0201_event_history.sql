-- Every event of every tenant, copied from PostgreSQL in batches. A batch that is copied twice leaves its rows
-- twice until they are merged; readers take one row a sequence.
CREATE TABLE IF NOT EXISTS {local:event_history} {on_cluster} (
    tenant_id UUID,
    sequence UInt64,
    event_id UUID,
    type LowCardinality(String),
    severity UInt8,
    subject String,
    meter_id String,
    usage_point_id String,
    command_id String,
    correlation_id String,
    trace_id String,
    event_time DateTime64(6, 'UTC'),
    publish_time DateTime64(6, 'UTC'),
    payload_type LowCardinality(String),
    payload String CODEC(ZSTD(3)),
    INDEX by_correlation correlation_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_subject subject TYPE bloom_filter GRANULARITY 4
)
ENGINE = {engine:ReplacingMergeTree}
PARTITION BY toYYYYMM(publish_time)
ORDER BY (tenant_id, sequence)
SETTINGS {dedup_window:1000};

{distributed:event_history:cityHash64(tenant_id)};
