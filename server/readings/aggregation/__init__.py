"""Sums over the trees of places and of the grid, and how complete readings are."""
