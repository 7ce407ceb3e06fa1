"""Search of public pages."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.errors import BackendUnavailable
from apps.pages.views import search as view
from tests.pages.helpers import search_pages

pytestmark = pytest.mark.django_db


def test_a_found_division_has_a_page(indexed: None, client: Client) -> None:
    page = search_pages(client, q="district 2", kind="division").content.decode()
    (path,) = {part.partition('"')[0] for part in page.split('class="who" href="')[1:]}
    assert client.get(path).status_code == 200


def test_a_misspelled_word_gets_a_suggestion(indexed: None, client: Client) -> None:
    page = search_pages(client, q="privaci").content.decode() + search_pages(client, q="privvacy").content.decode()
    assert 'value="privacy"' in page


def test_no_query_appears_in_a_url(indexed: None, client: Client) -> None:
    page = client.get(reverse("pages:search"), {"q": "privacy"}).content.decode()
    assert "result" not in page
    assert 'value="privacy"' not in page


def test_the_query_is_escaped(indexed: None, client: Client) -> None:
    page = search_pages(client, q="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "0 results" in page


@pytest.mark.parametrize("data", [{"q": ""}, {"q": "x" * 201}, {"q": "a", "kind": "voter"}, {"q": "a", "page": "0"}])
def test_invalid_queries_are_explained(data: dict[str, str], db: None, client: Client) -> None:
    assert search_pages(client, **data).status_code == 200
    assert b"0 results" not in search_pages(client, **data).content


def test_an_unavailable_server_is_explained(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def away() -> None:
        raise BackendUnavailable("nobody answers")

    monkeypatch.setattr(view, "site_search", away)
    response = search_pages(client, q="privacy")
    assert response.status_code == 503
    assert b"Search does not answer now" in response.content
