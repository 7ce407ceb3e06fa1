"""The main journey, performed by one person in one way: with mouse or keyboard, with scripts or without."""

import csv
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.demo_server import Machine

PASSWORD = "quiet-harbor-lantern-77"
PATIENCE_MS = 20_000
LOOKS = 100
# One friend who is on the demo's roll, one who is not.
FRIENDS = "Nora Paz, Port Ansel, 00471\nWim Castellane, Port Ansel"
AT_FOCUS = "element => element === document.activeElement"
SEEN_FOCUS = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }"""


def person(machine: Machine, case: str) -> dict[str, str]:
    """Return what a visitor enters for one of the demo's people."""
    with (machine.data / "demo" / "demo" / "people.csv").open(encoding="utf-8") as handle:
        return next(row for row in csv.DictReader(handle) if row["case"] == case)


def voter(machine: Machine, number: int) -> dict[str, str]:
    """Return what one of the active voters of a town enters: every variant of a test has its own voter."""
    with (machine.data / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as handle:
        town = (row for row in csv.DictReader(handle) if row["city"] == "Port Ansel" and row["status"] == "active")
        return next(islice((row for row in town if len(row["dob"]) == 10), 10 * number, None))


def friends(machine: Machine, count: int, path: Path) -> None:
    """Write a contact file of `count` voters of the demo's roll, from all over the state."""
    with (machine.data / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["status"] == "active"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["First name", "Last name", "Street", "City", "ZIP code"])
        for row in rows[:: max(1, len(rows) // count)][:count]:
            writer.writerow(row[name] for name in ("first_name", "last_name", "address", "city", "zip"))


@dataclass(frozen=True)
class Way:
    """How a person uses the site, and which voter they are."""

    name: str
    who: int
    width: int = 390
    locale: str = "en-US"
    scripts: bool = True
    keys: bool = False
    text_px: int = 16
    # A title in each language, expected at this step.
    found: str = "Registered at the address"
    friend: str = "Registered"

    def context(self, browser: Browser, machine: Machine) -> BrowserContext:
        """Return a new browser context of this person."""
        made = browser.new_context(
            base_url=machine.url,
            viewport={"width": self.width, "height": 844},
            locale=self.locale,
            java_script_enabled=self.scripts,
        )
        made.set_default_timeout(PATIENCE_MS)
        return made


PLAIN = Way("plain", 0, width=1280)


class PageUser:
    """A person's actions on a page. With `keys` nothing is clicked: Tab reaches it, and the focus is always visible."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page, self.way = page, way

    def to(self, path: str) -> None:
        """Open a page and check that it fits."""
        self.page.goto(path)
        self.fits()

    def fits(self) -> None:
        """Check that nothing scrolls sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.way.width, f"{self.page.url} is {wide} px wide at {self.way.width}"

    def fill(self, selector: str, text: str) -> None:
        """Fill in a field."""
        field = self.page.locator(selector).first
        if not self.way.keys:
            field.fill(text)
            return
        self._reach(field)
        self.page.keyboard.press("Control+A")
        if "\n" in text:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.type(text)

    def tick(self, selector: str) -> None:
        """Check a checkbox."""
        box = self.page.locator(selector).first
        if not self.way.keys:
            box.check()
            return
        self._reach(box)
        self.page.keyboard.press("Space")

    def press(self, selector: str) -> None:
        """Press a button or follow a link."""
        target = self.page.locator(selector).first
        if not self.way.keys:
            target.click()
            return
        self._reach(target)
        self.page.keyboard.press("Enter")

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_attached()
        for _ in range(LOOKS):
            if target.evaluate(AT_FOCUS):
                assert self.page.evaluate(SEEN_FOCUS), f"the focus is not seen on {target}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reached {target} on {self.page.url}")

    def until(self, selector: str, text: str, again: str) -> None:
        """Wait for a result: automatic with scripts, by pressing Refresh without."""
        awaited = self.page.locator(selector)
        if self.way.scripts:
            expect(awaited).to_contain_text(text, timeout=PATIENCE_MS)
            return
        for _ in range(LOOKS):
            if text in (awaited.text_content() or ""):
                return
            if self.page.locator(again).count():
                self.press(again)
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{text!r} never came on {self.page.url}")


def sign_up(user: PageUser, mail: str) -> None:
    """Sign up, open the link from the demo inbox, confirm, and be signed in."""
    page = user.page
    user.to("/account/signup/")
    user.fill("input[name=email]", mail)
    user.fill("input[name=password1]", PASSWORD)
    user.tick("input[type=checkbox][name=consent], input[type=checkbox][required]")
    user.press("main form button.btn")
    page.wait_for_url(re.compile("confirm"))
    link = _mailed(page, mail)
    user.to(link)
    user.press("main form button.btn")
    page.wait_for_url(lambda url: "confirm" not in url)
    if "login" in page.url:
        sign_in(user, mail, PASSWORD)


def _mailed(page: Page, mail: str) -> str:
    for _ in range(LOOKS):
        page.goto("/demo/inbox/")
        found = re.findall(r"/account/confirm-email/[^/\s\"<]+/", page.content())
        if found and mail in page.content():
            return str(found[0])
        page.wait_for_timeout(100)
    raise AssertionError("the confirmation email never came")


def sign_in(user: PageUser, mail: str, password: str) -> None:
    """Sign in."""
    user.to("/account/login/")
    user.fill("input[name=login]", mail)
    user.fill("input[name=password]", password)
    user.press("main form button.btn")
    user.page.wait_for_url(lambda url: "login" not in url)


def find_registration(user: PageUser, who: dict[str, str]) -> None:
    """Answer the questions, on one page or one at a time, and submit."""
    parts = zip(("year", "month", "day"), who["dob"].split("-"), strict=False)
    answers = {name: who.get(name, "") for name in ("first_name", "last_name", "address", "city", "zip")}
    answers |= {f"dob_{part}": str(int(value)) for part, value in parts if value}
    user.to("/registration/find/")
    while "/find/" in user.page.url:
        for name, answer in answers.items():
            if answer and user.page.locator(f"main input[name={name}]:visible").count():
                user.fill(f"main input[name={name}]", answer)
        asked = user.page.url
        user.press("main form button.btn:visible")
        user.page.wait_for_url(lambda url, asked=asked: url != asked)  # type: ignore[misc]
        user.fits()


def bring_file(user: PageUser, path: str) -> None:
    """Upload a file of contacts and accept the preview."""
    user.to("/contacts/bring/")
    user.page.set_input_files("input[type=file]", path)
    user.press("form:has(input[type=file]) button.btn")
    _bring_in(user)


def paste(user: PageUser, text: str) -> None:
    """Paste a list, the alternative without a file."""
    user.to("/contacts/bring/")
    user.press("main a[href*=paste]")
    user.page.wait_for_url(re.compile("paste"))
    user.fill("main textarea", text)
    user.press("main form button.btn")
    _bring_in(user)


def _bring_in(user: PageUser) -> None:
    user.page.wait_for_url(re.compile("imports"))
    user.fits()
    user.press("form[action*=confirm] button.btn")
