"""Attacks by "Do not find me" with guessed details: does a contact disappear?"""

from collections.abc import Iterator
from typing import Final

from ..browser import Browser
from ..lab import Lab, as_query
from ..outcomes import Outcome
from ..world import Row, guessed

HEADER: Final = ("first_name", "last_name", "address", "city", "zip")
GUESSES: Final = 5
TARGETS: Final = 330
CONTROLS: Final = 20


def suppress_and_watch(lab: Lab) -> Iterator[Outcome]:
    """Name and door are known: ask to hide the target with the commonest birth dates, and look whether it is gone."""
    targets = lab.targets("suppress", TARGETS)
    common = lab.world.common("born")[:GUESSES]
    with lab.house.fresh():
        _control(lab)
        found = [False] * len(targets)
        before = shown(lab, targets)
        for guess in common:
            queries = [as_query(row, born=guess) for row in targets]
            lab.house.each(lambda pair: hide(lab, *pair), list(enumerate(queries)))
            lab.house.pass_days(2)
            lab.house.wait()
            now = shown(lab, targets)
            found = [one or (was and not now[at]) for at, (one, was) in enumerate(zip(found, before, strict=True))]
    right = guessed(targets, "born", common[:2])
    yield lab.outcome("suppress and watch: birth dates", GUESSES + 1, found, right)


def _control(lab: Lab) -> None:
    """Check that a request with all details hides a voter: otherwise the attack measures nothing."""
    known = lab.targets("suppress control", CONTROLS)
    before = sum(shown(lab, known))
    lab.house.each(lambda pair: hide(lab, 1_000 + pair[0], pair[1]), list(enumerate(map(as_query, known))))
    lab.house.pass_days(2)
    lab.house.wait()
    after = sum(shown(lab, known))
    assert after <= 0.3 * before > 0, f"Of {before} voters {after} are still shown."


def shown(lab: Lab, targets: list[Row]) -> list[bool]:
    """Import the targets into a new account; return who is found there."""
    browser = lab.house.accounts(1)[0]
    browser.upload([{name: row[name] for name in HEADER} for row in targets], HEADER)
    found = {(row["first_name"], row["last_name"], row["address"]) for row in browser.contacts()
             if row["status"] in {"registered", "likely"}}  # fmt: skip
    return [(row["first_name"], row["last_name"], row["address"]) in found for row in targets]


def hide(lab: Lab, number: int, query: Row) -> None:
    browser = Browser(lab.house.url, 5_000 + number)
    browser.get("/registration/do-not-find-me/")
    born = query["born"].split("-")
    fields = {name: query[name] for name in HEADER}
    fields |= dict(zip(("dob_year", "dob_month", "dob_day"), born, strict=False))
    browser.send("/registration/do-not-find-me/", fields)
    assert browser.status == 200, browser.page[:2000]
