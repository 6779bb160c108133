"""The dead letter: readings that could not be given to a channel, kept, replayed, discarded."""
