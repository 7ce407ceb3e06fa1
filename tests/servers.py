"""The real servers of `make services`: their addresses, and a skip or a failure where they are missing."""

import os

import pytest

from settings.env import given


def address(variable: str) -> str:
    """Return a server's address; without servers the test is skipped, under `make test-services` it fails."""
    file = os.environ.get("TEST_SERVERS", "")
    if not file:
        pytest.skip("needs the real servers: make services, make test-services")
    found = given(file).get(variable)
    if not found:
        pytest.fail(f"{file} names no {variable}: that server does not run. `make services` starts it.")
    return found
