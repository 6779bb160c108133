"""Final readings out, as files in the formats that others read."""
