"""Divisions in force are searchable, precincts are not."""

from pathlib import Path

import pytest

from apps.sitesearch import indexing
from apps.sitesearch.base import site_search
from tests.districts.samples import halves, load

pytestmark = pytest.mark.django_db


def test_divisions_in_force_are_found_and_precincts_are_not(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    load(tmp_path, "precinct", "2024", halves(-99))
    assert indexing.rebuild_index()["divisions"] == 2
    results = site_search().search("district 2", language="en")
    (hit,) = results.hits
    assert hit.key == "ocd-division/country:us/state:qx/cd:2"
    assert hit.url == "/divisions/country:us/state:qx/cd:2/"
    assert results.facets == {"kind": {"division": 1}, "layer": {"cd": 1}, "state": {"qx": 1}}
    assert [piece.text for piece in hit.snippet if piece.marked] == ["district"]
