"""Levels of two names that are not written alike, one pair at a time; the batch asks each distinct pair
once.
"""

from rapidfuzz.distance import OSA, JaroWinkler

from apps.matching.fields import First, Last, Middle
from apps.matching.normal.names import PARTICLES, outer_parts, sound
from apps.matching.normal.nicknames import formal_names, head, related

CLOSE, SIMILAR = 0.92, 0.85  # Jaro-Winkler similarities, as measured peers use them
STREET_CLOSE = 0.9
BESIDE = "/"  # stands between a possible first surname and the surname of a name typed in one string


def first_level(typed: str, filed: str) -> int:
    """The level of two given names; initials before similarity, nicknames before initials."""
    if typed.replace(" ", "") == filed.replace(" ", ""):
        return First.SAME
    a, b = head(typed), head(filed)
    if a == b and len(a) > 1:
        # MARY SUE against MARY: the second word may stand in the middle name.
        return First.SAME if a in (typed, filed) else First.NICKNAME
    if (" " in typed or " " in filed) and _share_a_word(typed, filed):
        # ROBERT against J ROBERT, SUE against MARY SUE.
        return First.MIDDLE_NAME
    if len(a) == 1 or len(b) == 1:
        return First.INITIAL if a[0] == b[0] else First.DIFFERS
    if b in related(a) or not set(formal_names(a)).isdisjoint(formal_names(b)):
        return First.NICKNAME
    return _first_by_letters(typed, filed)


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
    stem = typed.rstrip("EIY")
    doubled = len(stem) > 3 and stem[-1] == stem[-2]
    if len(stem) > 3 and filed.startswith(stem[:-1] if doubled else stem):
        return True
    near = (short for short in related(filed) if short[0] == typed[0])
    return len(typed) > 2 and any(OSA.distance(typed, n, score_cutoff=1) <= 1 for n in (filed, *near))


def last_level(typed: str, filed: str) -> int:
    """The level of two surnames; `typed` may be two names with BESIDE between them."""
    beside, _, typed = typed.rpartition(BESIDE)
    if typed.replace(" ", "") == filed.replace(" ", ""):
        return Last.SAME
    if not {*typed.split(" "), beside}.isdisjoint(filed.split(" ")) or _same_core(typed, filed):
        return Last.PART
    alike = JaroWinkler.similarity(typed, filed)
    if alike >= CLOSE or (min(len(typed), len(filed)) >= 5 and OSA.distance(typed, filed, score_cutoff=1) <= 1):
        return Last.CLOSE
    if sound(outer_parts(typed)[1]) == sound(outer_parts(filed)[1]):
        return Last.SOUNDS
    return Last.SIMILAR if alike >= SIMILAR else Last.DIFFERS


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
    """1 where two street cores are the same up to a slip of the pen."""
    return int(JaroWinkler.similarity(typed, filed) >= STREET_CLOSE)
