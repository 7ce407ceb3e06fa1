"""Documents of the static pages for site search."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.sitesearch.models import SearchDocument
from tests.pages.helpers import search_pages

pytestmark = pytest.mark.django_db


def test_static_pages_are_found_by_section_and_language(indexed: None, client: Client) -> None:
    page = search_pages(client, q="privacy").content.decode()
    assert 'href="/privacy/' in page
    assert "<mark>" in page
    client.cookies["django_language"] = "es"
    page = search_pages(client, q="privacidad").content.decode()
    assert 'href="/privacy/' in page
    assert 'href="/help/#' in search_pages(client, q="significan").content.decode()


def test_the_index_is_public_and_names_no_party(indexed: None, member: User) -> None:
    kinds = set(SearchDocument.objects.values_list("kind", flat=True))
    assert kinds <= {"page", "division", "official", "election"}
    everything = " ".join(f"{row.title} {row.text}" for row in SearchDocument.objects.all())
    assert member.email not in everything
    assert "Ivy" not in everything


def test_the_index_can_be_rebuilt_by_command(indexed: None, run_jobs: Callable[[], int], capsys: Any) -> None:
    call_command("index_site")
    said = capsys.readouterr().out
    assert "texts" in said
    assert "officials" in said
