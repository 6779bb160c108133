"""What every adapter shares: the link to the server, ingest, bindings, commands, heartbeat."""
