"""Labeled synthetic data for the matcher: rolls, queries, and the true matches. Imports nothing of apps.matching."""
