"""Who represents me: one answer to one POST, of which nothing stays."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from .conftest import HOME, STATE

pytestmark = pytest.mark.django_db


def ask(client: Client, typed: str) -> str:
    response = client.post(reverse("pages:who"), {"q": typed})
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.S))


def test_the_first_page_asks_and_says_what_is_kept(client: Client) -> None:
    response = client.get(reverse("pages:home"))
    assert "We use it for this answer, then forget it." in response.content.decode()
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.usefixtures("halden")
def test_an_address_has_its_districts_and_who_holds_them(client: Client) -> None:
    words = text_of(ask(client, HOME))
    for expected in ("U.S. House", "District 2", "Imogen Tarrow", "All of Halden", "Lucía Ferran", "Isel County"):
        assert expected in words
    assert "Lorne County" not in words
    assert "cd_now.geojson (2021)" in words
    assert "By the address itself, within about 10 metres" in words


@pytest.mark.usefixtures("halden")
def test_both_clocks_show_where_they_differ(client: Client) -> None:
    words = text_of(ask(client, HOME))
    assert "Your seat changes: U.S. House" in words
    assert "District 2 represents you" in words
    assert "You vote in District 1" in words


@pytest.mark.usefixtures("halden")
def test_no_clocks_where_nothing_changes(client: Client) -> None:
    words = text_of(ask(client, "12 Elm St, Lornemouth 00499"))
    assert "Lorne County" in words
    assert "You vote in next" not in words


@pytest.mark.usefixtures("halden")
def test_no_party_anywhere(client: Client) -> None:
    assert "Tide" not in ask(client, HOME)


@pytest.mark.usefixtures("halden")
def test_a_zip_code_shows_every_district_with_its_share(client: Client) -> None:
    words = text_of(ask(client, "00417-1234"))
    assert "A ZIP code can cross district lines" in words
    assert words.count("50 %") == 2
    assert "Isel County" in words


@pytest.mark.usefixtures("halden")
def test_two_streets_of_a_name_are_a_choice_and_none_is_preset(client: Client) -> None:
    html = ask(client, "12 Elm St")
    assert "Which street is it?" in html
    assert html.count('name="q"') == 2
    assert "checked" not in html


@pytest.mark.usefixtures("halden")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type an address or a ZIP code."),
        ("Coopers Row", "Add the house number, like “418 Coopers Row”."),
        ("418 Nowhere Ln 00417", "We did not find that street. Check how it is spelled, or add the ZIP code."),
        ("99999", "We know no address with the ZIP code 99999."),
        ("x" * 300, "That is longer than any address. Type number, street, city and ZIP code."),
    ],
)
def test_what_cannot_be_answered_says_what_to_change(client: Client, typed: str, words: str) -> None:
    html = ask(client, typed)
    assert words in html
    assert 'aria-invalid="true"' in html


@pytest.mark.usefixtures("halden")
def test_what_was_typed_is_kept_in_the_field_after_a_mistake_only(client: Client) -> None:
    assert 'value="Coopers Row"' in ask(client, "Coopers Row")
    assert "418 Coopers Row, Port Ansel" not in re.sub(r"<p class=\"muted\">.*?</p>", "", ask(client, HOME), flags=re.S)


def test_an_empty_installation_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert "no list of addresses yet" in ask(client, HOME)


@pytest.mark.usefixtures("halden")
def test_nothing_is_kept(client: Client, settings: Any) -> None:
    response = client.post(reverse("pages:who"), {"q": HOME})
    assert response.headers["Cache-Control"] == "no-store, private"
    assert not client.session.keys()
    kept = b"".join(
        path.read_bytes() for path in settings.DATA_DIR.rglob("*") if path.is_file() and path.suffix == ".log"
    )
    assert b"418 Coopers" not in kept


def test_the_question_needs_no_token_since_its_answer_is_everybodys_and_nothing_is_kept() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("pages:who"), {"q": HOME})
    assert response.status_code == 200
    assert not response.cookies


def test_opening_the_answer_by_its_address_leads_to_the_question(client: Client) -> None:
    assert client.get(reverse("pages:who")).headers["Location"] == reverse("pages:home")


@pytest.mark.usefixtures("halden")
def test_the_map_has_the_same_divisions_as_the_list(client: Client) -> None:
    html = ask(client, HOME)
    data = json.loads(re.search(r'<script id="map-data"[^>]*>(.*?)</script>', html, re.S)[1])  # type: ignore[index]
    assert list(data) == ["cd", "county"]
    kinds = sorted((each["kind"], each["name"]) for each in data["cd"]["shapes"])
    assert kinds == [("mine", "2"), ("next", "1"), ("other", "1")]
    assert data["cd"]["home"] == [35.5, -49.7]
    assert '<path class="mine" d="M' in html


@pytest.mark.usefixtures("halden")
def test_a_division_is_public_and_may_be_cached(client: Client) -> None:
    response = client.get(reverse("pages:division", args=[f"{STATE}/cd:2".removeprefix("ocd-division/")]))
    words = text_of(response.content.decode())
    assert "Imogen Tarrow" in words
    assert "Lucía Ferran" not in words
    assert "District 1" in words
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in response.headers["Vary"]
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.usefixtures("halden")
def test_a_signed_in_reader_of_a_public_page_is_cached_nowhere(member: Any, client_of: Callable[[Any], Client]) -> None:
    response = client_of(member).get(reverse("pages:division", args=["country:us/state:hd/cd:2"]))
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.usefixtures("halden")
@pytest.mark.parametrize("path", ["country:us/state:hd/cd:99", "x", "country:us/../etc"])
def test_an_unknown_division_is_not_there(client: Client, path: str) -> None:
    assert client.get(reverse("pages:division", args=[path])).status_code == 404


@pytest.mark.usefixtures("halden")
def test_the_sources_name_every_file(client: Client) -> None:
    words = text_of(client.get(reverse("pages:sources")).content.decode())
    for file in ("cd_now.geojson", "cd_next.geojson", "state.geojson", "county.geojson"):
        assert file in words


def test_a_form_without_its_token_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "nora@example.org"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()
