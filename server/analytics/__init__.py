"""Analytics: answers computed from final measurements, each with its evidence and its issue time."""
