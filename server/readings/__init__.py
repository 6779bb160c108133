"""Readings: ingest, validation, estimation, queries, import and the frames that no codec could read."""
