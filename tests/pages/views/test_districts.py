"""Pages of a member's districts, of one division and of the sources."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.cases.models import Case
from apps.districts.lookup import today
from apps.pages import registration_context
from apps.pages.registration_context import RegisteredPlace
from tests.pages.conftest import HOME, STATE
from tests.pages.helpers import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("halden")]


PAGE = "/districts/"


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the member at home, in a county other than that of the boundaries."""
    place = RegisteredPlace(HOME, {"county": f"{STATE}/county:lorne"}, today(), "halden.csv")
    monkeypatch.setattr(registration_context, "registered_place", lambda _member: place)


def page_text(browser: Client, query: str = "") -> str:
    return text_of(browser.get(PAGE + query).content.decode())


def test_anonymous_readers_are_sent_to_sign_in(client: Client) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert reverse("account_login") in response.headers["Location"]


def test_an_unregistered_member_gets_the_address_form(browser: Client) -> None:
    assert "Type your street address." in page_text(browser)


def test_an_entered_address_is_looked_up_and_not_stored(browser: Client) -> None:
    words = text_of(browser.post(PAGE, {"q": HOME}).content.decode())
    assert "418 Coopers Row, Port Ansel, 00417, as you typed it" in words
    assert "Imogen Tarrow" in words
    assert "Type your street address." in page_text(browser)


@pytest.mark.usefixtures("registered")
def test_a_registered_member_sees_their_districts_at_once(browser: Client) -> None:
    words = page_text(browser)
    assert "from your registration" in words
    assert "This is not an official site" in words


@pytest.mark.usefixtures("registered")
def test_divisions_of_the_roll_override_boundaries(browser: Client) -> None:
    words = page_text(browser)
    assert "Lorne County" in words
    assert "Isel County" not in words.partition("On the map")[0]
    assert "Your registration lists it, on the roll of" in words


@pytest.mark.usefixtures("registered")
def test_another_day_has_other_districts(browser: Client) -> None:
    day = today() + timedelta(days=90)
    words = page_text(browser, f"?on={day.isoformat()}")
    assert "cd_next.geojson (2025)" in words
    assert "Your registration lists it" not in words
    assert "You vote in next" not in words


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("day", ["tomorrow", "2026-13-45", "0", "9999999-01-01"])
def test_an_invalid_day_is_explained(browser: Client, day: str) -> None:
    words = page_text(browser, f"?on={day}")
    assert "Type the date like 2026-11-03." in words
    assert "Imogen Tarrow" in words


def test_a_report_opens_one_case_without_an_address(browser: Client, member: User) -> None:
    for _again in range(2):
        response = browser.post("/districts/wrong/", {"division": f"{STATE}/cd:2"}, follow=True)
        assert "A person will look at it." in text_of(response.content.decode())
    case = Case.objects.get()
    assert (case.kind, case.member) == ("district_wrong", member)
    assert case.facts["division"] == f"{STATE}/cd:2"
    assert "Coopers" not in str(case.facts)


def test_only_known_divisions_can_be_reported(browser: Client) -> None:
    assert browser.post("/districts/wrong/", {"division": "nowhere"}).status_code == 404
    assert browser.get("/districts/wrong/").status_code == 405
    assert not Case.objects.exists()


@pytest.mark.usefixtures("registered")
def test_the_map_changes_its_layer_without_javascript(browser: Client) -> None:
    def layer_shown(query: str) -> str:
        page = browser.get(PAGE + query).content.decode()
        assert "data-needs-script" not in page
        return re.findall(r'data-layer="(\w+)"\s+data-src="[^"]*" aria-current="true"', page)[0]

    first = layer_shown("")
    assert layer_shown("?map=county") == "county" != first
    assert layer_shown("?map=nothing") == first
    assert 'href="?on=2030-01-01&amp;map=county#map"' in browser.get(f"{PAGE}?on=2030-01-01").content.decode()
    assert "data-needs-script" in browser.post(PAGE, {"q": HOME}).content.decode()


@pytest.mark.usefixtures("halden")
def test_a_division_is_public_and_cacheable(client: Client) -> None:
    response = client.get(reverse("pages:division", args=[f"{STATE}/cd:2".removeprefix("ocd-division/")]))
    words = text_of(response.content.decode())
    assert "Imogen Tarrow" in words
    assert "Lucía Ferran" not in words
    assert "District 1" in words
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in response.headers["Vary"]
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.usefixtures("halden")
def test_pages_of_signed_in_readers_are_not_cached(member: User, client_of: Callable[[User], Client]) -> None:
    response = client_of(member).get(reverse("pages:division", args=["country:us/state:hd/cd:2"]))
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.usefixtures("halden")
@pytest.mark.parametrize("path", ["country:us/state:hd/cd:99", "x", "country:us/../etc"])
def test_an_unknown_division_is_not_found(client: Client, path: str) -> None:
    assert client.get(reverse("pages:division", args=[path])).status_code == 404


@pytest.mark.usefixtures("halden")
def test_sources_list_every_file(client: Client) -> None:
    words = text_of(client.get(reverse("pages:sources")).content.decode())
    for file in ("cd_now.geojson", "cd_next.geojson", "state.geojson", "county.geojson"):
        assert file in words


def test_a_missing_csrf_token_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "nora@example.org"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()
