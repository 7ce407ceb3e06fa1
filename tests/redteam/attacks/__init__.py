"""The attacks, a strategy each. Every one talks to a running installation by HTTP and returns outcomes."""
