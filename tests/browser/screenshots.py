"""`make screenshots`: every page at 390 and 1280 px, light and dark, in English and Spanish, on the demo's processes.

Writes screenshots/<page>-<width>-<scheme>-<language>.png; docs/pictures/ takes the few that README and docs show.
"""

import os
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")

import django

django.setup()

from playwright.sync_api import Browser, BrowserContext, Page, expect  # noqa: E402

from tests.browser.ways import PASSWORD, PLAIN, Hands, bring_file, find_registration, person, sign_in, sign_up  # noqa: E402
from tests.look.pages import chromium  # noqa: E402
from tests.machine import Machine  # noqa: E402

OUT = Path("screenshots")
DOCS = Path("docs/pictures")
FOR_DOCS = {"home-1280-light-en", "districts-1280-light-en", "contacts-390-light-en", "result-390-light-en"}
WIDTHS, SCHEMES, LANGUAGES = (390, 1280), ("light", "dark"), ("en", "es")
MAIL = "nina@example.org"
PUBLIC = {"home": "/", "signup": "/account/signup/", "login": "/account/login/", "help": "/help/",
          "privacy": "/privacy/", "terms": "/terms/", "accessibility": "/accessibility/",
          "sources": "/sources/", "not-found": "/nowhere/"}  # fmt: skip
MEMBER = {"result": "/registration/", "find": "/registration/find/", "districts": "/districts/",
          "contacts": "/contacts/", "bring": "/contacts/bring/", "imports": "/contacts/imports/",
          "inbox": "/inbox/", "account": "/account/"}  # fmt: skip
STAFF = {"staff": "/staff/", "ask": "/ask/", "components": "/components/", "rolls": "/staff/rolls/",
         "people": "/staff/people/", "flags": "/staff/flags/", "work": "/staff/work/",
         "audit": "/staff/audit/"}  # fmt: skip


def prepare(machine: Machine, browser: Browser) -> None:
    """Be a member who found their registration and brought 212 people."""
    page = browser.new_page(base_url=machine.url)
    hands = Hands(page, PLAIN)
    sign_up(hands, MAIL)
    find_registration(hands, person(machine, "member"))
    expect(page.locator("main h1")).to_contain_text("on the roll", timeout=20_000)
    bring_file(hands, str(machine.data / "demo" / "contacts" / "google_new.csv"))
    expect(page.locator("main h1")).to_contain_text("are in", timeout=60_000)
    page.close()


def context_of(browser: Browser, machine: Machine, width: int, scheme: str, language: str) -> BrowserContext:
    """Return a browser of one guise."""
    height = 844 if width < 800 else 800
    return browser.new_context(
        base_url=machine.url,
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale=f"{language}-US",
    )


def shoot(page: Page, pages: dict[str, str], guise: str) -> None:
    """Take a picture of each page."""
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        target = OUT / f"{name}-{guise}.png"
        page.screenshot(path=target, full_page=True)
        if target.stem in FOR_DOCS:
            shutil.copy(target, DOCS / f"{target.stem.removesuffix('-en')}.png")


def main() -> int:
    """Take every picture."""
    OUT.mkdir(exist_ok=True)
    machine = Machine(Path(tempfile.mkdtemp(prefix="votekin-pictures-")))
    demo = machine.demo()
    who = {None: PUBLIC, (MAIL, PASSWORD): MEMBER, machine.sign_ins["owner"]: STAFF}
    try:
        with chromium() as browser:
            prepare(machine, browser)
            for width, scheme, language in product(WIDTHS, SCHEMES, LANGUAGES):
                for credentials, pages in who.items():
                    context = context_of(browser, machine, width, scheme, language)
                    page = context.new_page()
                    if credentials:
                        sign_in(Hands(page, PLAIN), *credentials)
                    shoot(page, pages, f"{width}-{scheme}-{language}")
                    context.close()
    finally:
        machine.stop(demo)
        machine.close()
        shutil.rmtree(machine.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
