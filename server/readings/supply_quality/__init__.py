"""Quality of supply: statistics of momentary values, and what EN 50160 says of them."""
