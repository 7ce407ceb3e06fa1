"""Share one demo and one browser among all browser tests: starting them takes longer than the tests."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page

from tests.demo_server import Machine
from tests.design_system.pages import chromium

from .journeys import PATIENCE_MS

PHONE, DESK = 390, 1280


class Windows(Protocol):
    """Opens a new browser context of a given width in pixels."""

    def __call__(self, width: int) -> AbstractContextManager[Page]: ...


@pytest.fixture(scope="package")
def running(machine: Machine) -> Iterator[Machine]:
    """Start the demo's own processes."""
    demo = machine.prepare().demo()
    yield machine
    machine.stop(demo)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start this machine's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def windows(running: Machine, browser: Browser) -> Windows:
    """Return windows on the running installation; a script error fails the test."""

    @contextmanager
    def opened(width: int) -> Iterator[Page]:
        context = browser.new_context(base_url=running.url, viewport={"width": width, "height": 844})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        yield page
        context.close()

    return opened


@pytest.fixture
def page(windows: Windows) -> Iterator[Page]:
    """Return a new window of a phone's width."""
    with windows(PHONE) as opened:
        yield opened


@pytest.fixture
def wide_page(windows: Windows) -> Iterator[Page]:
    """Return a new window of a desktop's width."""
    with windows(DESK) as opened:
        yield opened
