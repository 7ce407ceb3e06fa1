"""Introduce the clerical errors of real rolls."""

from datetime import date

import numpy as np

from apps.synthetic.people import PREREGISTERED, People, pick

# Shares of records with each error, from published matching of real rolls: one or two records in a hundred.
_TYPO_FIRST, _TYPO_LAST, _SWAPPED_NAMES, _JOINED_NAMES, _SUFFIX_IN_NAME = 0.005, 0.007, 0.0005, 0.003, 0.05
_SWAPPED_DATE, _WRONG_DIGIT, _WRONG_SEX = 0.002, 0.003, 0.001


def typo(word: str, rng: np.random.Generator) -> str:
    """Double, drop or swap one letter inside a word of four letters or more."""
    if len(word) < 4:
        return word
    at = int(rng.integers(1, len(word) - 2))
    kind = int(rng.integers(3))
    if kind == 0:
        return word[: at + 1] + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def misrecord(people: People, rng: np.random.Generator) -> None:
    """Introduce clerical errors into the records of a chunk."""
    for column, share in ((people.first, _TYPO_FIRST), (people.last, _TYPO_LAST)):
        for at in pick(len(people), share, rng).tolist():
            column[at] = typo(column[at], rng)
    for at in pick(len(people), _SWAPPED_NAMES, rng).tolist():
        people.first[at], people.last[at] = people.last[at], people.first[at]
    for at in pick(len(people), _JOINED_NAMES, rng).tolist():
        if len(people.middle[at]) > 1:
            people.first[at], people.middle[at] = f"{people.first[at]} {people.middle[at]}", ""
    for at in np.flatnonzero(people.suffix != "").tolist():
        if rng.random() < _SUFFIX_IN_NAME:
            people.last[at], people.suffix[at] = f"{people.last[at]} {people.suffix[at]}", ""
    for at in pick(len(people), _SWAPPED_DATE, rng).tolist():
        people.born[at] = _day_for_month(int(people.born[at]))
    wrong = pick(len(people), _WRONG_DIGIT, rng)
    wrong = wrong[people.status[wrong] != PREREGISTERED]
    people.born[wrong] = [_other_digit(day, rng) for day in people.born[wrong].tolist()]
    flipped = pick(len(people), _WRONG_SEX, rng)
    people.sex[flipped] = 1 - people.sex[flipped]


def _day_for_month(ordinal: int) -> int:
    """Return the date with day and month swapped if that is an earlier date, so that no one becomes a minor."""
    day = date.fromordinal(ordinal)
    return date(day.year, day.day, day.month).toordinal() if day.day < day.month else ordinal


def _other_digit(ordinal: int, rng: np.random.Generator) -> int:
    """Return a date a few days, or one or ten years earlier; never later, so that no one becomes a minor."""
    day = date.fromordinal(ordinal)
    if rng.random() < 0.5:
        return max(ordinal - int(rng.integers(1, 9)), 1)
    back = int(rng.choice([1, 10]))
    return date(day.year - back, day.month, min(day.day, 28)).toordinal()
