"""The system itself: what it did for whom."""
