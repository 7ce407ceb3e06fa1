"""Generate the fictional state of Halden for demo, tests and benchmarks."""
