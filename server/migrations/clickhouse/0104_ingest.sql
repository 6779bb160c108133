-- Ingest at speed. Statistics of columns, which ClickHouse makes by itself, cost an insert a tenth and a merge a
-- third; nothing here asks for them. Fewer and wider merges: each row is written once less on its way to a large
-- part, in blocks that fit the cache as well as small ones do.
ALTER TABLE {local:raw_reading} {on_cluster} MODIFY SETTING
    auto_statistics_types = '',
    merge_selector_base = 10,
    merge_max_block_size = 65536,
    merge_max_block_size_bytes = 33554432;
