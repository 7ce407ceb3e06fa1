"""The contract of site search: every backend finds and shows the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps import sitesearch
from apps.sitesearch import full_text, registry
from apps.sitesearch.base import Document, SiteSearch
from apps.sitesearch.solr import SolrSiteSearch
from apps.sitesearch.sql import SqlSiteSearch
from tests.contracts.conftest import real_url


def sql() -> SiteSearch:
    """Return the embedded store, on the full text of the tests' database."""
    return SqlSiteSearch("sql:")


def without_full_text() -> SiteSearch:
    """Return the embedded store on a SQLite built without FTS5."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sitesearch_text")
        cursor.execute("CREATE TABLE sitesearch_text (rowid INTEGER PRIMARY KEY, title TEXT, text TEXT)")
    assert isinstance(full_text.current_dialect(), full_text.PlainText)
    return SqlSiteSearch("sql:")


def solr() -> SiteSearch:
    """Return the real server, empty."""
    store = SolrSiteSearch(real_url("SITE_SEARCH_URL"))
    store.delete_other_sources([])
    return store


BACKENDS: dict[str, Callable[[], SiteSearch]] = {
    "sql": sql,
    "sql without full text": without_full_text,
    "solr": solr,
}


@pytest.fixture(params=["sql", "sql without full text", pytest.param("solr", marks=pytest.mark.services)])
def store(request: pytest.FixtureRequest, db: None) -> SiteSearch:
    if connection.vendor != "sqlite" and "without" in request.param:
        pytest.skip("Only a SQLite may lack full text.")
    return BACKENDS[request.param]()


def page(key: str, title: str, text: str = "", **fields: object) -> Document:
    """Return a document of the kind `page`."""
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
    assert store.index_documents(HALDEN, source="tests") == len(HALDEN)
    return store


def keys(store: SiteSearch, query: str, language: str = "en", kind: str | None = None) -> list[str]:
    return [hit.key for hit in store.search(query, language=language, kind=kind).hits]


def test_all_words_must_be_there_whatever_their_case_or_accents(filled: SiteSearch) -> None:
    assert keys(filled, "REGISTRATION find") == ["help"]
    assert set(keys(filled, "registration")) == {"help", "privacy"}
    assert keys(filled, "registration river") == []
    assert keys(filled, "votacion ANO", "es") == ["ayuda"]
    assert keys(filled, "inscripción", "es") == ["ayuda"]
    assert keys(filled, "müller") == ["county"]


def test_a_word_stands_for_its_longer_forms_and_a_plural_for_its_singular(filled: SiteSearch) -> None:
    assert keys(filled, "regis fou") == ["help"]
    assert keys(filled, "counties") == []
    assert set(keys(filled, "districts")) == {"cd4", "cd41", "county"}


def test_a_number_is_that_number_only(filled: SiteSearch) -> None:
    assert keys(filled, "district 4") == ["cd4"]
    assert keys(filled, "district 41") == ["cd41"]


def test_a_title_comes_before_a_text(filled: SiteSearch) -> None:
    assert keys(filled, "district")[-1] == "county"


def test_only_documents_of_the_language_or_of_any_are_found(filled: SiteSearch) -> None:
    assert keys(filled, "registration", "es") == []
    assert keys(filled, "muller", "es") == keys(filled, "muller", "en") == ["county"]


def test_a_kind_narrows_the_search_and_facets_count_what_was_found(filled: SiteSearch) -> None:
    found = filled.search("hal", language="en", kind="division")
    assert found.facets == {"kind": {"division": 2}, "layer": {"cd": 2}, "state": {"hd": 2}}
    assert filled.search("district", language="en").facets["layer"] == {"cd": 2, "county": 1}
    assert keys(filled, "registration", kind="division") == []


def test_pages_of_hits_follow_each_other(filled: SiteSearch) -> None:
    all_keys = keys(filled, "district")
    pages = [filled.search("district", language="en", limit=1, offset=offset) for offset in range(4)]
    assert [hit.key for page in pages for hit in page.hits] == all_keys
    assert {page.total for page in pages} == {3}
    assert filled.search("district", language="en", limit=-1, offset=-9).hits[0].key == all_keys[0]


def test_matches_are_marked_in_plain_text_excerpts(store: SiteSearch) -> None:
    store.index_documents([page("x", "<b>Vote</b> by mail", "Voting & <script>alert(1)</script> año")], source="tests")
    (hit,) = store.search("vot año", language="en").hits
    assert [piece for piece in hit.title if piece.marked] == [("Vote", True)]
    assert [piece.text for piece in hit.snippet if piece.marked] == ["Voting", "año"]
    assert "".join(piece.text for piece in hit.title) == "<b>Vote</b> by mail"
    assert "".join(piece.text for piece in hit.snippet) == "Voting & <script>alert(1)</script> año"


def test_a_snippet_is_cut_around_the_first_word_that_was_found(store: SiteSearch) -> None:
    text = " ".join([*["before"] * 90, "needle", *["after"] * 90])
    store.index_documents([page("x", "Long", text)], source="tests")
    (hit,) = store.search("needle", language="en").hits
    whole = "".join(piece.text for piece in hit.snippet)
    assert whole.startswith("… before")
    assert whole.endswith("after …")
    assert len(whole) < 210
    assert [piece.text for piece in hit.snippet if piece.marked] == ["needle"]


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "*", "%", "_", "%%%", "\x00", '"', "'", "' OR 1=1 --", "\\", "()", "{!xmlparser v='<a/>'}"),
        *("title:x", "NEAR(a b)", "a AND", "OR", "NOT zz", '{"$ne": 1}', "^a", "a:*", "!a & | <->", "-a", "a*" * 500),
        *("\u202eevitar", "ＶＯＴＥＸ ；", "'a':1A", "😀", "x" * 10_000, "%s %(x)s", "\ud800", "a\ud800b"),
    ],
)
def test_signs_of_an_engines_syntax_are_no_syntax(filled: SiteSearch, query: str) -> None:
    assert filled.search(query, language="en").hits == []


def test_an_operator_word_is_a_word(filled: SiteSearch) -> None:
    assert keys(filled, "AND registration") == ["help"]
    assert keys(filled, "not found") == ["help"]
    assert keys(filled, "registration*protected") == ["privacy"]
    assert filled.search("registration", language="' OR ''='").hits == []
    assert filled.search("registration", language="en", kind="' OR ''='").hits == []


def test_the_same_document_again_takes_the_place_of_the_first(filled: SiteSearch) -> None:
    filled.index_documents([page("help", "Help", "Something else entirely", language="en")], source="tests")
    assert keys(filled, "registration") == ["privacy"]
    assert keys(filled, "entirely") == ["help"]
    twice = [page("a", "First form"), page("a", "Second form")]
    filled.index_documents(twice, source="tests")
    assert (keys(filled, "first form"), keys(filled, "second form")) == ([], ["a"])


def test_what_a_source_did_not_put_again_is_dropped(filled: SiteSearch) -> None:
    filled.index_documents([page("other", "Registration elsewhere")], source="other")
    began = timezone.now()
    filled.index_documents(HALDEN[:1], source="tests")
    assert filled.delete_outdated(source="tests", before=began) == len(HALDEN) - 1
    assert set(keys(filled, "registration")) == {"help", "other"}
    assert keys(filled, "district") == []
    assert filled.delete_outdated(source="tests", before=began - timedelta(days=1)) == 0


def test_sources_that_are_gone_leave_nothing(filled: SiteSearch) -> None:
    filled.index_documents([page("other", "Registration elsewhere")], source="other")
    assert filled.delete_other_sources(["other"]) == len(HALDEN)
    assert keys(filled, "registration") == ["other"]


def test_a_misspelled_word_gets_a_suggestion_with_results(filled: SiteSearch) -> None:
    found = filled.search("regsitration", language="en")
    assert (found.hits, found.suggestion) == ([], "registration")
    assert filled.search("congresional distict 4", language="en").suggestion == "congressional district 4"
    assert filled.search("inscripzion", language="es").suggestion == "inscripcion"
    assert filled.search("inscripzion", language="en").suggestion == ""
    assert filled.search("registration zzzzzzz", language="en").suggestion == ""
    assert filled.search("registration", language="en").suggestion == ""


def test_a_capped_count_of_hits_is_marked(store: SiteSearch) -> None:
    store.index_documents((page(f"p{number}", f"Precinct {number}", "town") for number in range(1005)), source="tests")
    found = store.search("town", language="en")
    assert (found.total, found.more, len(found.hits)) == (1000, True, 20)
    assert store.search("precinct 7", language="en").total == 1


def test_a_hit_that_its_source_no_longer_has_is_not_shown(filled: SiteSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    monkeypatch.setattr(registry, "_existing", {})
    sitesearch.register_source("tests", lambda: iter(HALDEN), existing=lambda keys: set(keys) - {"help"})
    assert keys(filled, "registration") == ["privacy"]
    assert keys(filled, "registration find") == []
