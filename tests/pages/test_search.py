"""The public search page: public words in, public pages out, and nothing personal on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import BackendUnavailable
from apps.officials.services import load_officials
from apps.pages.views import search as view
from apps.sitesearch import indexing
from apps.sitesearch.models import SearchDocument
from tests.districts.samples import halves, load
from tests.officials.samples import person, role, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(settings: Any, tmp_path: Path) -> None:
    """Divisions, officials and the pages of words, indexed as each day does it."""
    settings.DATA_DIR = tmp_path
    load(tmp_path, "cd", "2024", halves(-99))
    file = write(tmp_path / "people.jsonl.gz", [person(1, role("lower", "1")), person(2, role("rep", "2"))])
    load_officials(path=file, as_of=None)
    indexing.rebuild_index()


def ask(client: Client, **typed: str) -> Any:
    return client.post(reverse("pages:search"), typed)


def test_pages_of_words_are_found_by_part_in_the_readers_language(indexed: None, client: Client) -> None:
    page = ask(client, q="privacy").content.decode()
    assert 'href="/privacy/' in page
    assert "<mark>" in page
    client.cookies["django_language"] = "es"
    page = ask(client, q="privacidad").content.decode()
    assert 'href="/privacy/' in page
    assert 'href="/help/#' in ask(client, q="significan").content.decode()


def test_a_division_is_found_and_its_page_is_there(indexed: None, client: Client) -> None:
    page = ask(client, q="district 2", kind="division").content.decode()
    (path,) = {part.partition('"')[0] for part in page.split('class="who" href="')[1:]}
    assert client.get(path).status_code == 200


def test_what_is_indexed_is_public_and_names_no_party(indexed: None, member: User) -> None:
    kinds = set(SearchDocument.objects.values_list("kind", flat=True))
    assert kinds <= {"page", "division", "official", "election"}
    everything = " ".join(f"{row.title} {row.text}" for row in SearchDocument.objects.all())
    assert member.email not in everything
    assert "Ivy" not in everything


def test_a_mistyped_word_offers_what_was_meant(indexed: None, client: Client) -> None:
    page = ask(client, q="privaci").content.decode() + ask(client, q="privvacy").content.decode()
    assert 'value="privacy"' in page


def test_nothing_typed_stands_in_an_address(indexed: None, client: Client) -> None:
    page = client.get(reverse("pages:search"), {"q": "privacy"}).content.decode()
    assert "result" not in page
    assert 'value="privacy"' not in page


def test_what_was_typed_is_text_on_the_page(indexed: None, client: Client) -> None:
    page = ask(client, q="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "0 results" in page


@pytest.mark.parametrize("typed", [{"q": ""}, {"q": "x" * 201}, {"q": "a", "kind": "voter"}, {"q": "a", "page": "0"}])
def test_what_cannot_be_searched_is_said(typed: dict[str, str], db: None, client: Client) -> None:
    assert ask(client, **typed).status_code == 200
    assert b"0 results" not in ask(client, **typed).content


def test_a_server_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def away() -> None:
        raise BackendUnavailable("nobody answers")

    monkeypatch.setattr(view, "site_search", away)
    response = ask(client, q="privacy")
    assert response.status_code == 503
    assert b"Search does not answer now" in response.content


def test_the_rebuild_is_a_command_too(indexed: None, run_jobs: Callable[[], int], capsys: Any) -> None:
    call_command("index_site")
    said = capsys.readouterr().out
    assert "texts" in said
    assert "officials" in said
