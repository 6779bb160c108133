"""Devices: models, gateways, meters with their channels, usage points with their series, places and grid."""
