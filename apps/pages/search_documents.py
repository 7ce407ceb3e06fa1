"""The pages of words as site search finds them, in each language, read from the pages themselves."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.context import make_context
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode
from django.urls import reverse
from django.utils import translation

from apps import sitesearch
from apps.sitesearch import Document

TEXTS = ("help", "privacy", "terms", "accessibility")


def register_search_documents() -> None:
    """Offer what can be found; called in AppConfig.ready."""
    sitesearch.register_source("texts", texts)


def texts() -> Iterator[Document]:
    """Yield the parts of each page of words: one a heading that has an address, and one for what stands above."""
    request = HttpRequest()
    request.user = AnonymousUser()
    request.method = "GET"
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            for name in TEXTS:
                yield from _parts(name, language, _words(name, request))


def _words(name: str, request: HttpRequest) -> str:
    """Return the page's own block: what stands around it is on every page, and needs the collected static files."""
    template: Any = get_template(f"pages/{name}.html")
    block = template.template.nodelist.get_nodes_by_type(ExtendsNode)[0].blocks["text"]
    context = make_context({"contact_mail": ""}, request, autoescape=True)
    with context.bind_template(template.template):
        return str(block.render(context))


def _parts(name: str, language: str, html: str) -> Iterator[Document]:
    reader = Reader()
    reader.feed(html)
    url = reverse(f"pages:{name}")
    page_title = reader.parts[0].title
    for part in reader.parts:
        title = part.title if part is reader.parts[0] else f"{part.title} ({page_title})"
        yield Document(
            kind="page",
            key=f"{name}#{part.anchor}" if part.anchor else name,
            title=title,
            text=part.text,
            url=f"{url}#{part.anchor}" if part.anchor else url,
            language=language,
        )


class Part:
    """A stretch of a page under one heading."""

    def __init__(self, anchor: str) -> None:
        self.anchor = anchor
        self.words: list[str] = []
        self.heading: list[str] = []

    @property
    def title(self) -> str:
        """The heading's words."""
        return " ".join(" ".join(self.heading).split())

    @property
    def text(self) -> str:
        """All other words."""
        return " ".join(" ".join(self.words).split())


class Reader(HTMLParser):
    """Reads the words of a page; a heading of the second rank with an id begins a part."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = [Part("")]
        self._heading = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a heading or something silent begins."""
        named = dict(attrs)
        if tag in ("svg", "script", "caption"):
            self._silent += 1
        elif tag == "h1" or (tag == "h2" and named.get("id")):
            if tag == "h2":
                self.parts.append(Part(str(named["id"])))
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        """Note where it ends."""
        if tag in ("svg", "script", "caption"):
            self._silent -= 1
        elif tag in ("h1", "h2"):
            self._heading = False

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._silent:
            (self.parts[-1].heading if self._heading else self.parts[-1].words).append(data)
