"""One demo and one browser for all journeys: starting them costs more than walking."""

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
    """Opens a window of somebody new, so many pixels wide."""

    def __call__(self, width: int) -> AbstractContextManager[Page]: ...


@pytest.fixture(scope="package")
def running(machine: Machine) -> Iterator[Machine]:
    """The demo's own processes."""
    demo = machine.prepare().demo()
    yield machine
    machine.stop(demo)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    with chromium() as started:
        yield started


@pytest.fixture
def windows(running: Machine, browser: Browser) -> Windows:
    """Windows on the running installation; a script's error fails the test."""

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
    """A phone-sized window of somebody new."""
    with windows(PHONE) as opened:
        yield opened


@pytest.fixture
def wide_page(windows: Windows) -> Iterator[Page]:
    """A desk's window of somebody new."""
    with windows(DESK) as opened:
        yield opened
