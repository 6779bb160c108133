"""Commands: durable instructions to meters, and what became of each."""
