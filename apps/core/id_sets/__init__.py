"""Sets of ids with intersection and difference, in SQL or Redis. A cache: every set can be rebuilt at any time."""
