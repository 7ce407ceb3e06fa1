"""Texts cut into pieces, of which some are marked: a template escapes each piece, no engine writes HTML here."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from .tokens import WORD, Term, words_of

# Signs around the first found word: two lines of a result on a phone.
BEFORE = 60
LENGTH = 200


class Piece(NamedTuple):
    """A stretch of plain text. In a template: `{% if piece.marked %}<mark>{{ piece.text }}</mark>{% else %}…`."""

    text: str
    marked: bool


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """Return the whole text in pieces; joined, they are the text."""
    text = unicodedata.normalize("NFC", text)
    pieces, end = [], 0
    for found in WORD.finditer(text):
        if _fits(found.group(), terms):
            pieces += [Piece(text[end : found.start()], False), Piece(found.group(), True)]
            end = found.end()
    return [piece for piece in [*pieces, Piece(text[end:], False)] if piece.text]


def snippet(text: str, terms: Sequence[Term]) -> list[Piece]:
    """Return the stretch around the first word that was asked for, in pieces; without one, the beginning."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    first = next((found.start() for found in WORD.finditer(text) if _fits(found.group(), terms)), 0)
    start = text.rfind(" ", 0, first - BEFORE) + 1 if first > BEFORE else 0
    end = len(text)
    if end - start > LENGTH:
        end = text.rfind(" ", start, start + LENGTH)
        end = end if end > first else start + LENGTH
    cut = ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
    return marked(cut, terms)


def _fits(word: str, terms: Sequence[Term]) -> bool:
    return any(term.fits(form) for form in words_of(word) for term in terms)
