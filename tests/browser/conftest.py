"""One demo and one browser for all journeys: starting them costs more than walking."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.look.pages import chromium
from tests.machine import Machine


@pytest.fixture(scope="package")
def running(machine: Machine) -> Iterator[Machine]:
    """The demo's own processes."""
    demo = machine.demo()
    yield machine
    machine.stop(demo)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    with chromium() as started:
        yield started
