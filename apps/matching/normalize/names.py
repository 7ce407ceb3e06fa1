"""Names as comparable tokens: given names, surnames and their parts, suffixes, names typed in one string."""

import re
from functools import lru_cache
from typing import NamedTuple

import jellyfish

from apps.matching.normalize.person_names import read_fields, read_name, read_suffix
from apps.matching.normalize.text import fold

_APOSTROPHES = re.compile(r"['`´’‘ʼ.]")
_NOT_LETTERS = re.compile(r"[^A-Z]+")

# Words that belong to the surname part after them.
PARTICLES = frozenset({
    "A", "AL", "AP", "BEN", "BIN", "DA", "DAL", "DAS", "DE", "DEL", "DELA", "DELLA", "DEN", "DER",
    "DES", "DI", "DO",
    "DOS", "DU", "EL", "ES", "FITZ", "IBN", "LA", "LAS", "LE", "LO", "LOS", "MAC", "MC", "O", "ST",
    "TE", "TEN",
    "TER", "VAN", "VANDEN", "VANDER", "VON", "VONDER", "ZU",
})  # fmt: skip
_LINKS = frozenset({"Y", "E", "I"})  # "Ortega y Gasset"
# First words that are written apart or together: De Shawn, La Toya, Mc Kenna, Jo Ann.
_GIVEN_PREFIXES = frozenset({"DE", "LA", "LE", "DA", "DU", "MC", "TA", "KE", "SHA", "JA", "JO", "D"})
_SUFFIXES = {
    **dict.fromkeys(("JR", "JUNIOR", "JNR", "FILHO", "HIJO"), "JR"),
    **dict.fromkeys(("SR", "SENIOR", "SNR"), "SR"),
    **dict.fromkeys(("II", "2ND", "2", "SECOND"), "II"),
    **dict.fromkeys(("III", "3RD", "3", "THIRD"), "III"),
    **dict.fromkeys(("IV", "4TH", "4", "FOURTH"), "IV"),
    **dict.fromkeys(("V", "5TH", "5", "FIFTH"), "V"),
}


class Names(NamedTuple):
    """The name of one person: words are joined by single spaces, empty where nothing was given.

    `first_part` and `last_part` are the outer parts of the surname, particles included; for a name typed in
    one string the part before the last word may be a middle name or a first surname and counts as both.
    """

    first: str
    middle: str
    last: str
    first_part: str
    last_part: str
    suffix: str


def _letters(text: str) -> list[str]:
    return _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", fold(text.replace("’", "'")))).split()


def given(text: str) -> str:
    """A first or middle name: `D'Angelo` DANGELO, `La Toya` LATOYA, `mary-sue` MARY SUE, `Dr. Ann` ANN."""
    return given_with_suffix(text)[0]


@lru_cache(200_000)
def given_with_suffix(text: str) -> tuple[str, str]:
    """A first or middle name, and a suffix that stands behind it: `John Jr` is JOHN and JR."""
    mark = ""
    # One word of letters has neither title nor suffix: most names of a roll need no closer look.
    if not text.isalpha():
        read = read_fields(text, "", "")
        text, mark = read.first, suffix(read.suffix) if read.suffix else ""
    parts = _letters(text)
    if len(parts) > 1 and parts[0] in _GIVEN_PREFIXES and len(parts[1]) > 1:
        parts[:2] = [parts[0] + parts[1]]
    return " ".join(parts), mark


@lru_cache(200_000)
def surname(text: str) -> tuple[str, str]:
    """A surname's parts joined by spaces, and a suffix found at its end.

    A particle is written together with what follows: `O Brien` OBRIEN, `de la Cruz` DELACRUZ, `Saint John`
    STJOHN; `Garcia-de la Cruz` has the two parts GARCIA DELACRUZ.
    """
    mark = ""
    if not text.isalpha():
        read = read_fields("", "", text)
        text, mark = read.last, suffix(read.suffix) if read.suffix else ""
    parts = _letters(text)
    joined: list[str] = []
    held = ""
    for part in parts:
        word = "ST" if part == "SAINT" else part
        if word in PARTICLES:
            held += word
        elif not (word in _LINKS and joined and not held):
            joined.append(held + word)
            held = ""
    if held:
        joined.append(held)
    return " ".join(joined), mark


@lru_cache(2_000)
def suffix(text: str) -> str:
    """JR, SR, II, III, IV or V; titles and degrees are not suffixes and give the empty string."""
    word = re.sub(r"[^A-Z0-9]", "", fold(text).replace("THE ", ""))
    return _SUFFIXES.get(word) or _SUFFIXES.get(read_suffix(text).upper(), "")


@lru_cache(200_000)
def sound(part: str) -> str:
    """How a surname part sounds: five letters of its metaphone, or its beginning where it has none."""
    return (jellyfish.metaphone(part)[:5] or part[:3]) if part else ""


def outer_parts(last: str) -> tuple[str, str]:
    """The first and the last part of a normal surname."""
    if " " not in last:
        return last, last
    parts = last.split(" ")
    return parts[0], parts[-1]


@lru_cache(50_000)
def one_string(text: str) -> Names:
    """The name typed in one string, `Maria Garcia Lopez`, `Smith, John A., Jr.` or `Dr. Ann O'Hara`."""
    found = read_name(text)
    # One word is a surname here: a first name alone identifies nobody.
    last, first = (found.last, found.first) if found.last else (found.first, "")
    names = separate(first, found.middle, last, found.suffix)
    extra = names.middle.split(" ")[-1] if names.middle else ""
    if len(extra) > 1 and " " not in names.last:
        return names._replace(first_part=extra)
    return names


def separate(first: str, middle: str, last: str, tail: str) -> Names:
    """The name typed in separate fields; a suffix may stand in its own field or at the end of the surname."""
    last_name, found = surname(last)
    first_name, mark = given_with_suffix(first)
    first_part, last_part = outer_parts(last_name)
    return Names(first_name, given(middle), last_name, first_part, last_part, suffix(tail) or found or mark)
