"""Voter search behind one interface: the embedded index, or Elasticsearch."""
