"""A drop-in for Google's retired Civic Information API: the same paths, parameters, responses and errors.

The contract is the discovery document `civicinfo.v2.json` in google-api-python-client 2.150.0, with the table of
errors in its documentation. docs/civicinfo.md lists the differences.
"""
