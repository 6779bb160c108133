"""A table over every RPC of the contract: rows say how to ask, columns what must be so."""

from importlib import import_module


def all_rows() -> None:
    """Enters every row."""
    for area in (
        "access",
        "devices",
        "field",
        "readings",
        "queries",
        "dead_letter",
        "rule_sets",
        "desk",
        "supply",
        "exports",
        "derived",
        "billing",
    ):
        import_module(f"tests.support.rpcs.rows_{area}")
