"""Search in the roll."""
