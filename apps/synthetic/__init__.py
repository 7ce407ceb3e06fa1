"""Generate Halden, a fictional state for demo, tests and benchmarks: borders, addresses, a roll, officials, contacts."""
