"""Validation and estimation: rules as SQL over columns, and the same rules as pure functions."""
