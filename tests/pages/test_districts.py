"""My districts: a signed-in member's place on any day, and the way to say that it is wrong."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.cases import services as cases
from apps.cases.models import Case
from apps.districts.lookup import today
from apps.notifications.models import Notice
from apps.pages import registration_context
from apps.pages.registration_context import RegisteredPlace

from .conftest import HOME, STATE
from .test_who import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("halden")]
PAGE = "/districts/"


@pytest.fixture
def browser(member: Any, client_of: Callable[[Any], Client]) -> Client:
    return client_of(member)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the member be registered at home, in a county that the lines would not say."""
    place = RegisteredPlace(HOME, {"county": f"{STATE}/county:lorne"}, today(), "halden.csv")
    monkeypatch.setattr(registration_context, "registered_place", lambda _member: place)


def words_of(browser: Client, query: str = "") -> str:
    return text_of(browser.get(PAGE + query).content.decode())


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert reverse("account_login") in response.headers["Location"]


def test_without_a_registration_it_asks_for_an_address(browser: Client) -> None:
    assert "Type your street address." in words_of(browser)


def test_a_typed_address_is_answered_and_not_kept(browser: Client) -> None:
    words = text_of(browser.post(PAGE, {"q": HOME}).content.decode())
    assert "418 Coopers Row, Port Ansel, 00417, as you typed it" in words
    assert "Imogen Tarrow" in words
    assert "Type your street address." in words_of(browser)


@pytest.mark.usefixtures("registered")
def test_a_registered_member_needs_to_type_nothing(browser: Client) -> None:
    words = words_of(browser)
    assert "from your registration" in words
    assert "This is not an official site" in words


@pytest.mark.usefixtures("registered")
def test_the_registration_beats_the_lines_for_its_member(browser: Client) -> None:
    words = words_of(browser)
    assert "Lorne County" in words
    assert "Isel County" not in words.partition("On the map")[0]
    assert "Your registration lists it, on the roll of" in words


@pytest.mark.usefixtures("registered")
def test_another_day_has_other_lines(browser: Client) -> None:
    day = today() + timedelta(days=90)
    words = words_of(browser, f"?on={day.isoformat()}")
    assert "cd_next.geojson (2025)" in words
    assert "Your registration lists it" not in words
    assert "You vote in next" not in words


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("typed", ["tomorrow", "2026-13-45", "0", "9999999-01-01"])
def test_a_day_that_cannot_be_read_says_how(browser: Client, typed: str) -> None:
    words = words_of(browser, f"?on={typed}")
    assert "Type the date like 2026-11-03." in words
    assert "Imogen Tarrow" in words


def test_wrong_opens_one_case_without_an_address(browser: Client, member: Any) -> None:
    for _again in range(2):
        response = browser.post("/districts/wrong/", {"division": f"{STATE}/cd:2"}, follow=True)
        assert "A person will look at it." in text_of(response.content.decode())
    case = Case.objects.get()
    assert (case.kind, case.member) == ("district_wrong", member)
    assert case.facts["division"] == f"{STATE}/cd:2"
    assert "Coopers" not in str(case.facts)


@pytest.mark.parametrize("answer", ["right", "fixed"])
def test_the_answer_reaches_the_member(browser: Client, member: Any, steward: Any, answer: str) -> None:
    browser.post("/districts/wrong/", {"division": f"{STATE}/cd:2"})
    case = cases.take(Case.objects.get(), steward)
    cases.close(case, steward, answer)
    assert Notice.objects.get(member=member).kind == f"district_{answer}"


def test_wrong_takes_known_divisions_only(browser: Client) -> None:
    assert browser.post("/districts/wrong/", {"division": "nowhere"}).status_code == 404
    assert browser.get("/districts/wrong/").status_code == 405
    assert not Case.objects.exists()


@pytest.mark.usefixtures("registered")
def test_the_map_changes_its_layer_without_a_script(browser: Client) -> None:
    def layer_shown(query: str) -> str:
        page = browser.get(PAGE + query).content.decode()
        assert "data-needs-script" not in page
        return re.findall(r'data-layer="(\w+)" aria-current="true"', page)[0]

    first = layer_shown("")
    assert layer_shown("?map=county") == "county" != first
    assert layer_shown("?map=nothing") == first
    assert 'href="?on=2030-01-01&amp;map=county#map"' in browser.get(f"{PAGE}?on=2030-01-01").content.decode()
    assert "data-needs-script" in browser.post(PAGE, {"q": HOME}).content.decode()
