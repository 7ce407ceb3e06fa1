"""Collect every message of the sources with Python alone, so that the check needs no gettext tools."""

import ast
import gettext
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "project" / "locale" / "es" / "LC_MESSAGES" / "django.po"
ROOMS = [ROOT / "apps", ROOT / "project", ROOT / "tasks"]
TEMPLATES = sorted(path for room in ROOMS for path in room.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
SOURCES = sorted(path for room in ROOMS for path in room.rglob("*.py") if "migrations" not in path.parts)

# By function: the argument positions of context, message, and plural message.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "n_"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
IN_TEMPLATE = re.compile(r"""(?<!\w)((?:_|n?p?gettext)\((?:u?(['"])(?:\\.|(?!\2).)*\2(?:, (?!count))?|, )+)""", re.S)


class Message(NamedTuple):
    """A message of the sources."""

    words: str
    many: str | None = None
    context: str | None = None

    def spanish(self, catalogue: gettext.GNUTranslations) -> list[str]:
        """Return the catalog's translations, singular and plural; empty if missing."""
        if self.many is None:
            said = catalogue.pgettext(self.context, self.words) if self.context else catalogue.gettext(self.words)
            return [said] if said else []
        forms = [catalogue.ngettext(self.words, self.many, number) for number in (1, 2, 1_000_000)]
        return [form for form in forms if form]


class Missing(gettext.NullTranslations):
    """The fallback of a catalog: no translation."""

    def gettext(self, message: str) -> str:
        """Return an empty text, where gettext would return the English."""
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return an empty text."""
        return ""

    def pgettext(self, context: str, message: str) -> str:
        """Return an empty text."""
        return ""


def spanish() -> gettext.GNUTranslations:
    """Return the compiled catalog, which excludes untranslated and fuzzy entries."""
    with PO.with_suffix(".mo").open("rb") as handle:
        catalogue = gettext.GNUTranslations(handle)
    catalogue.add_fallback(Missing())
    return catalogue


def _calls(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        where = CALLS.get(name)
        if where and (found := _message(node.args, *where)):
            yield found


def _message(args: list[ast.expr], context: int | None, words: int, many: int | None) -> Message | None:
    said = [each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else None for each in args]
    needed = [at for at in (context, words, many) if at is not None]
    if max(needed) >= len(said) or any(said[at] is None for at in needed):
        return None
    one = said[words] or ""
    return Message(one, None if many is None else said[many], None if context is None else said[context])


def _of_template(text: str) -> Iterator[Message]:
    for call, _ in IN_TEMPLATE.findall(templatize(text)):
        yield from _calls(ast.parse(call.rstrip(", ") + ")"))


def messages() -> dict[Message, Path]:
    """Return every message of the sources with one file that contains it."""
    found: dict[Message, Path] = {}
    for path in SOURCES:
        found |= dict.fromkeys(_calls(ast.parse(path.read_text("utf-8"))), path)
    for path in TEMPLATES:
        found |= dict.fromkeys(_of_template(path.read_text("utf-8")), path)
    return found


class _Bare(HTMLParser):
    """Collects text of a page that is outside a translation tag."""

    SEEN = {"alt", "aria-label", "aria-description", "content", "data-th", "label", "placeholder", "title"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """Collect the text between tags."""
        self.found += [data]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect attributes that screen readers announce."""
        if tag != "meta":
            self.found += [value or "" for name, value in attrs if name in self.SEEN]


# Names that are the same in every language.
NAMES = {"CSV", "GeoJSON", "JSON", "API", "OpenAPI", "Votekin", "ZIP", "PDF", "KB", "MB", "px"}


def bare_words(text: str) -> list[str]:
    """Return the untranslated text of a template."""
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", "", text, flags=re.S)
    text = re.sub(r"<(\w+)[^>]* translate=\"no\".*?</\1>", "", text, flags=re.S)
    text = re.sub(r"<(script|style|svg|code|kbd)\b.*?</\1>", "", text, flags=re.S)
    parser = _Bare()
    parser.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S))
    parser.close()
    words = " ".join(parser.found)
    return [word for word in re.findall(r"&\w+;|[^\W\d_]{2,}", words) if word not in NAMES and not word.startswith("&")]
