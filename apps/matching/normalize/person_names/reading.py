"""A name as people, clerks and address books write it, in its parts: for forms, contacts, lists and rolls alike.

Spelling is kept: letters, accents and case come out as they went in. Comparing is the matcher's.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from apps.matching.normalize.characters import APOSTROPHES, DASHES, fold
from apps.matching.normalize.person_names.vocabulary import (
    DEGREES,
    DEGREES_OR_NAMES,
    GIVEN,
    IN_FRONT,
    LINKS,
    NAMES_TOO,
    PARTICLES,
    SPANISH_SENOR,
    SUFFIXES,
    TITLES,
    TITLES_OR_NAMES,
)

LONGEST: Final = 200
_QUOTES: Final = "“”„‟«»″＂"
_SIGNS: Final = str.maketrans(
    {**dict.fromkeys(DASHES, "-"), **dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(_QUOTES, '"')}
)
_NICKNAME: Final = re.compile(r"\s*(?:\"([^\"]+)\"|\(([^)]*)\))\s*|\s'([^']+)'\s")
_SON: Final = re.compile(r"\(h(?:ijo)?\.?\)", re.IGNORECASE)
_NOT_WORD: Final = re.compile(r"[^A-Z0-9]")
_SPACED_DEGREE: Final = re.compile(r"\b(Ph|Psy|Ed|Th)\.?\s+D\b\.?", re.IGNORECASE)


class PersonName(NamedTuple):
    """The parts of a name as written; `suffix` is Jr, Sr, II, III, IV, V, VI, Filho, Hijo, Neto or Sobrinho."""

    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    nickname: str = ""


def clean_name(text: str) -> str:
    """Return a name in one line without emoji and symbols, with one kind of hyphen, apostrophe and quote."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text[:LONGEST]).translate(_SIGNS)
    return " ".join("".join(_sign(sign) for sign in text[:LONGEST]).split())


