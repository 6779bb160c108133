"""Child processes: started in order, kept alive, stopped in reverse, and never left behind."""
