"""Visit every page that a reader can reach, on the demo's own processes, with data in it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.demo_server import Machine
from tests.design_system.pages import chromium

from .journeys import PLAIN, PageUser, bring_file, find_registration, friends, person, sign_in

Act = Callable[[Page], object]
HOME = "418 Coopers Row, Port Ansel, HD 00471"


@dataclass(frozen=True)
class Stop:
    """One page of the tour: its name, its address, and the actions before it is examined."""

    name: str
    path: str
    act: Act | None = None

    def visit(self, page: Page) -> None:
        """Open the page and wait until it is complete."""
        page.goto(self.path)
        if self.act:
            self.act(page)
        page.wait_for_load_state("networkidle")


def _ask(words: str) -> Act:
    def act(page: Page) -> None:
        page.fill("main form input[name=q]", words)
        page.click("main form button.btn")

    return act


def _send(page: Page) -> None:
    page.click("main form button.btn:visible")
    page.wait_for_load_state("load")


def _open_first(page: Page) -> None:
    page.locator("main .rows.people summary").first.click()


def _mistype_born(page: Page) -> None:
    _answer_name(page)
    page.fill("main input[name=dob_year]", "84")
    _send(page)


def _answer_name(page: Page) -> None:
    page.fill("main input[name=first_name]", "Nora")
    page.fill("main input[name=last_name]", "Paz")
    page.click("main form button.btn")
    page.wait_for_url("**/birth-date/")


PUBLIC = [
    *(Stop("home", "/"), Stop("who", "/", _ask(HOME)), Stop("who-zip", "/", _ask("00417"))),
    *(Stop("who-choices", "/", _ask("12 Elm St")), Stop("who-mistake", "/", _ask("Nowhere at all"))),
    *(Stop("signup", "/account/signup/"), Stop("signup-mistake", "/account/signup/", _send)),
    *(Stop("login", "/account/login/"), Stop("password-reset", "/account/password/reset/")),
    *(Stop("help", "/help/"), Stop("privacy", "/privacy/"), Stop("terms", "/terms/"), Stop("sources", "/sources/")),
    *(Stop("accessibility", "/accessibility/"), Stop("division", "/divisions/country:us/state:hd/cd:4/")),
    *(Stop("take-me-off", "/contacts/take-me-off/"), Stop("not-found", "/nowhere/"), Stop("mail", "/demo/inbox/")),
    *(Stop("do-not-find-me", "/registration/do-not-find-me/"), Stop("search", "/search/")),
]
MEMBER = [
    *(Stop("my-page", "/"), Stop("result", "/registration/"), Stop("find", "/registration/find/")),
    Stop("find-born", "/registration/find/name/", _answer_name),
    *(Stop("find-mistake", "/registration/find/name/", _mistype_born), Stop("districts", "/districts/")),
    *(Stop("districts-on", "/districts/?on=2027-02-01"), Stop("contacts", "/contacts/")),
    *(Stop("contacts-open", "/contacts/", _open_first), Stop("contacts-empty", "/contacts/?status=no_roll")),
    *(Stop("bring", "/contacts/bring/"), Stop("paste", "/contacts/bring/paste/"), Stop("one", "/contacts/bring/one/")),
    *(Stop("imports", "/contacts/imports/"), Stop("erase", "/contacts/erase/"), Stop("inbox", "/inbox/")),
    *(Stop("account", "/account/"), Stop("account-email", "/account/email/"), Stop("delete", "/account/delete/")),
    *(Stop("where", "/contacts/where/"), Stop("ask", "/ask/"), Stop("activity", "/activity/")),
    *(Stop("password", "/account/password/change/"), Stop("sessions", "/account/sessions/")),
    *(Stop("second-step", "/account/2fa/"), Stop("sign-out", "/account/logout/")),
]
STAFF = [
    *(Stop("staff", "/staff/"), Stop("rolls", "/staff/rolls/"), Stop("people", "/staff/people/")),
    *(Stop("members", "/staff/members/"), Stop("work", "/staff/work/"), Stop("flags", "/staff/flags/")),
    *(Stop("flag", "/staff/flags/components/"), Stop("audit", "/staff/audit/"), Stop("campaigns", "/ask/staff/")),
    *(Stop("campaign-new", "/ask/staff/new/"), Stop("elections", "/staff/elections/")),
    *(Stop("election-new", "/staff/elections/new/"), Stop("roll-sources", "/staff/rolls/sources/")),
    *(Stop("corrections", "/staff/corrections/"), Stop("lists", "/staff/lists/")),
    *(Stop("components", "/components/"), Stop("letters", "/registration/letters/")),
]


@dataclass
class Tour:
    """A demo with a member who found their registration and imported 212 contacts, and the pages to visit."""

    machine: Machine
    browser: Browser
    stops: dict[str, list[Stop]] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)

    def prepare(self) -> None:
        """Sign everyone in once, and perform the actions that fill the pages."""
        self.stops = {"public": list(PUBLIC), "member": list(MEMBER), "owner": list(STAFF)}
        self._found()
        self._not_found()
        self._second_claim()
        self._friends("few", 10)
        self._friends("many", 500)
        self._owner()

    def context(self, who: str, *, width: int, scheme: str = "light", language: str = "en") -> BrowserContext:
        """Return a browser context of one variant, signed in as one of the people."""
        return self.browser.new_context(
            base_url=self.machine.url,
            viewport={"width": width, "height": 844 if width < 800 else 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=f"{language}-US",
            storage_state=self.states.get(who),
            reduced_motion="reduce",
        )

    @contextmanager
    def _as(self, who: str, mail: str, password: str = "") -> Iterator[PageUser]:
        context = self.context(who, width=1280)
        user = PageUser(context.new_page(), PLAIN)
        sign_in(user, mail, password or self.machine.run("add_member", mail))
        yield user
        state = context.storage_state()
        # The language is stored in a cookie: each variant requests its language by the browser's header.
        state["cookies"] = [each for each in state["cookies"] if each.get("name") != "django_language"]
        self.states[who] = state
        context.close()

    def _found(self) -> None:
        with self._as("member", "nina@example.org") as user:
            find_registration(user, person(self.machine, "member"))
            expect(user.page.locator("main h1")).to_contain_text("Registered at the address", timeout=20_000)
            bring_file(user, str(self.machine.data / "demo" / "contacts" / "google_new.csv"))
            expect(user.page.locator("main h1")).to_contain_text("are in", timeout=60_000)
            self._add("member", "import", user.page.url)
            user.page.goto("/contacts/")
            self._link("member", "contact", user.page, ".people-list a.btn")
            user.page.goto("/contacts/bring/")
            broken = str(self.machine.data / "demo" / "contacts" / "broken.csv")
            user.page.set_input_files("input[type=file]", broken)
            user.press("form:has(input[type=file]) button.btn")
            user.page.wait_for_url(re.compile("imports"))
            self._add("member", "preview", user.page.url)
            self._asked(user)

    def _asked(self, user: PageUser) -> None:
        """Pick three friends for the demo's ask, and record that the first was asked."""
        user.to("/ask/")
        self._link("member", "plan", user.page, "main a[href*=plan]")
        user.press("main section.slip a.btn")
        self._add("member", "ask-choose", user.page.url)
        for number in range(3):
            user.page.locator("main input[name=friend]").nth(number).check()
        user.press("main .decide button.btn")
        self._add("member", "ask-friends", user.page.url)
        user.press("main form[action*=sent] button.btn.second")

    def _friends(self, who: str, count: int) -> None:
        """Import contacts from the demo's roll for a member."""
        with self._as(who, f"{who}@example.org") as user, TemporaryDirectory() as folder:
            path = Path(folder) / "friends.csv"
            friends(self.machine, count, path)
            bring_file(user, str(path))
            expect(user.page.locator("main h1")).to_contain_text("are in", timeout=60_000)
            self.stops[who] = [Stop(f"contacts-{who}", "/contacts/"), Stop(f"where-{who}", "/contacts/where/")]

    def _not_found(self) -> None:
        with self._as("absent", "wim@example.org") as user:
            find_registration(user, {"zip": "00471", **person(self.machine, "absent")})
            expect(user.page.locator("main h1")).to_contain_text("Nothing found", timeout=20_000)
            self.stops["absent"] = [Stop("districts-ask", "/districts/"), Stop("contacts-none", "/contacts/")]
            self.stops["absent"] += [Stop("inbox-none", "/inbox/")]
            self._add("absent", "result-none", user.page.url)

    def _second_claim(self) -> None:
        with self._as("second", "squatter@example.org") as user:
            find_registration(user, person(self.machine, "member"))
            expect(user.page.locator("main h1")).to_contain_text("Registered at the address", timeout=20_000)
            self.stops["second"] = [Stop("result-second", "/registration/")]

    def _owner(self) -> None:
        with self._as("owner", *self.machine.sign_ins["owner"]) as user:
            user.to("/ask/staff/")
            self._link("owner", "campaign", user.page, "main a[href^='/ask/staff/']:not([href$='new/'])")
            user.to(self.stops["owner"][-1].path)
            self._link("owner", "ask-edit", user.page, "main a[href*='/asks/']:not([href$='new/'])")
            self._link("public", "campaign-public", user.page, "main a[href*='/about/']")
            # 25 voters of one search are half of a day's limit, which opens a case for owners.
            user.to("/staff/people/")
            user.fill("main input[name=reason]", "A tour of the pages")
            user.fill("main input[name=last_name]", "Ma")
            user.press("main form button.btn")
            user.to("/staff/")
            self._link("owner", "queue", user.page, "main td a[href*=staff_search], main th a[href*=staff_search]")
            user.page.goto("/staff/cases/staff_search/")
            user.page.locator("main form[action*=start] button").click()
            user.page.wait_for_url(re.compile(r"staff_search/\d+"))
            self._add("owner", "case", user.page.url)

    def _add(self, who: str, name: str, url: str) -> None:
        self.stops[who].append(Stop(name, url.removeprefix(self.machine.url)))

    def _link(self, who: str, name: str, page: Page, selector: str) -> None:
        self.stops[who].append(Stop(name, page.locator(selector).first.get_attribute("href") or ""))


@contextmanager
def tour() -> Iterator[Tour]:
    """Start a demo in a scratch folder, and fill it with data."""
    with TemporaryDirectory(prefix="votekin-tour-") as folder:
        machine = Machine(Path(folder))
        demo = machine.demo()
        try:
            with chromium() as browser:
                made = Tour(machine, browser)
                made.prepare()
                yield made
        finally:
            machine.stop(demo)
            machine.close()
