"""Visit the pages a reader can reach, one page a route, and check each in every variant."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, sync_playwright

# (width, scheme, rules): each page in full on a phone in light mode; its colors again, wide and dark. The tests stop
# there: every variant of every page is in `make screenshots`.
ALL: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = {**ALL, "runOnly": ["color-contrast"]}
GUISES = [(390, "light", ALL), (1280, "dark", COLOURS)]
AXE = Axe()
# Otherwise axe would measure a color during its transition.
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    .then(() => Promise.allSettled(document.getAnimations().map(each => each.finished)))
    .then(() => true)"""
MAY_OPEN = tomllib.loads((Path(__file__).parents[1] / "contracts" / "urls.toml").read_text())
# Routes that the visit must not follow: they sign out, send files, or leave the page only briefly.
CLOSED = {"account_logout", "mfa_download_recovery_codes", "account_confirm_email"}


def chromium_path() -> str:
    """Return the path of this machine's Chromium."""
    return shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start this machine's Chromium; the tests that need it fail with the name of what is missing."""
    # Playwright's loop runs in this thread; Django's guard against async code does not apply.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Walk:
    """A visit from some first pages along every link; `found` has the problems, `seen` the visited routes."""

    page: Page
    origin: str
    # Routes that another user's visit checks: rows of the access control table.
    passed: frozenset[str] = frozenset()
    guises: list[tuple[int, str, dict[str, Any]]] = field(default_factory=lambda: list(GUISES))
    found: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def from_pages(self, *paths: str) -> "Walk":
        """Check these pages and one page of every route they link to."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.found.append(f"{self.page.url}: {error}"))
        waiting = list(paths)
        while waiting:
            path = waiting.pop(0)
            route = self._route(path)
            if route and route not in self.seen and (path in paths or route not in self.passed):
                self.seen[route] = path
                waiting += self._look(path)
        return self

    def look_here(self, name: str) -> None:
        """Check the open page, such as the response to a form."""
        for width, scheme, rules in self.guises:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.evaluate(SETTLED)
            self.found += [f"{name} {width} {scheme}: {each}" for each in findings(self.page, rules)]
        self.page.set_viewport_size({"width": 320, "height": 900})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            self.found.append(f"{name}: {wide} px wide at 320")
        if self.page.locator("h1").count() != 1:
            self.found.append(f"{name}: not one h1")

    def _look(self, path: str) -> list[str]:
        response = self.page.goto(self.origin + path, wait_until="load")
        if response is None or response.status != 200:
            self.found.append(f"{path}: answered {response and response.status}")
            return []
        self.look_here(path)
        links: list[str] = self.page.evaluate("[...document.links].map(link => link.href)")
        return [urlsplit(link).path for link in links if link.startswith(self.origin)]

    def _route(self, path: str) -> str:
        try:
            name = resolve(path).view_name
        except Resolver404:
            self.found.append(f"{path}: linked, and not there")
            return ""
        return "" if name in CLOSED or not name else name

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.found.append(f"{self.page.url}: {message.text} {message.location.get('url', '')}")


def findings(page: Page, rules: dict[str, Any]) -> list[str]:
    """Return axe's findings on the open page."""
    violations = _violations(page, rules)
    if violations:
        # Chromium repaints for a new color scheme in several steps: a real problem persists.
        page.evaluate(SETTLED)
        violations = _violations(page, rules)
    return [f"{each['id']} at {each['nodes'][0]['html'][:120]}" for each in violations]


def _violations(page: Page, rules: dict[str, Any]) -> list[dict[str, Any]]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    # Only violations are transferred to Python: the full result is a megabyte a page.
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(rules).then(answer => answer.violations)", rules)
    return found
