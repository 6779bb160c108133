"""Files of readings in: kept, read in columns by a job, every refused row told."""
