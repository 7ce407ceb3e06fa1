"""Google's retired Civic Information API, answered from our own data: the same paths, parameters, shapes and errors.

The contract is the discovery document `civicinfo.v2.json` that google-api-python-client 2.150.0 carries, with the
table of errors of its documentation. What differs is told in docs/civicinfo.md.
"""
