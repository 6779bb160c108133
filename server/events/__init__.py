"""Events: the log of business facts in commit order, and the streams that read it."""
