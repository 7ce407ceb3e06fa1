"""Halden, a made-up state for demo, tests and benchmarks: borders, addresses, a roll, officials, contacts."""
