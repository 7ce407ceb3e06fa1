"""Attacks by lookups of third persons, with many accounts that share the guesses."""

from collections.abc import Iterator
from typing import Final

from ..lab import Lab, as_query
from ..outcomes import Outcome
from ..world import door_of, guessed

ACCOUNTS: Final = 100
WRONG_DOORS, WRONG_DATES = 5, 2
CONTROLS: Final = 10


def doors(lab: Lab) -> Iterator[Outcome]:
    """Name and birth date are known: five doors of the state, those of most voters first, and then the right one."""
    targets = lab.targets("lookup doors")
    best = lab.world.doors
    queries = [
        as_query(row, **{name: door[name] for name in ("address", "city", "zip")})
        for row in targets
        for door in (*(one for one in best[: WRONG_DOORS + 1] if door_of(one) != door_of(row)),)[:WRONG_DOORS]
    ]
    first = {door_of(one) for one in best[:WRONG_DOORS]}
    lucky = [row for row in targets if door_of(row) in first]
    right = [door_of(row) == door_of(best[0]) for row in targets]
    with lab.house.fresh():
        browsers = lab.house.accounts(min(ACCOUNTS, len(targets)))
        _control(lab)
        tried = dict(zip(map(door_of, lucky), lab.look_ups(browsers, [as_query(row) for row in lucky]), strict=True))
        lab.look_ups(browsers, queries)
        lab.house.pass_days(1)
        # The sixth guess is right. Its answer must be the ordinary page.
        after = lab.look_ups(browsers, [as_query(row) for row in targets])
    hits = [tried.get(door_of(row), False) or one for row, one in zip(targets, after, strict=True)]
    yield lab.outcome("lookups: doors", ACCOUNTS, hits, right)


def _control(lab: Lab) -> None:
    """Check that an honest lookup is answered: an attack on a page that never answers measures nothing."""
    honest = lab.targets("control", CONTROLS)
    found = lab.look_ups(lab.house.accounts(len(honest)), [as_query(row) for row in honest])
    assert sum(found) >= CONTROLS * 0.8, f"Only {sum(found)} of {CONTROLS} honest lookups are answered."


def birth_dates(lab: Lab) -> Iterator[Outcome]:
    """Name and door are known: the two commonest birth dates, and then the right one."""
    targets = lab.targets("lookup dates")
    common = lab.world.common("born")[:3]
    right = guessed(targets, "born", common[:WRONG_DATES])
    with lab.house.fresh():
        browsers = lab.house.accounts(min(ACCOUNTS, len(targets)))
        found = [False] * len(targets)
        for guess in common[:WRONG_DATES]:
            answers = lab.look_ups(browsers, [as_query(row, born=guess) for row in targets])
            found = [one or other for one, other in zip(found, answers, strict=True)]
            lab.house.pass_days(1)
        # Who was not found yet has no third try: neither a third guess nor the right date is answered.
        rest = [row for row, one in zip(targets, found, strict=True) if not one]
        after = iter(lab.look_ups(browsers, [as_query(row) for row in rest]))
        hits = [one or next(after) for one in found]
    yield lab.outcome("lookups: birth dates", ACCOUNTS, hits, right)
