"""Who represents me: the answer to an address or ZIP code."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages.conftest import HOME
from tests.pages.helpers import find_representatives, text_of

pytestmark = pytest.mark.django_db


def test_the_home_page_has_a_form_and_a_privacy_note(client: Client) -> None:
    response = client.get(reverse("pages:home"))
    assert "We use it for this answer, then forget it." in response.content.decode()
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.usefixtures("halden")
def test_an_address_shows_districts_and_representatives(client: Client) -> None:
    words = text_of(find_representatives(client, HOME))
    for expected in ("U.S. House", "District 2", "Imogen Tarrow", "All of Halden", "Lucía Ferran", "Isel County"):
        assert expected in words
    assert "Lorne County" not in words
    assert "cd_now.geojson (2021)" in words
    assert "By the address itself, within about 30 feet" in words


@pytest.mark.usefixtures("halden")
def test_a_changing_seat_shows_both_districts(client: Client) -> None:
    words = text_of(find_representatives(client, HOME))
    assert "Your seat changes: U.S. House" in words
    assert "District 2 represents you" in words
    assert "You vote in District 1" in words


@pytest.mark.usefixtures("halden")
def test_an_unchanged_seat_shows_one_district(client: Client) -> None:
    words = text_of(find_representatives(client, "12 Elm St, Lornemouth 00499"))
    assert "Lorne County" in words
    assert "You vote in next" not in words


@pytest.mark.usefixtures("halden")
def test_no_party_is_shown(client: Client) -> None:
    assert "Tide" not in find_representatives(client, HOME)


@pytest.mark.usefixtures("halden")
def test_a_zip_code_shows_shares_of_districts(client: Client) -> None:
    words = text_of(find_representatives(client, "00417-1234"))
    assert "A ZIP code can cross district lines" in words
    assert words.count("50%") == 2
    assert "Isel County" in words


@pytest.mark.usefixtures("halden")
def test_ambiguous_streets_are_offered_without_a_default(client: Client) -> None:
    html = find_representatives(client, "12 Elm St")
    assert "Which street is it?" in html
    assert html.count('name="q"') == 2
    assert "checked" not in html


@pytest.mark.usefixtures("halden")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Type an address or a ZIP code."),
        ("Coopers Row", "Add the house number, like “418 Coopers Row”."),
        ("418 Nowhere Ln 00417", "We did not find that street. Check how it is spelled, or add the ZIP code."),
        ("99999", "We know no address with the ZIP code 99999."),
        ("x" * 300, "That is longer than any address. Type number, street, city and ZIP code."),
    ],
)
def test_unknown_addresses_are_explained(client: Client, query: str, words: str) -> None:
    html = find_representatives(client, query)
    assert words in html
    assert 'aria-invalid="true"' in html


@pytest.mark.usefixtures("halden")
def test_input_is_repeated_only_after_an_error(client: Client) -> None:
    assert 'value="Coopers Row"' in find_representatives(client, "Coopers Row")
    assert "418 Coopers Row, Port Ansel" not in re.sub(
        r"<p class=\"muted\">.*?</p>", "", find_representatives(client, HOME), flags=re.S
    )


def test_an_installation_without_addresses_is_explained(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert "no list of addresses yet" in find_representatives(client, HOME)


@pytest.mark.usefixtures("halden")
def test_no_address_is_stored(client: Client, settings: Any) -> None:
    response = client.post(reverse("pages:who"), {"q": HOME})
    assert response.headers["Cache-Control"] == "no-store, private"
    assert not client.session.keys()
    kept = b"".join(
        path.read_bytes() for path in settings.DATA_DIR.rglob("*") if path.is_file() and path.suffix == ".log"
    )
    assert b"418 Coopers" not in kept


def test_the_form_needs_no_csrf_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("pages:who"), {"q": HOME})
    assert response.status_code == 200
    assert not response.cookies


def test_a_get_redirects_to_the_form(client: Client) -> None:
    assert client.get(reverse("pages:who")).headers["Location"] == reverse("pages:home")


@pytest.mark.usefixtures("halden")
def test_map_and_list_have_the_same_divisions(client: Client) -> None:
    html = find_representatives(client, HOME)
    data = json.loads(re.search(r'<script id="map-data"[^>]*>(.*?)</script>', html, re.S)[1])  # type: ignore[index]
    assert list(data) == ["cd"]
    kinds = sorted((each["kind"], each["name"]) for each in data["cd"]["shapes"])
    assert kinds == [("mine", "2"), ("next", "1"), ("other", "1")]
    assert data["cd"]["home"] == [35.5, -49.7]
    assert '<path class="mine" d="M' in html


@pytest.mark.usefixtures("halden")
def test_maps_of_other_layers_are_fetched_without_the_address(client: Client) -> None:
    html = find_representatives(client, HOME)
    (url,) = re.findall(r'data-layer="county"\s+data-src="([^"]*)"', html)
    response = client.get(url.replace("&amp;", "&"))
    data = json.loads(response.content)
    assert [each["kind"] for each in data["shapes"]] == ["mine", "other"]
    assert data["home"] is None
    assert "private" not in response.headers["Cache-Control"]
    assert client.get(url.partition("?")[0] + "?vintage=999999").status_code == 404
