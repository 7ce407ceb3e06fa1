"""A steward's week with the rolls in a real browser: refresh, accept, roll back; and a notification.

With SCREENSHOTS set to a folder, the tests save the pages there at 390 and 1280 px.
"""

import csv
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.demo_server import Machine, until

from .conftest import DESK, Windows
from .journeys import PATIENCE_MS, PLAIN, PageUser, find_registration, person, sign_in, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LOAD_MS = 60_000
MAIL = "roll-watcher@example.org"
Row = dict[str, str]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Start a separate demo: its rolls change, which other tests do not expect."""
    one = Machine(tmp_path_factory.mktemp("rolls"))
    demo = one.prepare().demo()
    yield one
    one.stop(demo)
    one.close()


@pytest.fixture
def window(windows: Windows) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a window for a new visitor."""
    with ExitStack() as all_of_them:
        yield lambda: all_of_them.enter_context(windows(DESK))


def picture(page: Page, name: str) -> None:
    """Save the page at both widths if screenshots are requested."""
    if folder := os.environ.get("SCREENSHOTS"):
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def put(machine: Machine, change: Callable[[Row], Row | None]) -> None:
    """Write next month's roll to the folder of its source, changed row by row."""
    target = machine.data / "incoming" / "generic" / "roll.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    source = machine.data / "demo" / "roll" / "generic_next.csv"
    with source.open(encoding="utf-8", newline="") as file, draft.open("w", encoding="utf-8", newline="") as out:
        reader = csv.DictReader(file)
        writer = csv.DictWriter(out, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(row for row in map(change, reader) if row)
    shutil.move(draft, target)


def refresh(page: Page, outcome: str) -> None:
    """Press the button and wait for the result."""
    page.goto("/staff/rolls/")
    page.get_by_role("button", name="Refresh now").click()
    expect(page.locator("[hx-get] li").first).to_contain_text(outcome, timeout=LOAD_MS)


def test_a_stewards_week_with_the_rolls(running: Machine, window: Callable[[], Page]) -> None:
    nora = person(running, "member")
    member = window()
    sign_up(PageUser(member, PLAIN), MAIL)
    find_registration(PageUser(member, PLAIN), nora)
    expect(member.locator("main h1")).to_contain_text("Registered at the address", timeout=PATIENCE_MS)

    def inactive(row: Row) -> Row:
        return row | {"status": "inactive"} if row["voter_id"] == nora["voter_id"] else row

    put(running, inactive)
    steward = window()
    sign_in(PageUser(steward, PLAIN), *running.sign_ins["steward"])
    steward.goto("/staff/rolls/")
    steward.get_by_role("button", name="Refresh now").click()
    expect(steward.locator("body")).to_contain_text("The permitted use of generic is not accepted yet")
    steward.goto("/staff/rolls/sources/")
    picture(steward, "sources")
    steward.locator("section", has_text="Any file with our own column names").get_by_role("button").click()
    expect(steward.locator("body")).to_contain_text("Accepted")
    refresh(steward, "voters are live")
    picture(steward, "rolls")

    member.goto("/inbox/")
    found = until(lambda: "A new roll is here: check again" in (member.reload(), member.content())[1], 60)
    assert found, "the notice never came"
    linked = running.count("SELECT count(*) FROM verification_claim WHERE state IN ('claimed', 'confirmed')")
    notified = "SELECT number FROM verification_rollchangecount WHERE kind = 'notified'"
    assert until(lambda: running.count(notified) == linked, 60), "somebody was not notified"

    put(running, lambda row: None if row["county"] < "F" else inactive(row))
    refresh(steward, "counties are missing")
    steward.goto("/staff/rolls/")
    picture(steward, "waiting")
    steward.get_by_role("link", name=re.compile("Look at it, and accept it")).click()
    expect(steward.locator("main")).to_contain_text("More than a roll may change by itself")
    picture(steward, "roll")
    steward.fill("input[name=reason]", "Ticket 12")
    steward.get_by_role("button", name=re.compile("Accept it")).click()
    expect(steward.locator("body")).to_contain_text("This roll answers from now on.")
    steward.get_by_text("This roll is wrong: go back to the one before").click()
    picture(steward, "back")
    steward.fill("input[name=reason]", "Ticket 13")
    steward.get_by_role("button", name="Go back").click()
    expect(steward.locator("body")).to_contain_text("The roll before answers again.")
    live = "SELECT count(*) FROM voters_liveroll JOIN voters_snapshot s ON s.id = snapshot_id WHERE s.accepted = ''"
    assert running.count(live) == 1
    stranger = window()
    stranger.goto("/registration/do-not-find-me/")
    picture(stranger, "hide")
