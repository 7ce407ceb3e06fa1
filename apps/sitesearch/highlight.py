"""Highlight a query's words in texts as marked pieces, which templates escape. Never produces HTML."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from .tokens import WORD_PATTERN, Term, split_words

# Characters before the first match, and in all: two lines of a result on a phone.
CONTEXT_BEFORE = 60
SNIPPET_LENGTH = 200


class Piece(NamedTuple):
    """A piece of plain text. In a template: `{% if piece.marked %}<mark>{{ piece.text }}</mark>{% else %}…`."""

    text: str
    marked: bool


def highlight(text: str, terms: Sequence[Term]) -> list[Piece]:
    """Return the whole text in pieces, with the terms' words marked."""
    text = unicodedata.normalize("NFC", text)
    pieces, end = [], 0
    for match in WORD_PATTERN.finditer(text):
        if _matches(match.group(), terms):
            pieces += [Piece(text[end : match.start()], False), Piece(match.group(), True)]
            end = match.end()
    return [piece for piece in [*pieces, Piece(text[end:], False)] if piece.text]


def snippet(text: str, terms: Sequence[Term]) -> list[Piece]:
    """Return the text around the first matching word in pieces; without one, the beginning of the text."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    first = next((match.start() for match in WORD_PATTERN.finditer(text) if _matches(match.group(), terms)), 0)
    start = text.rfind(" ", 0, first - CONTEXT_BEFORE) + 1 if first > CONTEXT_BEFORE else 0
    end = len(text)
    if end - start > SNIPPET_LENGTH:
        end = text.rfind(" ", start, start + SNIPPET_LENGTH)
        end = end if end > first else start + SNIPPET_LENGTH
    excerpt = ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
    return highlight(excerpt, terms)


def _matches(word: str, terms: Sequence[Term]) -> bool:
    return any(term.matches(form) for form in split_words(word) for term in terms)
