"""Voter search on Elasticsearch: one index a snapshot behind an alias a state, with the embedded index's own keys."""
