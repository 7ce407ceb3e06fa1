"""Compare two names that are not spelled alike, one pair at a time; a batch compares each distinct pair once."""

from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from apps.matching.fields import First, Last, Middle
from apps.matching.normalize.address.door import is_slip
from apps.matching.normalize.names import PARTICLES, outer_parts, sound
from apps.matching.normalize.nicknames import formal_names, head, related

CLOSE, SIMILAR = 0.92, 0.85  # Jaro-Winkler similarities, as in comparable linkage tools
TWO_SLIPS_FROM = 9  # letters of a street's name, usually of several words
BESIDE = "/"  # separates a possible first surname from the surname of a full name


def first_level(query: str, voter: str) -> int:
    """Return the level of two given names; initials take precedence over similarity, nicknames over initials."""
    if " " in query or " " in voter:
        return _first_of_several(query, voter)
    return First.SAME if query == voter else _first_words(query, voter, query, voter)


def _first_of_several(query: str, voter: str) -> int:
    if query.replace(" ", "") == voter.replace(" ", ""):
        return First.SAME
    a, b = head(query), head(voter)
    if a == b and len(a) > 1:
        # MARY SUE against MARY: the second word may be in the middle name.
        return First.SAME if a in (query, voter) else First.NICKNAME
    if _share_a_word(query, voter):
        # ROBERT against J ROBERT, SUE against MARY SUE.
        return First.MIDDLE_NAME
    return _first_words(a, b, query, voter)


def _first_words(a: str, b: str, query: str, voter: str) -> int:
    """Return the level of two different first words, or of the full names by their letters."""
    if len(a) == 1 or len(b) == 1:
        return First.INITIAL if a[0] == b[0] else First.DIFFERS
    if b in related(a) or not _formal(a).isdisjoint(formal_names(b)):
        return First.NICKNAME
    return _first_by_similarity(query, voter)


@lru_cache(100_000)
def _formal(name: str) -> frozenset[str]:
    return frozenset(formal_names(name))


def _first_by_similarity(query: str, voter: str) -> int:
    alike = JaroWinkler.similarity(query, voter)
    if alike >= CLOSE:
        return First.CLOSE
    slip = alike >= SIMILAR or _slip_of_short_form(head(query), head(voter))
    return First.SIMILAR if slip else First.DIFFERS


def misspelled_level(query: str, voter: str) -> int:
    """Return SIMILAR for names two edits apart, or three in long names, else DIFFERS."""
    edits = MOST_EDITS if min(len(query), len(voter)) >= LONG_NAME else MOST_EDITS - 1
    return (
        First.SIMILAR
        if min(len(query), len(voter)) >= SHORTEST_MISSPELLED
        and OSA.distance(query, voter, score_cutoff=edits) <= edits
        else First.DIFFERS
    )


MOST_EDITS, LONG_NAME, SHORTEST_MISSPELLED = 3, 7, 4  # letters


def _share_a_word(one: str, other: str) -> bool:
    return any(len(word) > 1 for word in set(one.split(" ")) & set(other.split(" ")))


def _slip_of_short_form(query: str, voter: str) -> bool:
    """Return whether the query is one letter off a short form of the voter's name: EDDIR for EDWARD, ROBBIE for
    ROBERT.

    The weight depends on the frequency of the query's name: a name of its own is weak evidence.
    """
    if (stem := _stem(query)) and voter.startswith(stem):
        return True
    length = len(query)
    if length < 3:
        return False
    for form in _forms(voter, query[0]):
        if -2 < len(form) - length < 2 and OSA.distance(query, form, score_cutoff=1) <= 1:
            return True
    return False


@lru_cache(100_000)
def _stem(query: str) -> str:
    """Return the stem of a short form: ROB of ROBBIE; empty if it is too short to identify a name."""
    stem = query.rstrip("EIY")
    if len(stem) <= 3:
        return ""
    return stem[:-1] if stem[-1] == stem[-2] else stem


@lru_cache(100_000)
def _forms(voter: str, letter: str) -> tuple[str, ...]:
    """Return a voter's name and its related names that begin with a letter."""
    return (voter, *(name for name in related(voter) if name[0] == letter))


def last_level(query: str, voter: str) -> int:
    """Return the level of two surnames; `query` may be two names separated by BESIDE."""
    if " " in query or " " in voter or BESIDE in query:
        beside, _, query = query.rpartition(BESIDE)
        if query.replace(" ", "") == voter.replace(" ", ""):
            return Last.SAME
        if not {*query.split(" "), beside}.isdisjoint(voter.split(" ")):
            return Last.PART
    elif query == voter:
        return Last.SAME
    if (query.endswith(voter) or voter.endswith(query)) and _same_core(query, voter):
        return Last.PART
    return _last_by_similarity(query, voter)


def _last_by_similarity(query: str, voter: str) -> int:
    alike = JaroWinkler.similarity(query, voter)
    if alike >= CLOSE or (alike > ONE_OF_FIVE and _one_slip(query, voter)):
        return Last.CLOSE
    if sound(outer_parts(query)[1]) == sound(outer_parts(voter)[1]):
        return Last.SOUNDS
    return Last.SIMILAR if alike >= SIMILAR else Last.DIFFERS


ONE_OF_FIVE = 0.7  # two words of five or more letters with one edit between them are always more similar than this


def _one_slip(query: str, voter: str) -> bool:
    return min(len(query), len(voter)) >= 5 and OSA.distance(query, voter, score_cutoff=1) <= 1


def _same_core(one: str, other: str) -> bool:
    """Return whether one surname is the other without its particle: CRUZ and DELACRUZ."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.endswith(short) and _is_particles(long[: -len(short)])


def _is_particles(text: str) -> bool:
    return not text or any(text.startswith(p) and _is_particles(text[len(p) :]) for p in PARTICLES)


def middle_level(query: str, voter: str) -> int:
    """Return the level of two middle names; an initial agrees with any name that begins with it."""
    a, b = head(query), head(voter)
    if len(a) == 1 or len(b) == 1:
        return Middle.INITIAL if a[0] == b[0] else Middle.DIFFERS
    if a == b:
        return Middle.SAME
    return Middle.CLOSE if JaroWinkler.similarity(a, b) >= CLOSE or b in related(a) else Middle.DIFFERS


def same_street(query: str, voter: str) -> int:
    """Return 1 if two street names are equal up to a misspelling; numbers have none (21ST, 23RD)."""
    if is_slip(query, voter):
        return 1
    long = min(len(query), len(voter)) >= TWO_SLIPS_FROM and query.isalpha() and voter.isalpha()
    return int(long and OSA.distance(query, voter, score_cutoff=2) <= 2)
