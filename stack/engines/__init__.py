"""The embedded engines, one module each: prepare data, start, see that it works, end."""
