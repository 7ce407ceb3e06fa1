"""The main journey in every way people use it: without scripts, keyboard only, narrow, with large text, in Spanish.

Each variant uses another voter of the demo's state: from the home page to their districts and a friend's status.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo_server import Machine
from tests.design_system.pages import chromium_path

from .journeys import FRIENDS, PageUser, Way, bring_file, find_registration, paste, sign_up, voter

pytestmark = [pytest.mark.browser, pytest.mark.processes]

WAYS = [
    Way("without-scripts", 1, scripts=False),
    Way("keys-alone", 2, width=1280, keys=True),
    Way("keys-alone-no-scripts", 3, keys=True, scripts=False),
    Way("narrow", 4, width=320),
    Way("spanish", 5, locale="es-US", found="dirección que escribió", friend="En el padrón"),
    Way("large-letters", 6, text_px=32),
]


@pytest.fixture(scope="module")
def large_letters(browser: Browser) -> Iterator[Browser]:
    """Return a browser whose reader set the text size to 200 %."""
    args = ["--no-sandbox", "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"]
    started = browser.browser_type.launch(executable_path=chromium_path(), args=args)
    yield started
    started.close()


@pytest.fixture
def user(request: pytest.FixtureRequest, running: Machine, browser: Browser) -> Iterator[PageUser]:
    way: Way = request.param
    used = request.getfixturevalue("large_letters") if way.text_px > 16 else browser
    context = way.context(used, running)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    yield PageUser(page, way)
    context.close()


def heading(page: Page) -> str:
    return page.locator("main h1").text_content() or ""


@pytest.mark.parametrize("user", WAYS, indirect=True, ids=lambda way: way.name)
def test_from_the_home_page_to_a_friends_status(running: Machine, user: PageUser) -> None:
    page, way, who = user.page, user.way, voter(running, user.way.who)
    user.to("/")
    user.fill("main form input[name=q]", f"{who['address']}, {who['city']}, {who['state']} {who['zip']}")
    user.press("main form button.btn")
    expect(page.locator("main")).to_contain_text(who["address"])
    user.fits()

    sign_up(user, f"{way.name}@example.org")
    find_registration(user, who)
    user.until("main h1", way.found, again="main .actions a.btn.second:has(svg)")
    user.fits()
    assert who["voter_id"] not in page.content()

    user.to("/districts/")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".leaflet-container" if way.scripts else ".mapsvg")).to_be_visible()
    user.press("nav.seg a:nth-of-type(2)")
    expect(page.locator("nav.seg a:nth-of-type(2)")).to_have_attribute("aria-current", "true")

    if way.keys:
        paste(user, FRIENDS)
    else:
        bring_file(user, str(running.data / "demo" / "contacts" / "google_new.csv"))
    user.until("main .steps [aria-current]", hands_last_step(way), again="main .actions a.btn.second:has(svg)")
    user.to("/contacts/")
    expect(page.locator(".people-list .st.ok").first).to_contain_text(way.friend)
    user.press(".people-list summary")
    expect(page.locator(".people-list details[open]")).to_be_visible()
    user.fits()

    user.to("/account/")
    user.press("form[action*=logout] button, main a[href*=logout]")
    page.wait_for_url(re.compile(r"/$|logout|login"))


def hands_last_step(way: Way) -> str:
    return "Resultados" if way.locale.startswith("es") else "Results"
