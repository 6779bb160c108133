"""The `simba` command."""
