"""The main job, done by one person in one way: with a mouse or with keys alone, with scripts or without."""

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
# A friend whom the demo's roll knows, one whom it does not.
FRIENDS = "Nora Paz, Port Ansel, 00471\nWim Castellane, Port Ansel"
AT_FOCUS = "element => element === document.activeElement"
SEEN_FOCUS = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }"""


def person(machine: Machine, case: str) -> dict[str, str]:
    """Return what a visitor types for one of the demo's people."""
    with (machine.data / "demo" / "demo" / "people.csv").open(encoding="utf-8") as handle:
        return next(row for row in csv.DictReader(handle) if row["case"] == case)


def voter(machine: Machine, number: int) -> dict[str, str]:
    """Return what one of the active voters of a town types: every way of a test has its own."""
    with (machine.data / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as handle:
        town = (row for row in csv.DictReader(handle) if row["city"] == "Port Ansel" and row["status"] == "active")
        return next(islice((row for row in town if len(row["dob"]) == 10), 10 * number, None))


def friends(machine: Machine, count: int, path: Path) -> None:
    """Write a contact file of so many voters of the demo's roll, from all over the state."""
    with (machine.data / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["status"] == "active"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["First name", "Last name", "Street", "City", "ZIP code"])
        for row in rows[:: max(1, len(rows) // count)][:count]:
            writer.writerow(row[name] for name in ("first_name", "last_name", "address", "city", "zip"))


@dataclass(frozen=True)
class Way:
    """How somebody uses the site, and which voter they are."""

    name: str
    who: int
    width: int = 390
    locale: str = "en-US"
    scripts: bool = True
    keys: bool = False
    text_px: int = 16
    # A title of each language, for what a step must say.
    found: str = "Registered at the address"
    friend: str = "Registered"

    def context(self, browser: Browser, machine: Machine) -> BrowserContext:
        """Return a new browser of this person."""
        made = browser.new_context(
            base_url=machine.url,
            viewport={"width": self.width, "height": 844},
            locale=self.locale,
            java_script_enabled=self.scripts,
        )
        made.set_default_timeout(PATIENCE_MS)
        return made


PLAIN = Way("plain", 0, width=1280)


class Hands:
    """What a person does on a page. With `keys` nothing is clicked: Tab finds it, and the focus is always seen."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page, self.way = page, way

    def to(self, path: str) -> None:
        """Open a page, and see that it fits."""
        self.page.goto(path)
        self.fits()

    def fits(self) -> None:
        """Nothing scrolls sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.way.width, f"{self.page.url} is {wide} px wide at {self.way.width}"

    def fill(self, selector: str, text: str) -> None:
        """Type into a field."""
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
        """Tick a box."""
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
        """Wait for an answer: by itself with scripts, by pressing Refresh without."""
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


def sign_up(hands: Hands, mail: str) -> None:
    """Sign up, take the link out of the demo's mail, confirm, and be signed in."""
    page = hands.page
    hands.to("/account/signup/")
    hands.fill("input[name=email]", mail)
    hands.fill("input[name=password1]", PASSWORD)
    hands.tick("input[type=checkbox][name=consent], input[type=checkbox][required]")
    hands.press("main form button.btn")
    page.wait_for_url(re.compile("confirm"))
    link = _mailed(page, mail)
    hands.to(link)
    hands.press("main form button.btn")
    page.wait_for_url(lambda url: "confirm" not in url)
    if "login" in page.url:
        sign_in(hands, mail, PASSWORD)


def _mailed(page: Page, mail: str) -> str:
    for _ in range(LOOKS):
        page.goto("/demo/inbox/")
        found = re.findall(r"/account/confirm-email/[^/\s\"<]+/", page.content())
        if found and mail in page.content():
            return str(found[0])
        page.wait_for_timeout(100)
    raise AssertionError("the confirmation email never came")


def sign_in(hands: Hands, mail: str, password: str) -> None:
    """Sign in."""
    hands.to("/account/login/")
    hands.fill("input[name=login]", mail)
    hands.fill("input[name=password]", password)
    hands.press("main form button.btn")
    hands.page.wait_for_url(lambda url: "login" not in url)


def find_registration(hands: Hands, who: dict[str, str]) -> None:
    """Answer what is asked, on one page or one question after the other, and send it."""
    parts = zip(("year", "month", "day"), who["dob"].split("-"), strict=False)
    answers = {name: who.get(name, "") for name in ("first_name", "last_name", "address", "city", "zip")}
    answers |= {f"dob_{part}": str(int(value)) for part, value in parts if value}
    hands.to("/registration/find/")
    while "/find/" in hands.page.url:
        for name, answer in answers.items():
            if answer and hands.page.locator(f"main input[name={name}]:visible").count():
                hands.fill(f"main input[name={name}]", answer)
        asked = hands.page.url
        hands.press("main form button.btn:visible")
        hands.page.wait_for_url(lambda url, asked=asked: url != asked)  # type: ignore[misc]
        hands.fits()


def bring_file(hands: Hands, path: str) -> None:
    """Bring a file of contacts, and say yes to the preview."""
    hands.to("/contacts/bring/")
    hands.page.set_input_files("input[type=file]", path)
    hands.press("form:has(input[type=file]) button.btn")
    _bring_in(hands)


def paste(hands: Hands, text: str) -> None:
    """Paste a list, the equal way of whoever has no file at hand."""
    hands.to("/contacts/bring/")
    hands.press("main a[href*=paste]")
    hands.page.wait_for_url(re.compile("paste"))
    hands.fill("main textarea", text)
    hands.press("main form button.btn")
    _bring_in(hands)


def _bring_in(hands: Hands) -> None:
    hands.page.wait_for_url(re.compile("imports"))
    hands.fits()
    hands.press("form[action*=confirm] button.btn")
