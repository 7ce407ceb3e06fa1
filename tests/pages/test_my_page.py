"""The home page of a signed-in member: own registration, districts, next election, plan, friends, and one next step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.districts.lookup import today
from apps.notifications.services import notify
from apps.officials.models import Election
from apps.outreach.models import Pledge
from apps.outreach.services import plans
from apps.pages import my_page
from apps.verification import services as verification
from apps.verification.query import VoterQuery
from tests.pages.conftest import STATE
from tests.pages.helpers import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("halden")]
Register = Callable[..., None]


def home_text(browser: Client) -> str:
    return text_of(browser.get(reverse("pages:home")).content.decode())


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Return a function that gives every member the registration of one door."""

    def run(address: str = "418 Coopers Row", zip_code: str = "00417", *, registered: bool = True) -> None:
        query = VoterQuery(first_name="Nora", last_name="Paz", address=address, city="Port Ansel", zip=zip_code)
        registration = verification.Registration(
            "HD", "active" if registered else "removed", registered, {}, today(), "roll.csv", False, query
        )
        monkeypatch.setattr(verification, "current_registration", lambda _member: registration)

    return run


def special_election(division: str, name: str) -> Election:
    return Election.objects.create(
        key=name, name=name, kind="special", date=today() + timedelta(days=5), division=f"{STATE}/{division}"
    )


def test_a_new_account_gets_three_first_steps_and_one_next_step(browser: Client) -> None:
    words = home_text(browser)
    assert "First steps" in words
    for step in ("Check your registration", "Bring your contacts", "Ask a friend to vote"):
        assert step in words
    assert "Are you registered to vote?" in words
    assert "My next election" not in words


def test_a_registered_member_sees_status_officials_and_election(browser: Client, register: Register) -> None:
    register()
    words = home_text(browser)
    for expected in (
        *("Registered at the address you typed", "Imogen Tarrow", "U.S. House, District 2", "Lucía Ferran"),
        *("Halden general election", "Election Day", "20 days", "No plan yet"),
    ):
        assert expected in words
    assert "Your districts change: see all of them" in words


def test_the_special_election_of_another_district_is_not_mine(browser: Client, register: Register) -> None:
    special_election("cd:1", "Special election, District 1")
    register()
    assert "Special election" not in home_text(browser)
    special_election("cd:2", "Special election, District 2")
    assert "Special election, District 2" in home_text(browser)


def test_the_next_step_follows_what_is_done(member: User, register: Register) -> None:
    def title() -> str:
        step = my_page.page_of(member).next_step
        return step.title if step else ""

    assert title() == "Are you registered to vote?"
    register(registered=False)
    assert title() == "Your registration needs you"
    register()
    assert title() == "When and how will you vote?"
    plans.save_plan(member=member, election=Election.objects.get(key="general"), method=Pledge.Method.EARLY)
    assert title() == "Who of your friends can vote?"
    Contact.objects.create(owner=member, data="x", expires_at=timezone.now() + timedelta(days=9))
    assert title() == ""


def test_the_plan_and_new_notices_are_shown(browser: Client, member: User, register: Register) -> None:
    register()
    election = Election.objects.get(key="general")
    plans.save_plan(member=member, election=election, method=Pledge.Method.EARLY, place="Town hall")
    notify(member=member, kind="district_right", key="1", facts={"division": f"{STATE}/cd:2"})
    words = home_text(browser)
    assert "Early, in person" in words
    assert "Town hall" in words
    assert "1 new notice" in words


def test_an_address_that_is_not_on_the_map_leaves_the_rest(browser: Client, register: Register) -> None:
    register("1 Nowhere Rd")
    words = home_text(browser)
    assert "My registration" in words
    assert "U.S. House" not in words


def test_a_reader_without_an_account_gets_the_public_page(client: Client) -> None:
    words = home_text(client)
    assert "My page" not in words
    assert "With a free account" in words
