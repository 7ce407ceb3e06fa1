"""The full main journey in a real browser, on the demo's own processes: from the home page to a friend's status."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.demo_server import Machine

from .journeys import PASSWORD, PATIENCE_MS, PLAIN, PageUser, find_registration, person, sign_in, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_from_the_home_page_to_a_friends_status(running: Machine, page: Page) -> None:
    nora = person(running, "member")
    page.goto("/")
    page.fill("main form input[name=q]", f"{nora['address']}, {nora['city']}, {nora['state']} {nora['zip']}")
    page.click("main form button.btn")
    expect(page.locator("main")).to_contain_text("District")
    expect(page.locator("main")).to_contain_text("Coopers Row")

    sign_up(PageUser(page, PLAIN), "nina@example.org")
    find_registration(PageUser(page, PLAIN), nora)
    expect(page.locator("main h1")).to_contain_text("Registered at the address", timeout=PATIENCE_MS)
    expect(page.locator("main")).not_to_contain_text(nora["voter_id"])

    page.goto("/districts/")
    expect(page.locator("main")).to_contain_text("Represents you today")
    expect(page.locator("main")).to_contain_text("You vote in next")
    expect(page.locator(".leaflet-container")).to_be_visible()

    page.goto("/contacts/bring/")
    contacts = running.data / "demo" / "contacts" / "google_new.csv"
    page.set_input_files("input[type=file]", str(contacts))
    page.locator("form:has(input[type=file]) button.btn").click()
    page.get_by_role("button", name=re.compile("Bring in")).click()
    expect(page.locator("main h1")).to_contain_text("are in", timeout=60_000)
    page.goto("/contacts/")
    expect(page.locator("main")).to_contain_text("Registered")
    expect(page.locator("main")).to_contain_text("Not found")


def test_a_second_claim_of_the_same_record_reads_alike_and_notifies_no_one(running: Machine, page: Page) -> None:
    count = "SELECT count(*) FROM notifications_notice WHERE kind != 'new_roll'"
    before = running.count(count)
    sign_up(PageUser(page, PLAIN), "squatter@example.org")
    find_registration(PageUser(page, PLAIN), person(running, "member"))
    expect(page.locator("main h1")).to_contain_text("Registered at the address", timeout=PATIENCE_MS)
    assert running.count(count) == before


@pytest.mark.parametrize("case", ["absent", "confidential"])
def test_a_protected_voter_reads_as_not_found(running: Machine, page: Page, case: str) -> None:
    sign_up(PageUser(page, PLAIN), f"{case}-asker@example.org")
    find_registration(PageUser(page, PLAIN), person(running, case))
    expect(page.locator("main h1")).to_contain_text("Nothing found", timeout=PATIENCE_MS)


def test_staff_see_the_unfinished_feature_with_a_ribbon(running: Machine, page: Page) -> None:
    sign_in(PageUser(page, PLAIN), *running.sign_ins["steward"])
    page.goto("/staff/")
    expect(page.locator("main h1")).to_be_visible()
    answer = page.goto("/components/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("body")).to_contain_text("Preview")


def test_a_download_of_contacts_opens_in_a_spreadsheet(running: Machine, page: Page, tmp_path: Path) -> None:
    sign_in(PageUser(page, PLAIN), "nina@example.org", PASSWORD)
    page.goto("/contacts/")
    with page.expect_download() as waiting:
        page.evaluate("document.querySelector('form[action*=download] button, a[href*=download]').click()")
    target = tmp_path / "contacts.csv"
    waiting.value.save_as(target)
    assert target.read_bytes().startswith("\ufeff".encode())
