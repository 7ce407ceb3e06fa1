"""Attacks that share the guesses of a birth date among lookups, partner lists and suppressions."""

from collections.abc import Iterator
from typing import Final

from ..lab import Lab, as_query
from ..outcomes import Outcome
from ..world import guessed
from . import lists, suppressions

# In each channel as many wrong dates as its own counter would grant in 30 days.
GUESSES: Final = 2
ACCOUNTS: Final = 100


def three_channels(lab: Lab) -> Iterator[Outcome]:
    """Name and door are known: the commonest birth dates, two in each channel; "learned" in any of them counts."""
    targets = lab.targets("three channels")
    common = lab.world.common("born")[: 3 * GUESSES]
    with lab.house.fresh():
        shown = suppressions.shown(lab, targets)
        lab.house.pass_days(1)
        found = [False] * len(targets)
        browsers = lab.house.accounts(min(ACCOUNTS, len(targets)))
        for guess in common[:GUESSES]:
            answers = lab.look_ups(browsers, [as_query(row, born=guess) for row in targets])
            found = [one or other for one, other in zip(found, answers, strict=True)]
            lab.house.pass_days(1)
        second = common[GUESSES : 2 * GUESSES]
        rows = lists.answers(lab, [lists.as_row(row, row) | {"dob": guess} for row in targets for guess in second])
        found = [one or any(rows[at * GUESSES : (at + 1) * GUESSES]) for at, one in enumerate(found)]
        for guess in common[2 * GUESSES :]:
            queries = [as_query(row, born=guess) for row in targets]
            lab.house.each(lambda pair: suppressions.hide(lab, *pair), list(enumerate(queries)))
            lab.house.pass_days(2)
        lab.house.wait()
        now = suppressions.shown(lab, targets)
    hidden = [was and not is_shown for was, is_shown in zip(shown, now, strict=True)]
    hits = [one or other for one, other in zip(found, hidden, strict=True)]
    # Of those that no answer names, the attacker still guesses the commonest dates.
    right = guessed(targets, "born", common[:GUESSES])
    hits = [one or other for one, other in zip(hits, right, strict=True)]
    yield lab.outcome("lookups, lists and suppressions: birth dates", ACCOUNTS, hits, right)
