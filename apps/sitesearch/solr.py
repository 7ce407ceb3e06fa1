"""Site search on Solr through pysolr: the one place that knows the client.

Words, marks and snippets are the embedded store's own, so that both find and show the same; Solr finds, orders,
counts facets and knows neighbours of a mistyped word.
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
from apps.core.errors import BackendMisconfigured, BackendUnavailable, WorkFailed

from . import spelling
from .base import MOST_HITS, Document, Results, SearchHit, SiteSearch
from .batches import portions
from .highlight import marked, snippet
from .tokens import Term, words_of

PORTION: Final = 500
TITLE_WEIGHT: Final = 10
MAJOR: Final = "9."
ANY: Final = "any"  # pysolr drops an empty value
FORM: Final = {"Content-type": "application/x-www-form-urlencoded; charset=utf-8"}
NOBODY: Final = "it does not respond. Start Solr, or correct the address; site search is unavailable until then."
REFUSED: Final = "it refuses the user or the password. Put them into the URL: solr://user:password@host:8983/solr/site."
NO_CORE: Final = "there is no core at this path. Expected: a core made of deploy/solr/conf, such as /solr/site."
OTHER: Final = "it is {found}. Expected: Solr 9.x with a core made of deploy/solr/conf."


class Client(pysolr.Solr):  # type: ignore[misc]
    """pysolr, which asks by POST only: what somebody typed stands in no address and so in no log of a server."""

    def _get_log(self) -> logging.Logger:
        return logging.getLogger("pysolr")

    def ask(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a query."""
        encoded = pysolr.safe_urlencode({**params, "wt": "json"}, True)
        answer = self._send_request("post", "select", body=encoded, headers=FORM)
        decoded: dict[str, Any] = self.decoder.decode(answer)
        return decoded

    def version(self) -> str:
        """Return the server's version."""
        parts = urlsplit(self.url)
        system = parts._replace(path=f"{parts.path.rpartition('/')[0]}/admin/info/system", query="wt=json").geturl()
        answer = self.get_session().get(system, timeout=self.timeout, auth=self.auth)
        answer.raise_for_status()
        return str(answer.json()["lucene"]["solr-spec-version"])


class SolrSiteSearch(SiteSearch):
    """`url`: solr[+https]://[user:password@]host:port/solr/CORE."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        parts = urlsplit(url)
        scheme = "https" if parts.scheme.endswith("+https") else "http"
        self._core = f"{scheme}://{parts.hostname or '127.0.0.1'}:{parts.port or 8983}{parts.path.rstrip('/')}"
        self._user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._clients: dict[tuple[int, float], Client] = {}
        self._breaker = Breaker("site search")

    def _client(self, seconds: float) -> Client:
        """The process's own, for a forked worker must not share its connections."""
        key = (os.getpid(), seconds)
        if key not in self._clients:
            self._clients[key] = Client(self._core, timeout=seconds, auth=self._user)
        return self._clients[key]

    @contextmanager
    def _asked(self, seconds: float) -> Iterator[Client]:
        with self._breaker.call(), _translated():
            yield self._client(seconds)

    def probe(self) -> None:
        """Raise BackendUnavailable if Solr is down, BackendMisconfigured on a wrong version, core or password."""
        with _translated(unfit=True):
            client = self._client(settings.BACKEND_REQUEST_SECONDS)
            version = client.version()
            if not version.startswith(MAJOR):
                raise BackendMisconfigured(OTHER.format(found=f"version {version}"))
            client.ask({"q": "title_words:x", "rows": 0})

    def put_many(self, documents: Iterable[Document], *, source: str) -> int:
        """Add documents, portion by portion; they are found together, at the end."""
        total = 0
        with self._asked(settings.BACKEND_WORK_SECONDS) as client:
            for portion in portions(documents, PORTION):
                now = timezone.now()
                unique = {(each.kind, each.key, each.language): each for each in portion}.values()
                client.add([_fields(each, source, now) for each in unique], commit=False)
                total += len(portion)
            client.commit()
        return total

    def drop(self, *, source: str, before: datetime) -> int:
        """Drop a source's documents that were not put since."""
        return self._drop(["{!term f=source v=$source}", f"put_at:[* TO {_micros(before) - 1}]"], source=source)

    def drop_sources_but(self, names: Iterable[str]) -> int:
        """Drop the documents of sources that are gone."""
        return self._drop(["*:*", f"-source:({' '.join(_quoted(name) for name in names)})"] if names else ["*:*"])

    def _drop(self, filters: list[str], **more: str) -> int:
        total = 0
        with self._asked(settings.BACKEND_WORK_SECONDS) as client:
            while True:
                found = client.ask({"q": "*:*", "fq": filters, "fl": "id", "rows": PORTION, **more})["response"]
                if not found["docs"]:
                    return total
                client.delete(id=[each["id"] for each in found["docs"]], commit=True)
                total += len(found["docs"])

    def _search(self, terms: list[Term], *, language: str, kind: str | None, start: int, end: int) -> Results:
        with self._asked(settings.BACKEND_REQUEST_SECONDS) as client:
            answer = client.ask(
                {
                    **_query(terms, language, kind),
                    "fl": "kind,key,language,url,title,text,source",
                    "sort": "score desc, kind asc, key asc, id asc",
                    "start": start,
                    "rows": max(0, min(end, MOST_HITS) - start),
                    "json.facet": _FACETS,
                }
            )
            total = int(answer["response"]["numFound"])
            if not total:
                return Results(suggestion=self._suggestion(client, terms, language, kind))
        hits = [_hit(each, terms) for each in answer["response"]["docs"]]
        return Results(hits, min(total, MOST_HITS), total > MOST_HITS, _facets(answer["facets"]))

    def _suggestion(self, client: Client, terms: list[Term], language: str, kind: str | None) -> str:
        better = spelling.corrected(terms, Dictionary(client, language))
        if not better or not _count(client, _query(better, language, kind)):
            return ""
        return " ".join(term.text for term in better)


