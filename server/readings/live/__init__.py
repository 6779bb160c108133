"""Readings as they are stored, and as they become final: from a token on, then live."""
