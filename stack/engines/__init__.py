"""The embedded engines, one module each: prepare the data, say how to start, how to see that it works, how to end."""
