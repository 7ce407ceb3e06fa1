"""Writes of contacts: keyword-only, in short transactions, safe to run twice."""
