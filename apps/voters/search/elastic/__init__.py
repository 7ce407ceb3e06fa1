"""Voter search on Elasticsearch: an index per snapshot, an alias per state, the embedded index's blocking keys."""
