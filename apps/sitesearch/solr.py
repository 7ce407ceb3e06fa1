"""Site search on Solr: the only module that uses pysolr.

Tokens, highlights and snippets are those of the embedded backend, so that both return the same. Solr matches, ranks,
counts facets, and suggests similar words.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pysolr
import requests
from django.conf import settings
from django.utils import timezone

from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendMisconfigured, BackendUnavailable, JobFailed

from . import spelling
from .base import MAX_HITS, Document, Results, SearchHit, SiteSearch
from .batches import in_batches
from .highlight import highlight, snippet
from .tokens import Term, split_words

BATCH_SIZE: Final = 500
TITLE_WEIGHT: Final = 10
VERSION_PREFIX: Final = "9."
ANY_LANGUAGE: Final = "any"  # pysolr drops an empty value
FORM_HEADERS: Final = {"Content-type": "application/x-www-form-urlencoded; charset=utf-8"}
NO_RESPONSE: Final = "it does not respond. Start Solr, or correct the address; site search is unavailable until then."
ACCESS_DENIED: Final = (
    "it refuses the user or the password. Put them into the URL: solr://user:password@host:8983/solr/site."
)
NO_CORE: Final = "there is no core at this path. Expected: a core created from deploy/solr/conf, such as /solr/site."
WRONG_SERVER: Final = "it is {server}. Expected: Solr 9.x with a core created from deploy/solr/conf."


class PostClient(pysolr.Solr):  # type: ignore[misc]
    """A pysolr client that queries by POST only, so that queries are in no URL and in no access log."""

    def _get_log(self) -> logging.Logger:
        return logging.getLogger("pysolr")

    def select(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to a query."""
        encoded = pysolr.safe_urlencode({**params, "wt": "json"}, True)
        response = self._send_request("post", "select", body=encoded, headers=FORM_HEADERS)
        decoded: dict[str, Any] = self.decoder.decode(response)
        return decoded

    def version(self) -> str:
        """Return the server's version."""
        parts = urlsplit(self.url)
        system = parts._replace(path=f"{parts.path.rpartition('/')[0]}/admin/info/system", query="wt=json").geturl()
        response = self.get_session().get(system, timeout=self.timeout, auth=self.auth)
        response.raise_for_status()
        return str(response.json()["lucene"]["solr-spec-version"])


class SolrSiteSearch(SiteSearch):
    """`url`: solr[+https]://[user:password@]host:port/solr/CORE."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        parts = urlsplit(url)
        scheme = "https" if parts.scheme.endswith("+https") else "http"
        self._core = f"{scheme}://{parts.hostname or '127.0.0.1'}:{parts.port or 8983}{parts.path.rstrip('/')}"
        self._user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._clients: dict[tuple[int, float], PostClient] = {}
        self._breaker = Breaker("site search")

    def _client(self, seconds: float) -> PostClient:
        """Return this process's client; a forked worker must not share connections."""
        key = (os.getpid(), seconds)
        if key not in self._clients:
            self._clients[key] = PostClient(self._core, timeout=seconds, auth=self._user)
        return self._clients[key]

    @contextmanager
    def _request(self, seconds: float) -> Iterator[PostClient]:
        with self._breaker.call(), _translate_errors():
            yield self._client(seconds)

    def probe(self) -> None:
        """Raise BackendUnavailable if Solr is down, BackendMisconfigured on a wrong version, core or password."""
        with _translate_errors(probing=True):
            client = self._client(settings.BACKEND_REQUEST_SECONDS)
            version = client.version()
            if not version.startswith(VERSION_PREFIX):
                raise BackendMisconfigured(WRONG_SERVER.format(server=f"version {version}"))
            client.select({"q": "title_words:x", "rows": 0})

    def index_documents(self, documents: Iterable[Document], *, source: str) -> int:
        """Add documents in batches; they become visible together, at the end."""
        total = 0
        with self._request(settings.BACKEND_JOB_SECONDS) as client:
            for batch in in_batches(documents, BATCH_SIZE):
                now = timezone.now()
                unique = {(item.kind, item.key, item.language): item for item in batch}.values()
                client.add([_solr_fields(item, source, now) for item in unique], commit=False)
                total += len(batch)
            client.commit()
        return total

    def delete_outdated(self, *, source: str, before: datetime) -> int:
        """Delete a source's documents last indexed before a time."""
        return self._delete(["{!term f=source v=$source}", f"put_at:[* TO {_microseconds(before) - 1}]"], source=source)

    def delete_other_sources(self, names: Iterable[str]) -> int:
        """Delete the documents of other sources."""
        return self._delete(["*:*", f"-source:({' '.join(_quoted(name) for name in names)})"] if names else ["*:*"])

    def _delete(self, filters: list[str], **params: str) -> int:
        total = 0
        with self._request(settings.BACKEND_JOB_SECONDS) as client:
            while True:
                result = client.select({"q": "*:*", "fq": filters, "fl": "id", "rows": BATCH_SIZE, **params})[
                    "response"
                ]
                if not result["docs"]:
                    return total
                client.delete(id=[item["id"] for item in result["docs"]], commit=True)
                total += len(result["docs"])

    def _search(self, terms: list[Term], *, language: str, kind: str | None, start: int, end: int) -> Results:
        with self._request(settings.BACKEND_REQUEST_SECONDS) as client:
            response = client.select(
                {
                    **_query(terms, language, kind),
                    "fl": "kind,key,language,url,title,text,source",
                    "sort": "score desc, kind asc, key asc, id asc",
                    "start": start,
                    "rows": max(0, min(end, MAX_HITS) - start),
                    "json.facet": _FACET_QUERY,
                }
            )
            total = int(response["response"]["numFound"])
            if not total:
                return Results(suggestion=self._suggestion(client, terms, language, kind))
        hits = [_hit(item, terms) for item in response["response"]["docs"]]
        return Results(hits, min(total, MAX_HITS), total > MAX_HITS, _facets(response["facets"]))

    def _suggestion(self, client: PostClient, terms: list[Term], language: str, kind: str | None) -> str:
        corrected = spelling.correct_terms(terms, SolrDictionary(client, language))
        if not corrected or not _count(client, _query(corrected, language, kind)):
            return ""
        return " ".join(term.text for term in corrected)


