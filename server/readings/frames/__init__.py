"""Frames that no codec could read: kept with the reason, replayed through their adapter once it is mended."""
