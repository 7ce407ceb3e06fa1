"""Levels of two names that are not written alike, one pair at a time; the batch asks each distinct pair
once.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from apps.matching.fields import First, Last, Middle
from apps.matching.normalize.address.door import is_slip
from apps.matching.normalize.names import PARTICLES, outer_parts, sound
from apps.matching.normalize.nicknames import formal_names, head, related

CLOSE, SIMILAR = 0.92, 0.85  # Jaro-Winkler similarities, as measured peers use them
TWO_SLIPS_FROM = 9  # letters of a street's core, of several words as a rule
BESIDE = "/"  # stands between a possible first surname and the surname of a name typed in one string


def first_level(typed: str, filed: str) -> int:
    """The level of two given names; initials before similarity, nicknames before initials."""
    if " " in typed or " " in filed:
        return _first_of_several(typed, filed)
    return First.SAME if typed == filed else _first_words(typed, filed, typed, filed)


def _first_of_several(typed: str, filed: str) -> int:
    if typed.replace(" ", "") == filed.replace(" ", ""):
        return First.SAME
    a, b = head(typed), head(filed)
    if a == b and len(a) > 1:
        # MARY SUE against MARY: the second word may stand in the middle name.
        return First.SAME if a in (typed, filed) else First.NICKNAME
    if _share_a_word(typed, filed):
        # ROBERT against J ROBERT, SUE against MARY SUE.
        return First.MIDDLE_NAME
    return _first_words(a, b, typed, filed)


def _first_words(a: str, b: str, typed: str, filed: str) -> int:
    """The level of two different first words, or of the whole names by their letters."""
    if len(a) == 1 or len(b) == 1:
        return First.INITIAL if a[0] == b[0] else First.DIFFERS
    if b in related(a) or not _formal(a).isdisjoint(formal_names(b)):
        return First.NICKNAME
    return _first_by_letters(typed, filed)


@lru_cache(100_000)
def _formal(name: str) -> frozenset[str]:
    return frozenset(formal_names(name))


def _first_by_letters(typed: str, filed: str) -> int:
    alike = JaroWinkler.similarity(typed, filed)
    if alike >= CLOSE:
        return First.CLOSE
    slip = alike >= SIMILAR or _slip_of_short_form(head(typed), head(filed))
    return First.SIMILAR if slip else First.DIFFERS


def _share_a_word(one: str, other: str) -> bool:
    return any(len(word) > 1 for word in set(one.split(" ")) & set(other.split(" ")))


def _slip_of_short_form(typed: str, filed: str) -> bool:
    """Whether one letter lies between what was typed and a short form of the name: EDDIR for EDWARD, ROBBIE
    for ROBERT.

    How much that says is left to how common the typed name is: a name of its own says little.
    """
    if (stem := _stem(typed)) and filed.startswith(stem):
        return True
    length = len(typed)
    if length < 3:
        return False
    for form in _forms(filed, typed[0]):
        if -2 < len(form) - length < 2 and OSA.distance(typed, form, score_cutoff=1) <= 1:
            return True
    return False


@lru_cache(100_000)
def _stem(typed: str) -> str:
    """What a short form is made of: ROB of ROBBIE; empty where that is too little to say anything."""
    stem = typed.rstrip("EIY")
    if len(stem) <= 3:
        return ""
    return stem[:-1] if stem[-1] == stem[-2] else stem


@lru_cache(100_000)
def _forms(filed: str, letter: str) -> tuple[str, ...]:
    """A filed name, and the names related to it that begin with a letter."""
    return (filed, *(name for name in related(filed) if name[0] == letter))


def last_level(typed: str, filed: str) -> int:
    """The level of two surnames; `typed` may be two names with BESIDE between them."""
    if " " in typed or " " in filed or BESIDE in typed:
        beside, _, typed = typed.rpartition(BESIDE)
        if typed.replace(" ", "") == filed.replace(" ", ""):
            return Last.SAME
        if not {*typed.split(" "), beside}.isdisjoint(filed.split(" ")):
            return Last.PART
    elif typed == filed:
        return Last.SAME
    if (typed.endswith(filed) or filed.endswith(typed)) and _same_core(typed, filed):
        return Last.PART
    return _last_by_letters(typed, filed)


def _last_by_letters(typed: str, filed: str) -> int:
    alike = JaroWinkler.similarity(typed, filed)
    if alike >= CLOSE or (alike > ONE_OF_FIVE and _one_slip(typed, filed)):
        return Last.CLOSE
    if sound(outer_parts(typed)[1]) == sound(outer_parts(filed)[1]):
        return Last.SOUNDS
    return Last.SIMILAR if alike >= SIMILAR else Last.DIFFERS


ONE_OF_FIVE = 0.7  # two words of five letters or more that are one slip apart are always more alike than that


def _one_slip(typed: str, filed: str) -> bool:
    return min(len(typed), len(filed)) >= 5 and OSA.distance(typed, filed, score_cutoff=1) <= 1


def _same_core(one: str, other: str) -> bool:
    """Whether one surname is the other without its particle: CRUZ and DELACRUZ."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.endswith(short) and _is_particles(long[: -len(short)])


def _is_particles(text: str) -> bool:
    return not text or any(text.startswith(p) and _is_particles(text[len(p) :]) for p in PARTICLES)


def middle_level(typed: str, filed: str) -> int:
    """The level of two middle names; an initial agrees with any name that it begins."""
    a, b = head(typed), head(filed)
    if len(a) == 1 or len(b) == 1:
        return Middle.INITIAL if a[0] == b[0] else Middle.DIFFERS
    if a == b:
        return Middle.SAME
    return Middle.CLOSE if JaroWinkler.similarity(a, b) >= CLOSE or b in related(a) else Middle.DIFFERS


def same_street(typed: str, filed: str) -> int:
    """1 where two street cores are the same up to a slip of the pen; a number has none (21ST, 23RD)."""
    if is_slip(typed, filed):
        return 1
    long = min(len(typed), len(filed)) >= TWO_SLIPS_FROM and typed.isalpha() and filed.isalpha()
    return int(long and OSA.distance(typed, filed, score_cutoff=2) <= 2)
