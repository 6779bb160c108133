"""Adapters: the processes that speak with the field, and with the server by gRPC and the bus alone."""
