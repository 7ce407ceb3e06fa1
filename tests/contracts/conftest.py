"""Run the contract of each backend as one suite, on the embedded store and on the real server.

A test of a real server is marked `services`, which `make test` leaves out. `make test-services` names the file of
server addresses (TEST_SERVERS), and a server missing from it is a failure.
"""

import os

import pytest
from django.conf import settings

from tests.voters.conftest import load_file, write  # noqa: F401 - fixtures

EMBEDDED_AND_REAL = ["embedded", pytest.param("real", marks=pytest.mark.services)]


def real_url(variable: str) -> str:
    """Return the URL of a backend's real server, from the environment of the tests."""
    url = settings.SERVICES.get(variable)
    if url:
        return str(url)
    reason = f"{variable} is not set. Start the servers: make services, then make test-services."
    if os.environ.keys() & {"CI", "TEST_SERVERS"}:
        pytest.fail(reason)
    pytest.skip(reason)
