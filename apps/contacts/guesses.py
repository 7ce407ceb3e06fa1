"""Limits guesses of a voter's place, birth year, phone or email by contacts. The only module that counts them.

Counters belong to the names on the roll, not to what was typed. A wrong detail is counted before the answer; when a
counter is used up, the place and the birth year do not count, and nothing says so. A door is one of thousands. A ZIP
code, a city or a year is one of few, so that a single try would be worth more than a guess: none of them counts alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from apps.core import quotas as core_quotas
from apps.core.quotas import Limit
from apps.matching.fields import COLUMN, MISSING, Dob, Email, First, Last, Phone, Where
from apps.matching.normalize import names
from apps.matching.person import TypedPerson
from apps.matching.results import Candidate
from apps.voters import rolls

from . import quotas
from .quotas import Guesser

EXACT_FIRST_NAMES: Final = frozenset({First.SAME, First.NICKNAME})
# Levels of a wrong address in the right neighborhood. Where no place is typed, every address is near.
NEAR: Final = frozenset({Where.STREET, Where.HOUSE, Where.ZIP, Where.CITY})
# Levels that agree with a typed ZIP code, and with a birth year beside an address: a roll may have none.
RIGHT_ZIP: Final = frozenset({Where.DOOR, Where.ZIP, Where.PLACE_ZIP})
RIGHT_YEAR: Final = frozenset({MISSING, Dob.YEAR})


@dataclass(frozen=True, slots=True)
class Trial:
    """A typed person with a place or birth year, and the candidates without and with them."""

    typed: TypedPerson
    bare: Sequence[Candidate]
    detailed: Sequence[Candidate]

    @property
    def exact(self) -> dict[tuple[str, str], Candidate]:
        """Return the candidates whose name is exact or a nickname, by state and voter id."""
        return {(one.state, one.voter_id): one for one in (*self.bare, *self.detailed) if has_exact_name(one)}

    @property
    def is_wrong(self) -> bool:
        """Return whether place and birth year, as far as typed, agree with no voter of the name."""
        return not any(_agrees(self.typed, one) for one in self.detailed if has_exact_name(one))

    @property
    def details(self) -> tuple[str, ...]:
        """Return what is tried."""
        typed = self.typed
        return typed.address, typed.city, typed.state, typed.zip, typed.birth_year

    @property
    def neighbors(self) -> list[tuple[str, str]]:
        """Return the voters whose limit of near addresses is concerned: those who agree, else those who live near."""
        if not self.typed.address:
            return []
        concerned = _is_near if self.is_wrong else _agrees
        return [voter for voter, one in self.exact.items() if concerned(self.typed, one)]

    def limits_of_name(self, guesser: Guesser, name: tuple[str, ...], bearers: int) -> list[Limit]:
        """Return the limits of wrong details of one name on the roll."""
        limits = [quotas.wrong_years(guesser, name, bearers)] if self.typed.birth_year else []
        return [*limits, *quotas.wrong_addresses(guesser, name, bearers)] if self.typed.address else limits


class ReachTrial(Trial):
    """The same for a phone number and an email address. Where the roll has neither, nothing is tried."""

    @property
    def is_wrong(self) -> bool:
        """Return whether the roll has another phone or email of a voter of the name, and the typed one of none."""
        levels = [(one.levels[COLUMN["phone"]], one.levels[COLUMN["email"]]) for one in self.exact.values()]
        is_right = any(phone == Phone.SAME or email == Email.SAME for phone, email in levels)
        return not is_right and any(phone == Phone.DIFFERS or email == Email.DIFFERS for phone, email in levels)

    @property
    def neighbors(self) -> list[tuple[str, str]]:
        """Return none: a phone or an email address is nowhere."""
        return []

    @property
    def details(self) -> tuple[str, ...]:
        """Return what is tried."""
        return self.typed.phone, self.typed.email

    def limits_of_name(self, guesser: Guesser, name: tuple[str, ...], bearers: int) -> list[Limit]:
        """Return the limits of wrong phones and email addresses of one name on the roll."""
        return [*quotas.wrong_reach(guesser, name, bearers)]


def has_exact_name(candidate: Candidate) -> bool:
    """Return whether a candidate's name is the typed one, or a nickname of it."""
    is_last_name = candidate.levels[COLUMN["last"]] == Last.SAME
    return is_last_name and candidate.levels[COLUMN["first"]] in EXACT_FIRST_NAMES


def may_raise(typed: TypedPerson) -> bool:
    """Return whether the typed place may count: an address, or a ZIP code together with a birth year."""
    return bool(typed.address or (typed.zip and typed.birth_year))


def _agrees(typed: TypedPerson, candidate: Candidate) -> bool:
    where, dob = candidate.levels[COLUMN["where"]], candidate.levels[COLUMN["dob"]]
    if typed.address:
        return where == Where.DOOR and (not typed.birth_year or dob in RIGHT_YEAR)
    return where in RIGHT_ZIP and dob == Dob.YEAR


def _is_near(typed: TypedPerson, candidate: Candidate) -> bool:
    return not (typed.zip or typed.city) or candidate.levels[COLUMN["where"]] in NEAR


def spend(guesser: Guesser, trials: Sequence[Trial]) -> list[bool]:
    """Count wrong details; return for each trial whether its details are right and may count."""
    if not trials:
        return []
    roll_names = rolls.voter_names({voter for trial in trials for voter in trial.exact})
    tried = [
        quotas.tried_detail(guesser, *_name(trial.typed.first_name, trial.typed.last_name), *trial.details)
        for trial in trials
    ]
    uses = core_quotas.used_each(tried)
    requests: list[list[Limit]] = []
    answers = []
    for trial, limit, use in zip(trials, tried, uses, strict=True):
        # Each voter's counter is a request of its own: a full one must not keep the others from counting.
        if trial.is_wrong and not use:
            requests += [[quotas.near_address(guesser, voter)] for voter in trial.neighbors]
        answers.append(len(requests))
        requests.append(_limits(guesser, trial, roll_names, limit, was_tried=bool(use)))
    granted = core_quotas.spend_each(requests)
    return [granted[at] and not trial.is_wrong for trial, at in zip(trials, answers, strict=True)]


def _limits(
    guesser: Guesser,
    trial: Trial,
    roll_names: Mapping[tuple[str, str], tuple[str, str]],
    tried: Limit,
    *,
    was_tried: bool,
) -> list[Limit]:
    is_wrong = trial.is_wrong
    if is_wrong and was_tried:
        return []  # counted before
    bearers = _bearers(trial, roll_names)
    # A right detail costs nothing, but it counts only while one more wrong one would.
    limits = [
        limit if is_wrong else limit.uncounted()
        for name, number in bearers.items()
        for limit in trial.limits_of_name(guesser, name, number)
    ]
    if is_wrong:
        return [*limits, tried]
    return [*limits, *(quotas.near_address(guesser, voter).uncounted() for voter in trial.neighbors)]


def _bearers(trial: Trial, roll_names: Mapping[tuple[str, str], tuple[str, str]]) -> dict[tuple[str, ...], int]:
    """Return the names on the roll that a trial is about, each with how many of the candidates bear it.

    The typed name is one of them, in case that so many voters bear it that none is a candidate.
    """
    bearers: Counter[tuple[str, ...]] = Counter(roll_names[voter] for voter in trial.exact if voter in roll_names)
    return {_name(trial.typed.first_name, trial.typed.last_name): 1, **bearers}


def _name(first: str, last: str) -> tuple[str, str]:
    return names.given(first), names.surname(last)[0]
