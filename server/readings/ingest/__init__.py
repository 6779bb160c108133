"""Ingest: blocks of readings checked in columns, gathered, stored once, acknowledged afterwards."""
