"""The edge: what Envoy is told, made from a few settings and the contract's descriptor set.

`render(EdgeSettings(...))` gives the bootstrap as plain data; `write` puts it into a file. The parts
without logic stand in `envoy/` at the project's root, to be read as configuration.
"""

from stack.edge.render import render, write
from stack.edge.settings import Address, EdgeError, EdgeSettings, RateLimit, Tls

__all__ = ["Address", "EdgeError", "EdgeSettings", "RateLimit", "Tls", "render", "write"]