def _sign(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() else " "
    category = unicodedata.category(sign)
    if category[0] in "LN":
        return sign
    # Marks belong to letters, but not the selector and the circle that make an emoji.
    if category[0] == "M":
        return "" if sign in "\ufe0e\ufe0f\u20e3" else sign
    return "" if category in ("Cf", "So", "Sk") else " "


@lru_cache(50_000)
def read_name(text: str) -> PersonName:
    """Return the parts of a name written in one string: `Lee, Ann`, `Dra. Ana Ruiz`, `Lou Hart, M.D.`; never raises.

    A single word is the first name.
    """
    text, nickname, son = _without_nickname(clean_name(_SPACED_DEGREE.sub(r"\1D", text[:LONGEST])))
    parts = [part.split() for part in text.split(",") if part.strip(" .-")]
    suffix = son
    for end in (-1, 0):
        while len(parts) > 1 and (found := _only_marks(parts[end])) is not None:
            suffix = found or suffix
            parts.pop(end)
    if not parts:
        return PersonName(nickname=nickname)
    if len(parts) == 1:
        words, mark = _without_marks(parts[0])
        if len(words) == 1 and len(parts[0]) > 1 and _is_title(parts[0], surname=False):
            return PersonName(last=words[0], suffix=suffix or mark, nickname=nickname)  # Ms. Smith
        return _in_order(words, suffix or mark, nickname)
    last, mark = _without_marks(parts[0], surname=True)
    given, given_mark = _without_marks([word for part in parts[1:] for word in part])
    return PersonName(given[0], " ".join(given[1:]), " ".join(last), suffix or given_mark or mark, nickname)


def read_fields(first: str, middle: str, last: str, suffix: str = "") -> PersonName:
    """Return the parts of a name in separate fields, of which titles, degrees and suffixes may stand in any."""
    first, first_nickname, first_son = _without_nickname(clean_name(first))
    last, last_nickname, last_son = _without_nickname(clean_name(last))
    first_words, first_mark = _without_marks(first.replace(",", " ").split())
    last_words, last_mark = _without_marks(last.replace(",", " ").split(), surname=True)
    mark = read_suffix(suffix) or last_mark or first_mark or last_son or first_son
    nickname = first_nickname or last_nickname
    return PersonName(" ".join(first_words), clean_name(middle), " ".join(last_words), mark, nickname)


@lru_cache(2_000)
def read_suffix(text: str) -> str:
    """Return a generation suffix as it is written, Jr or III, also of a list; empty for degrees and anything else."""
    words = [text, *re.split(r"[,;\s]+", text)] if len(text) <= LONGEST else []
    return next((mark for word in words if (mark := SUFFIXES.get(_plain(word).removeprefix("THE"), ""))), "")


def _plain(word: str) -> str:
    return _NOT_WORD.sub("", fold(word))


def _without_nickname(text: str) -> tuple[str, str, str]:
    """Return a name without what stands in quotes or brackets, this, and the suffix of an Argentine `(h)`."""
    if len(text) > 2 and text[0] == text[-1] == "'":
        text = text[1:-1].strip()  # the whole name in quotes
    text, sons = _SON.subn(" ", text)
    found = _NICKNAME.search(text)
    if not found:
        return text, "", "Hijo" if sons else ""
    nickname = next(part for part in found.groups() if part is not None)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    mark = read_suffix(nickname)
    if not rest.strip(" ,.\"'"):
        return nickname, "", ""
    return rest, "" if mark else nickname.strip(), mark or ("Hijo" if sons else "")


def _only_marks(words: Sequence[str]) -> str | None:
    """Return the suffix of words that are nothing but titles, degrees and suffixes; None where one is a name."""
    suffix = ""
    for word in words:
        plain = _plain(word)
        if plain in SUFFIXES:
            suffix = suffix or SUFFIXES[plain]
        elif plain and plain not in DEGREES and plain not in DEGREES_OR_NAMES and plain not in ("THE", "REV", "DR"):
            return None
    return suffix


def _without_marks(words: Sequence[str], *, surname: bool = False) -> tuple[list[str], str]:
    """Return words without titles in front, degrees and a suffix behind; at least one word stays."""
    words, suffix = [word for word in words if word.strip("-.")] or [*words[:1]] or [""], ""
    while len(words) > 1 and _is_title(words, surname=surname):
        words = words[1:]
    while len(words) > 2 and _is_degree(words[0], _plain(words[0])):
        words = words[1:]
    if len(words) > 2 and _plain(words[0]) in IN_FRONT:
        suffix, words = SUFFIXES[_plain(words[0])], words[1:]
    least = 1 if surname else 2
    while len(words) > 1:
        plain = _plain(words[-1])
        if _is_degree(words[-1], plain) and len(words) > least - (plain in DEGREES):
            words = words[:-1]
        elif (mark := _mark_behind(words, least)) and not suffix:
            suffix, words = mark, words[:-1]
            if _plain(words[-1]) == "THE" and len(words) > 1:
                words = words[:-1]
        else:
            break
    return words, suffix


def _is_title(words: Sequence[str], *, surname: bool) -> bool:
    plain = _plain(words[0])
    if surname:  # "Sr." in a field of surnames is a suffix, and Gen or Fr may begin one
        return plain in ("DR", "MR", "MRS", "MS", "REV", "SRA", "DRA")
    if plain in TITLES_OR_NAMES:
        return words[0].endswith(".") or "ñ" in words[0]
    return plain in TITLES or plain == SPANISH_SENOR


def _is_degree(word: str, plain: str) -> bool:
    return plain in DEGREES or (plain in DEGREES_OR_NAMES and "." in word[:-1] and len(plain) > 1)


def _mark_behind(words: Sequence[str], least: int) -> str:
    """Return the suffix at the end, where enough of a name is left in front of it."""
    plain = _plain(words[-1])
    mark = SUFFIXES.get(plain, "")
    if not mark or len(words) <= (least if plain in NAMES_TOO else 1):
        return ""
    if plain in ("FILHO", "HIJO", "NETO", "SOBRINHO") and _plain(words[-2]) in GIVEN:
        return ""
    return "" if plain in ("V", "VI") and words[-1].endswith(".") else mark


def _in_order(words: Sequence[str], suffix: str, nickname: str) -> PersonName:
    """Split words in the order first, middle, last; particles and `y` belong to the surname."""
    if len(words) < 2:
        return PersonName(words[0] if words else "", suffix=suffix, nickname=nickname)
    start = len(words) - 1
    if start > 2 and _plain(words[start - 1]) in LINKS:
        start -= 2
    while start > 1 and _plain(words[start - 1]) in PARTICLES:
        start -= 1
    return PersonName(words[0], " ".join(words[1:start]), " ".join(words[start:]), suffix, nickname)
