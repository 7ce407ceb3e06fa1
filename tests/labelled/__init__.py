"""Labelled made-up data for the matcher: rolls, typed people, and the truth. Imports nothing of
apps.matching.
"""
