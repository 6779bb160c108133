"""Wire messages of readings to domain objects, and back."""
