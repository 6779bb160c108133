"""Demand: average power over periods, its maxima, of one series or of several together."""
