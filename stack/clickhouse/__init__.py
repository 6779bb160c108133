"""ClickHouse for one machine: chDB in a process of its own behind ClickHouse's HTTP interface.

chDB is ClickHouse as a library, and one process owns its directory. This package gives that library
the HTTP interface of a ClickHouse server, so that servers, workers and tests use one telemetry store
through an unchanged `clickhouse-connect`, and so that the same code runs against a ClickHouse cluster.

Modules, from the wire inwards: `app` (ASGI routes), `request` (HTTP to a request), `auth`, `compression`,
`body` (request bodies), `statement` (where a statement ends and its data begins), `execution` (which way a
statement runs), `insert`, `reading` (results), `sessions`, `running` (query ids and KILL), `engine` (chDB).
"""
