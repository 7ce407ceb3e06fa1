"""Writes of outreach: keyword-only, in short transactions."""
