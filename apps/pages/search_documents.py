"""Documents of the static pages for site search, in each language, read from the rendered templates."""

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

PAGE_NAMES = ("help", "privacy", "terms", "accessibility")


def register_search_documents() -> None:
    """Register the source of documents; called by AppConfig.ready."""
    sitesearch.register_source("texts", page_documents)


def page_documents() -> Iterator[Document]:
    """Yield one document per section of each page: the introduction, and each heading with an id."""
    request = HttpRequest()
    request.user = AnonymousUser()
    request.method = "GET"
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            for name in PAGE_NAMES:
                yield from _page_sections(name, language, _render_block(name, request))


def _render_block(name: str, request: HttpRequest) -> str:
    """Return the page's own block; the surrounding layout is on every page and needs collected static files."""
    template: Any = get_template(f"pages/{name}.html")
    block = template.template.nodelist.get_nodes_by_type(ExtendsNode)[0].blocks["text"]
    context = make_context({"contact_mail": ""}, request, autoescape=True)
    with context.bind_template(template.template):
        return str(block.render(context))


def _page_sections(name: str, language: str, html: str) -> Iterator[Document]:
    reader = SectionParser()
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


class PageSection:
    """Hold the section of a page under one heading."""

    def __init__(self, anchor: str) -> None:
        self.anchor = anchor
        self.words: list[str] = []
        self.heading: list[str] = []

    @property
    def title(self) -> str:
        """Return the text of the heading."""
        return " ".join(" ".join(self.heading).split())

    @property
    def text(self) -> str:
        """Return the text below the heading."""
        return " ".join(" ".join(self.words).split())


class SectionParser(HTMLParser):
    """Split a page into sections at second-level headings with an id."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = [PageSection("")]
        self._heading = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter a heading or an element without text."""
        named = dict(attrs)
        if tag in ("svg", "script", "caption"):
            self._silent += 1
        elif tag == "h1" or (tag == "h2" and named.get("id")):
            if tag == "h2":
                self.parts.append(PageSection(str(named["id"])))
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        """Leave a heading or an element without text."""
        if tag in ("svg", "script", "caption"):
            self._silent -= 1
        elif tag in ("h1", "h2"):
            self._heading = False

    def handle_data(self, data: str) -> None:
        """Add text to the current section."""
        if not self._silent:
            (self.parts[-1].heading if self._heading else self.parts[-1].words).append(data)
