-- Ingest at speed. Statistics of columns, which ClickHouse makes by itself, cost an insert a tenth and a merge a
-- third; nothing here asks for them. Fewer and wider merges: each row is written once less on its way to a large
-- part, in blocks that fit the cache as well as small ones do.
ALTER TABLE {local:raw_reading} {on_cluster} MODIFY SETTING
    auto_statistics_types = '',
    merge_selector_base = 10,
    merge_max_block_size = 65536,
    merge_max_block_size_bytes = 33554432;

-- Readings that could not be given to a channel, until they are replayed or discarded: `gone` takes one away.
CREATE TABLE IF NOT EXISTS {local:dead_reading} {on_cluster}
(
    tenant_id UUID CODEC(ZSTD(1)),
    source LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'as in raw_reading; with sequence and row the key',
    sequence UInt64 CODEC(T64, ZSTD(1)),
    row UInt32 CODEC(Delta, ZSTD(1)) COMMENT 'index within the block',
    channel UInt64 CODEC(T64, ZSTD(1)) COMMENT 'as the sender gave it; 0 where it named meter and code',
    meter_id UUID CODEC(ZSTD(1)) COMMENT 'as the sender gave it, else zeros',
    code LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'as the sender gave it',
    ts DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    value Decimal(18, 6) CODEC(T64, ZSTD(1)),
    quality UInt32 CODEC(ZSTD(1)),
    unit LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'as the sender gave it',
    multiplier LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'as the sender gave it',
    reason LowCardinality(String) CODEC(ZSTD(1)) COMMENT 'simba.common.v1.ErrorReason without its prefix',
    kept DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)) COMMENT 'when the server took it',
    version UInt64 CODEC(T64, ZSTD(1)) COMMENT 'microseconds since 1970; of two rows with one key the newer counts',
    gone UInt8 CODEC(ZSTD(1)) COMMENT '1: replayed or discarded'
)
ENGINE = {engine:ReplacingMergeTree(version, gone)}
ORDER BY (tenant_id, source, sequence, row)
TTL toDateTime(kept) + INTERVAL 90 DAY
SETTINGS auto_statistics_types = '';

{distributed:dead_reading:sequence};
