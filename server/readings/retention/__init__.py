"""How long readings are kept: policies, legal holds, and the worker that enforces them."""
