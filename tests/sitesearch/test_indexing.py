"""The rebuild: what the apps offer becomes what can be found."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps import sitesearch
from apps.jobs import schedule
from apps.jobs.models import Job
from apps.sitesearch import indexing, registry
from apps.sitesearch.base import Document, site_search
from apps.sitesearch.models import SearchDocument
from tests.districts.test_lookup import halves, load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Register into a copy, beside the divisions only."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(registry, "_sources", {"divisions": registry.sources()["divisions"]})


def offered(*titles: str) -> Callable[[], Iterator[Document]]:
    return lambda: (Document("page", title, title, "words", f"/{title}/") for title in titles)


def found(query: str) -> list[str]:
    return [hit.key for hit in site_search().search(query, language="en").hits]


def test_the_command_indexes_what_apps_offer_and_drops_what_they_do_not(tmp_path: Path) -> None:
    sitesearch.register_source("texts", offered("help", "privacy"))
    out = StringIO()
    call_command("index_site", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["texts"], report["divisions"], report["dropped"]) == (2, 0, 0)
    sitesearch.register_source("texts", offered("help"))
    assert indexing.rebuild() == {"texts": 1, "divisions": 0, "dropped": 1}
    assert (found("help"), found("privacy")) == (["help"], [])


def test_a_source_that_fails_keeps_its_last_documents_and_the_others_go_on() -> None:
    def broken() -> Iterator[Document]:
        yield Document("page", "half", "half", "words", "/half/")
        raise OSError

    sitesearch.register_source("texts", offered("help"))
    indexing.rebuild()
    sitesearch.register_source("texts", broken)
    sitesearch.register_source("later", offered("later"))
    with pytest.raises(CommandError, match="texts") as caught:
        call_command("index_site")
    assert caught.value.returncode == 1
    assert (found("help"), found("later")) == (["help"], ["later"])


def test_divisions_in_force_can_be_found_and_precincts_cannot(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    load(tmp_path, "precinct", "2024", halves(-99))
    assert indexing.rebuild()["divisions"] == 2
    results = site_search().search("district 2", language="en")
    (hit,) = results.hits
    assert hit.key == "ocd-division/country:us/state:qx/cd:2"
    assert hit.url == "/divisions/country:us/state:qx/cd:2/"
    assert results.facets == {"kind": {"division": 1}, "layer": {"cd": 1}, "state": {"qx": 1}}
    assert [piece.text for piece in hit.snippet if piece.marked] == ["district"]


def test_the_index_is_made_anew_once_a_day_by_a_job(run_jobs: Callable[[], int]) -> None:
    sitesearch.register_source("texts", offered("help"))
    assert schedule._tasks["site_index"].seconds == 24 * 3600
    indexing.queue_rebuild()
    indexing.queue_rebuild()
    assert run_jobs() == 1
    assert Job.objects.get(task="default.index_site").state == Job.State.DONE
    assert SearchDocument.objects.count() == 1
