"""The server: capabilities behind one gRPC surface, and the platform that they stand on."""