class Dictionary:
    """The words of a language in Solr, as `spelling` asks for them."""

    def __init__(self, client: Client, language: str) -> None:
        known = {code for code, _ in settings.LANGUAGES}
        self._client, self._language = client, language if language in known else settings.LANGUAGE_CODE

    def has(self, beginning: str) -> bool:
        """Whether any word begins so."""
        return bool(_count(self._client, {"q": f"spell_{self._language}:{beginning}*"}))

    def near(self, word: str) -> list[str]:
        """Return known words that a mistyped one may be."""
        asked = {"spellcheck": "true", "spellcheck.dictionary": self._language, "spellcheck.q": word}
        answer = self._client.ask({"q": "*:*", "rows": 0, **asked, "spellcheck.count": 20})
        pairs = answer.get("spellcheck", {}).get("suggestions", [])
        return [str(each) for found in pairs[1::2] for each in found["suggestion"]]


def _count(client: Client, query: Mapping[str, Any]) -> int:
    return int(client.ask({**query, "rows": 0})["response"]["numFound"])


# Solr reads `facet_*` only by name: these are the names that documents of ours carry.
FACETS: Final = ("layer", "state")
_FACETS: Final = (
    '{"kind":{"type":"terms","field":"kind","limit":-1},'
    + ",".join(f'"{name}":{{"type":"terms","field":"facet_{name}","limit":-1}}' for name in FACETS)
    + "}"
)


def _facets(answer: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    counts = {name: {each["val"]: each["count"] for each in answer[name]["buckets"]} for name in ("kind", *FACETS)}
    return {
        name: dict(sorted(values.items(), key=lambda pair: (-pair[1], pair[0])))
        for name, values in counts.items()
        if values
    }


def _query(terms: list[Term], language: str, kind: str | None) -> dict[str, Any]:
    """All terms, each in the title (which weighs more) or the text. Terms are letters and digits only, by making."""
    words = [f"{term.text}{'*' if term.prefix else ''}" for term in terms]
    asked = " ".join(f"+((title_words:{word})^={TITLE_WEIGHT} (text_words:{word})^=1)" for word in words)
    filters = ["{!terms f=language separator='|' v=$languages}"]
    more = {"languages": f"{ANY}|{language}"}
    if kind:
        filters.append("{!term f=kind v=$kind}")
        more["kind"] = kind
    return {"q": asked, "fq": filters, **more}


def _fields(document: Document, source: str, now: datetime) -> dict[str, Any]:
    title, text = words_of(document.title), words_of(document.text)
    languages = [document.language] if document.language else [code for code, _ in settings.LANGUAGES]
    spelled = " ".join(sorted(spelling.spelled([*title, *text])))
    return {
        "id": _id(document),
        "source": source,
        "kind": document.kind,
        "key": document.key,
        "language": document.language or ANY,
        "put_at": _micros(now),
        "url": document.url,
        "title": document.title[:300],
        "text": document.text,
        "title_words": " ".join(title),
        "text_words": " ".join(text),
        **{f"facet_{name}": value for name, value in document.facets.items() if name in FACETS},
        **{f"spell_{language}": spelled for language in languages},
    }


def _id(document: Document) -> str:
    """A hash: pysolr's XML would drop signs of a key that XML has not, and then delete nothing."""
    return blake2b(repr((document.kind, document.key, document.language)).encode(), digest_size=16).hexdigest()


def _hit(found: Mapping[str, str], terms: list[Term]) -> SearchHit:
    title, text = marked(found.get("title", ""), terms), snippet(found.get("text", ""), terms)
    language = found["language"].replace(ANY, "")
    return SearchHit(found["kind"], found["key"], language, found["url"], title, text, found["source"])


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def _quoted(name: str) -> str:
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


@contextmanager
def _translated(*, unfit: bool = False) -> Iterator[None]:
    """Turn the client's errors into ours, without the text of a query."""
    try:
        yield
    except pysolr.SolrError as error:
        raise _ours(_status(str(error)), unfit=unfit) from None
    except requests.HTTPError as error:
        raise _ours(error.response.status_code if error.response is not None else 0, unfit=unfit) from None
    except requests.RequestException:
        raise BackendUnavailable(NOBODY) from None
    except (KeyError, ValueError):
        raise (BackendMisconfigured if unfit else BackendUnavailable)(OTHER.format(found="another product")) from None


def _status(text: str) -> int:
    """pysolr keeps the status in its sentence only: "Solr responded with an error (HTTP 503): …"."""
    number = text.partition("(HTTP ")[2][:3]
    return int(number) if number.isdigit() else 0


def _ours(status: int, *, unfit: bool) -> Exception:
    if status in (401, 403):
        return (BackendMisconfigured if unfit else BackendUnavailable)(REFUSED)
    if status == 404:
        return (BackendMisconfigured if unfit else BackendUnavailable)(NO_CORE)
    if status == 400:
        return (
            BackendMisconfigured(OTHER.format(found="a core of another schema"))
            if unfit
            else WorkFailed("it refuses (400).")
        )
    return BackendUnavailable(NOBODY if not status else f"it is overloaded ({status}); it is asked again by itself.")
