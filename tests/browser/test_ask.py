"""From signing up to "asked my first friend", on a phone, timed: at most three minutes."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.demo_server import Machine

from .journeys import PLAIN, PageUser, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.processes]
THREE_MINUTES = 180
# A person reads and types more slowly than a script: allowance for each page of the journey.
READING_SECONDS = 12


def test_from_sign_up_to_the_first_friend_asked(running: Machine, page: Page, tmp_path: Path) -> None:
    began, pages = time.monotonic(), 0

    def seen(name: str) -> None:
        nonlocal pages
        pages += 1
        page.screenshot(path=str(tmp_path / f"{pages}-{name}.png"))
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{name} scrolls sideways"

    sign_up(PageUser(page, PLAIN), "first-friend@example.org")
    seen("signed-up")
    page.goto("/contacts/bring/paste/")
    page.fill("textarea[name=text]", "Abena Thorsby, Port Ansel, 919-555-0101\nSam Vale, sam@example.org")
    seen("paste")
    page.locator("form:has(textarea) button.btn").click()
    seen("preview")
    page.get_by_role("button", name=re.compile("Bring in")).click()
    expect(page.locator("main h1")).to_contain_text("are in", timeout=30_000)
    seen("in")
    page.get_by_role("link", name="See my contacts").click()
    seen("contacts")
    page.get_by_text("Abena Thorsby").first.click()
    page.get_by_role("button", name="Ask to vote").first.click()
    expect(page.locator("textarea")).to_have_value(re.compile("Hi Abena, .* is on "))
    assert "body=Hi%20Abena" in str(page.get_by_role("link", name="Text").get_attribute("href"))
    page.locator("textarea").fill("Abena, shall we go & vote?")
    changed = str(page.get_by_role("link", name="Text").get_attribute("href"))
    assert changed == "sms:+19195550101?&body=Abena%2C%20shall%20we%20go%20%26%20vote%3F"
    seen("message")
    page.get_by_role("button", name="I sent it").click()
    expect(page.locator("main")).to_contain_text("What did they say?")
    seen("asked")
    assert time.monotonic() - began + pages * READING_SECONDS < THREE_MINUTES
    page.get_by_role("button", name="Will vote").click()
    expect(page.locator("main")).to_contain_text("Answered")
