-- Every call of every tenant: who, what, on what, how it ended. Calls of nobody whom the server knows have the
-- tenant 00000000-0000-0000-0000-000000000000. Each row says itself until when it is kept.
CREATE TABLE IF NOT EXISTS {local:operation} {on_cluster} (
    tenant_id UUID,
    operation_id UUID,
    time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    principal_id LowCardinality(String),
    method LowCardinality(String),
    resource_id String,
    status LowCardinality(String),
    reason LowCardinality(String),
    duration_us UInt64 CODEC(T64, ZSTD(1)),
    trace_id String,
    correlation_id String,
    peer String,
    expire_time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    INDEX by_resource resource_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_correlation correlation_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_trace trace_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_principal principal_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(time)
ORDER BY (tenant_id, time, operation_id)
TTL expire_time
SETTINGS {dedup_window:1000};

{distributed:operation:cityHash64(tenant_id)};
