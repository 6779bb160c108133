"""What the server and the adapters share: the bus, telemetry and codecs. Imports neither of them."""
