"""Who represents a place, in a real browser: by address, by ZIP code, and where the lines are about to move."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.districts.lookup import today
from tests.machine import Machine

from .tour import HOME
from .ways import PATIENCE_MS, PLAIN, Hands, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes]


@pytest.fixture
def page(running: Machine, browser: Browser) -> Iterator[Page]:
    """A wide window of somebody new."""
    context = browser.new_context(base_url=running.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    yield page
    context.close()


def ask(page: Page, typed: str) -> None:
    """Ask the front door."""
    page.goto("/")
    page.fill("main form input[name=q]", typed)
    page.click("main form button.btn")
    expect(page.locator("main h1")).to_have_text("Who represents you")


def drawn(page: Page) -> list[str]:
    """The outlines on the map, each with something of it inside the frame."""
    found: list[str] = page.evaluate(
        """() => { const box = document.getElementById('map').getBoundingClientRect();
        return [...document.querySelectorAll('#map svg path')].filter(path => {
            const at = path.getBoundingClientRect();
            return at.width > 2 && at.right > box.left && at.left < box.right && at.bottom > box.top
                && at.top < box.bottom; }).map(path => path.getAttribute('d')); }"""
    )
    return found


def test_by_address_and_the_map_changes_its_layer(page: Page, tmp_path: Path) -> None:
    ask(page, HOME)
    main = page.locator("main")
    for words in ("U.S. House", "State Senate", "State House", "County", "Coopers Row"):
        expect(main).to_contain_text(words)
    expect(page.locator("#map path.mine")).to_have_count(1)
    expect(page.locator("#map path.you")).to_have_count(1)
    first = drawn(page)
    page.screenshot(path=str(tmp_path / "address.png"), full_page=True)
    page.locator("[data-layer=county]").click()
    expect(page.locator("[data-layer=county]")).to_have_attribute("aria-current", "true")
    assert drawn(page) != first
    page.locator("#map").screenshot(path=str(tmp_path / "address-county.png"))
    assert page.url.endswith("/who/"), "nothing typed may stand in the address"


def test_by_zip_code_with_shares_and_then_by_the_street(page: Page, tmp_path: Path) -> None:
    ask(page, "00471")
    main = page.locator("main")
    expect(main).to_contain_text("A ZIP code can cross district lines")
    page.screenshot(path=str(tmp_path / "zip.png"), full_page=True)
    shares: dict[str, int] = {}
    for row in page.locator("main .rows summary").all_inner_texts():
        if share := re.search(r"(\d+) %", row):
            kind = row.strip().splitlines()[0]
            shares[kind] = shares.get(kind, 0) + int(share[1])
    assert shares, "this ZIP code crosses a line"
    assert all(95 <= total <= 105 for total in shares.values()), shares
    page.fill("main .note input[name=q]", HOME)
    page.click("main .note button.btn")
    expect(main).to_contain_text("Coopers Row")
    expect(main).not_to_contain_text(re.compile(r"\d %"))


def test_two_clocks_between_now_and_the_next_election(running: Machine, page: Page, tmp_path: Path) -> None:
    ask(page, HOME)
    clocks = page.locator(".clocks").first
    now, later = clocks.locator(".clock").all()
    expect(now).to_contain_text("Represents you today")
    expect(later).to_contain_text("You vote in next")
    names = [re.findall(r"District \d+", each.inner_text())[0] for each in (now, later)]
    assert names[0] != names[1]
    expect(page.locator("#map path.next")).to_have_count(1)
    expect(page.locator(".legend")).to_contain_text("Where you vote next")
    page.screenshot(path=str(tmp_path / "clocks.png"), full_page=True)

    sign_in(Hands(page, PLAIN), *running.sign_ins["member"])
    # The demo's lines move six weeks from now.
    page.goto(f"/districts/?on={today() + timedelta(days=60)}")
    page.fill("main form[method=post] input[name=q]", HOME)
    page.click("main form[method=post] button.btn")
    house = page.locator("main .rows > li", has_text="U.S. House").first
    expect(house).to_contain_text(names[1])
    expect(page.locator(".clocks")).to_have_count(0)
    page.screenshot(path=str(tmp_path / "on-a-day.png"), full_page=True)
