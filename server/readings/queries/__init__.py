"""Queries: raw readings, final intervals in any resolution, and what other capabilities read."""
