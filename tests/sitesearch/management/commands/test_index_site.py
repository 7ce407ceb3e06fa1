"""`index_site` rebuilds the index and reports the documents of each source."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps import sitesearch
from apps.sitesearch import indexing
from apps.sitesearch.base import Document, site_search
from tests.sitesearch.conftest import documents_titled

pytestmark = pytest.mark.django_db


def found_keys(query: str) -> list[str]:
    return [hit.key for hit in site_search().search(query, language="en").hits]


def test_registered_documents_are_indexed_and_others_deleted(tmp_path: Path) -> None:
    sitesearch.register_source("texts", documents_titled("help", "privacy"))
    out = StringIO()
    call_command("index_site", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["texts"], report["divisions"], report["dropped"]) == (2, 0, 0)
    sitesearch.register_source("texts", documents_titled("help"))
    assert indexing.rebuild_index() == {"texts": 1, "divisions": 0, "dropped": 1}
    assert (found_keys("help"), found_keys("privacy")) == (["help"], [])


def test_a_source_that_fails_keeps_its_documents_and_does_not_stop_the_others() -> None:
    def broken() -> Iterator[Document]:
        yield Document("page", "half", "half", "words", "/half/")
        raise OSError

    sitesearch.register_source("texts", documents_titled("help"))
    indexing.rebuild_index()
    sitesearch.register_source("texts", broken)
    sitesearch.register_source("later", documents_titled("later"))
    with pytest.raises(CommandError, match="texts") as caught:
        call_command("index_site")
    assert caught.value.returncode == 1
    assert (found_keys("help"), found_keys("later")) == (["help"], ["later"])
