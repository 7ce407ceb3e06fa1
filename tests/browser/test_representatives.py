"""Representatives of a place in a real browser: by address, by ZIP code, and before districts change."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.districts.lookup import today
from tests.demo_server import Machine

from .journeys import PLAIN, PageUser, sign_in
from .page_tour import HOME

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def ask(page: Page, typed: str) -> None:
    """Submit a place on the home page."""
    page.goto("/")
    page.fill("main form input[name=q]", typed)
    page.click("main form button.btn")
    expect(page.locator("main h1")).to_have_text("Who represents you")


def drawn(page: Page) -> list[str]:
    """Return the outlines on the map, each with at least one point inside the frame."""
    found: list[str] = page.evaluate(
        """() => { const box = document.getElementById('map').getBoundingClientRect();
        return [...document.querySelectorAll('#map svg path')].filter(path => {
            const at = path.getBoundingClientRect();
            return at.width > 2 && at.right > box.left && at.left < box.right && at.bottom > box.top
                && at.top < box.bottom; }).map(path => path.getAttribute('d')); }"""
    )
    return found


def test_by_address_and_the_map_changes_its_layer(wide_page: Page, tmp_path: Path) -> None:
    ask(wide_page, HOME)
    main = wide_page.locator("main")
    for words in ("U.S. House", "State Senate", "State House", "County", "Coopers Row"):
        expect(main).to_contain_text(words)
    expect(wide_page.locator("#map path.mine")).to_have_count(1)
    expect(wide_page.locator("#map path.you")).to_have_count(1)
    first = drawn(wide_page)
    wide_page.screenshot(path=str(tmp_path / "address.png"), full_page=True)
    wide_page.locator("[data-layer=county]").click()
    expect(wide_page.locator("[data-layer=county]")).to_have_attribute("aria-current", "true")
    assert drawn(wide_page) != first
    wide_page.locator("#map").screenshot(path=str(tmp_path / "address-county.png"))
    assert wide_page.url.endswith("/who/"), "nothing typed may stand in the address"


def test_by_zip_code_with_shares_and_then_by_the_street(wide_page: Page, tmp_path: Path) -> None:
    ask(wide_page, "00471")
    main = wide_page.locator("main")
    expect(main).to_contain_text("A ZIP code can cross district lines")
    wide_page.screenshot(path=str(tmp_path / "zip.png"), full_page=True)
    shares: dict[str, int] = {}
    for row in wide_page.locator("main .rows summary").all_inner_texts():
        if share := re.search(r"(\d+)%", row):
            kind = row.strip().splitlines()[0]
            shares[kind] = shares.get(kind, 0) + int(share[1])
    assert shares, "this ZIP code crosses a line"
    assert all(95 <= total <= 105 for total in shares.values()), shares
    wide_page.fill("main .note input[name=q]", HOME)
    wide_page.click("main .note button.btn")
    expect(main).to_contain_text("Coopers Row")
    expect(main).not_to_contain_text(re.compile(r"\d %"))


def test_two_clocks_between_now_and_the_next_election(running: Machine, wide_page: Page, tmp_path: Path) -> None:
    ask(wide_page, HOME)
    clocks = wide_page.locator(".clocks").first
    now, later = clocks.locator(".clock").all()
    expect(now).to_contain_text("Represents you today")
    expect(later).to_contain_text("You vote in next")
    names = [re.findall(r"District \d+", each.inner_text())[0] for each in (now, later)]
    assert names[0] != names[1]
    expect(wide_page.locator("#map path.next")).to_have_count(1)
    expect(wide_page.locator(".legend")).to_contain_text("Where you vote next")
    wide_page.screenshot(path=str(tmp_path / "clocks.png"), full_page=True)

    sign_in(PageUser(wide_page, PLAIN), *running.sign_ins["member"])
    # The demo's districts change six weeks from now.
    wide_page.goto(f"/districts/?on={today() + timedelta(days=60)}")
    wide_page.fill("main form[method=post] input[name=q]", HOME)
    wide_page.click("main form[method=post] button.btn")
    house = wide_page.locator("main .rows > li", has_text="U.S. House").first
    expect(house).to_contain_text(names[1])
    expect(wide_page.locator(".clocks")).to_have_count(0)
    wide_page.screenshot(path=str(tmp_path / "on-a-day.png"), full_page=True)
