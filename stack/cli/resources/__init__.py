"""Commands for resources: `simba meters list` and the like, made from the contract itself.

A group is a service. Each of its unary methods is a command, each field of the request an option, and the
help is what the contract says of both, so that a new method or field is a command or an option by itself.
"""
