"""The backends of site search, and documents that are found in all of them."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from apps.sitesearch import fulltext
from apps.sitesearch.base import Document, SiteSearch
from apps.sitesearch.sql import SqlSiteSearch


def sql() -> SiteSearch:
    """The embedded store, on the full text of the tests' database."""
    return SqlSiteSearch("sql:")


def without_full_text() -> SiteSearch:
    """The embedded store on a SQLite that was built without FTS5."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sitesearch_text")
        cursor.execute("CREATE TABLE sitesearch_text (rowid INTEGER PRIMARY KEY, title TEXT, text TEXT)")
    assert isinstance(fulltext.dialect(), fulltext.Plain)
    return SqlSiteSearch("sql:")


BACKENDS: dict[str, Callable[[], SiteSearch]] = {"sql": sql, "sql without full text": without_full_text}


@pytest.fixture(params=sorted(BACKENDS))
def store(request: pytest.FixtureRequest, db: None) -> Iterator[SiteSearch]:
    if connection.vendor != "sqlite" and "without" in request.param:
        pytest.skip("Only a SQLite may lack full text.")
    return BACKENDS[request.param]()


def page(key: str, title: str, text: str = "", **fields: object) -> Document:
    """A document of the kind `page`."""
    values: dict[str, object] = {"kind": "page", "key": key, "title": title, "text": text, "url": f"/{key}/"}
    return Document(**(values | fields))  # type: ignore[arg-type]


HALDEN = [
    page("help", "Help", "How to find your registration, and what to try when it is not found.", language="en"),
    page("ayuda", "Ayuda", "Cómo encontrar su inscripción; año tras año, votación tras votación.", language="es"),
    page("privacy", "Privacy", "Protected voters are never stored. Your registration is yours.", language="en"),
    page("cd4", "Congressional district 4", "Halden", kind="division", facets={"layer": "cd", "state": "hd"}),
    page("cd41", "Congressional district 41", "Halden", kind="division", facets={"layer": "cd", "state": "hd"}),
    page("county", "Muller County", "The county of towns by the river, district by district", kind="division",
         facets={"layer": "county", "state": "hd"}),
]  # fmt: skip


@pytest.fixture
def filled(store: SiteSearch) -> SiteSearch:
    assert store.put_many(HALDEN, source="tests") == len(HALDEN)
    return store