class SolrDictionary:
    """The words of a language in Solr."""

    def __init__(self, client: PostClient, language: str) -> None:
        known = {code for code, _ in settings.LANGUAGES}
        self._client, self._language = client, language if language in known else settings.LANGUAGE_CODE

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any word starts with a prefix."""
        return bool(_count(self._client, {"q": f"spell_{self._language}:{prefix}*"}))

    def similar(self, word: str) -> list[str]:
        """Return known words similar to a misspelled one."""
        expression = {"spellcheck": "true", "spellcheck.dictionary": self._language, "spellcheck.q": word}
        response = self._client.select({"q": "*:*", "rows": 0, **expression, "spellcheck.count": 20})
        pairs = response.get("spellcheck", {}).get("suggestions", [])
        return [str(item) for result in pairs[1::2] for item in result["suggestion"]]


def _count(client: PostClient, query: Mapping[str, Any]) -> int:
    return int(client.select({**query, "rows": 0})["response"]["numFound"])


# Solr returns `facet_*` fields only by name; these are the facets of registered documents.
FACETS: Final = ("layer", "state")
_FACET_QUERY: Final = (
    '{"kind":{"type":"terms","field":"kind","limit":-1},'
    + ",".join(f'"{name}":{{"type":"terms","field":"facet_{name}","limit":-1}}' for name in FACETS)
    + "}"
)


def _facets(response: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    counts = {name: {item["val"]: item["count"] for item in response[name]["buckets"]} for name in ("kind", *FACETS)}
    return {
        name: dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
        for name, values in counts.items()
        if values
    }


def _query(terms: list[Term], language: str, kind: str | None) -> dict[str, Any]:
    """Return a query for all terms, each in the title (boosted) or the text; terms contain letters and digits only."""
    words = [f"{term.text}{'*' if term.prefix else ''}" for term in terms]
    expression = " ".join(f"+((title_words:{word})^={TITLE_WEIGHT} (text_words:{word})^=1)" for word in words)
    filters = ["{!terms f=language separator='|' v=$languages}"]
    params = {"languages": f"{ANY_LANGUAGE}|{language}"}
    if kind:
        filters.append("{!term f=kind v=$kind}")
        params["kind"] = kind
    return {"q": expression, "fq": filters, **params}


def _solr_fields(document: Document, source: str, now: datetime) -> dict[str, Any]:
    title, text = split_words(document.title), split_words(document.text)
    languages = [document.language] if document.language else [code for code, _ in settings.LANGUAGES]
    spelled = " ".join(sorted(spelling.spellable_words([*title, *text])))
    return {
        "id": _document_id(document),
        "source": source,
        "kind": document.kind,
        "key": document.key,
        "language": document.language or ANY_LANGUAGE,
        "put_at": _microseconds(now),
        "url": document.url,
        "title": document.title[:300],
        "text": document.text,
        "title_words": " ".join(title),
        "text_words": " ".join(text),
        **{f"facet_{name}": value for name, value in document.facets.items() if name in FACETS},
        **{f"spell_{language}": spelled for language in languages},
    }


def _document_id(document: Document) -> str:
    """Return a hash as the id: pysolr's XML drops characters invalid in XML, and would then delete nothing."""
    return blake2b(repr((document.kind, document.key, document.language)).encode(), digest_size=16).hexdigest()


def _hit(result: Mapping[str, str], terms: list[Term]) -> SearchHit:
    title, text = highlight(result.get("title", ""), terms), snippet(result.get("text", ""), terms)
    language = result["language"].replace(ANY_LANGUAGE, "")
    return SearchHit(result["kind"], result["key"], language, result["url"], title, text, result["source"])


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def _quoted(name: str) -> str:
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


@contextmanager
def _translate_errors(*, probing: bool = False) -> Iterator[None]:
    """Translate the client's errors without the query text; `probing` makes lasting ones BackendMisconfigured."""
    try:
        yield
    except pysolr.SolrError as error:
        raise _backend_error(_status(str(error)), probing=probing) from None
    except requests.HTTPError as error:
        raise _backend_error(error.response.status_code if error.response is not None else 0, probing=probing) from None
    except requests.RequestException:
        raise BackendUnavailable(NO_RESPONSE) from None
    except (KeyError, ValueError):
        message = WRONG_SERVER.format(server="another product")
        raise (BackendMisconfigured if probing else BackendUnavailable)(message) from None


def _status(text: str) -> int:
    """Parse the status from pysolr's message: "Solr responded with an error (HTTP 503): …"."""
    number = text.partition("(HTTP ")[2][:3]
    return int(number) if number.isdigit() else 0


def _backend_error(status: int, *, probing: bool) -> Exception:
    if status in (401, 403):
        return (BackendMisconfigured if probing else BackendUnavailable)(ACCESS_DENIED)
    if status == 404:
        return (BackendMisconfigured if probing else BackendUnavailable)(NO_CORE)
    if status == 400:
        return (
            BackendMisconfigured(WRONG_SERVER.format(server="a core of another schema"))
            if probing
            else JobFailed("it rejects the request (400).")
        )
    return BackendUnavailable(
        NO_RESPONSE if not status else f"it is overloaded ({status}); requests are retried automatically."
    )
