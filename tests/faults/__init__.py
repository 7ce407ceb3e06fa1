"""Inject faults into real servers and processes under load, and check the invariant at the end."""
