"""A made-up state, Halden, for demos, tests and benchmarks: borders, addresses, a voter roll, officials, contacts."""
