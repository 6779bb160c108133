"""Schemas of both databases, and the one command that brings them up to date."""
