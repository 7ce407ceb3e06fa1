"""Attacks by uploads of contacts: each row is a guess, and the owner's own pages are the answer.

The attacker keeps, for each target, the guess whose row stands out of the others, and else the best guess. What is
read is the export, which has the status, the districts and everything else that a page shows of a contact.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from ..lab import BOOK, Lab
from ..outcomes import Outcome
from ..world import Row, door_of, guessed, value_of

ACCOUNTS: Final = (1, 10)
# Of each target: the counters of all accounts together end at 20 wrong places.
MOST_GUESSES: Final = 25
RANK: Final = {"registered": 3, "likely": 2, "unclear": 1}
NAME: Final = ("first_name", "last_name")
INVENTED: Final = "1 Made-up Rd"


def spelling_variants(lab: Lab) -> Iterator[Outcome]:
    """Each guess of a ZIP code with another spelling of the name and an invented street."""
    for accounts in ACCOUNTS:
        yield _sweep(lab, "spelling variants, ZIP codes", accounts, "zip", spell=True, street=INVENTED)


def zip_sweep(lab: Lab) -> Iterator[Outcome]:
    """The commonest ZIP codes, one after the other."""
    for accounts in ACCOUNTS:
        yield _sweep(lab, "ZIP codes", accounts, "zip")


def year_sweep(lab: Lab) -> Iterator[Outcome]:
    """Birth years; alone they count nothing, beside the known ZIP code they do."""
    for accounts in ACCOUNTS:
        yield _sweep(lab, "birth years", accounts, "year")
        yield _sweep(lab, "birth years, ZIP code known", accounts, "year", known=("zip",))


def street_sweep(lab: Lab) -> Iterator[Outcome]:
    """Doors of the public address file: of the whole state."""
    for accounts in ACCOUNTS:
        yield _doors(lab, "doors of the state", accounts, lambda _row: lab.world.doors)


def street_sweep_of_a_zip(lab: Lab) -> Iterator[Outcome]:
    """Doors of the ZIP code, which the attacker knows."""
    for accounts in ACCOUNTS:
        yield _doors(lab, "doors of the known ZIP code", accounts, lambda row: lab.world.doors_of_zip[row["zip"]])


def slow_drip(lab: Lab) -> Iterator[Outcome]:
    """A door of each target every third day, for 30 days."""
    targets = lab.targets("drip")
    with lab.house.fresh():
        browser = lab.house.accounts(1)[0]
        for day in range(10):
            door = lab.world.doors[day]
            browser.upload([_at(row, door) for row in targets], (*NAME, "address", "zip"))
            lab.house.pass_days(3 if day < 9 else 0)
        seen = browser.contacts()
    doors = lab.world.doors[:10]
    yield _judge_doors(lab, "slow drip of doors", 1, targets, [list(doors) for _row in targets], seen)


def _sweep(
    lab: Lab,
    attack: str,
    accounts: int,
    column: str,
    *,
    spell: bool = False,
    street: str = "",
    known: Sequence[str] = (),
) -> Outcome:
    targets = lab.targets(attack)
    guesses = lab.world.common(column)[: min(MOST_GUESSES, BOOK * accounts // len(targets))]
    typed = "birth_year" if column == "year" else column
    rows = [
        {name: row[name] for name in (*NAME, *known)}
        | {typed: guess, "address": street}
        | ({"last_name": _spelling(row["last_name"], number)} if spell else {})
        for row in targets
        for number, guess in enumerate(guesses)
    ]
    header = (*NAME, *known, typed, *(["address"] if street else []))
    with lab.house.fresh():
        seen = lab.uploads(lab.house.accounts(accounts), rows, header)
    shown: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    # The export has no birth year: rows come in the order of import, a share to each account.
    order = [index for account in range(accounts) for index in range(account, len(rows), accounts)]
    for index, row in zip(order, seen, strict=False):
        target, guess = divmod(index, len(guesses))
        shown[target].append((_strength(row), guesses[guess]))
    hits = [_standing_out(shown[number], guesses[0]) == value_of(row, column) for number, row in enumerate(targets)]
    return lab.outcome(attack, accounts, hits, guessed(targets, column, guesses[:1]))


def _strength(row: Row) -> int:
    return RANK.get(row["status"], 0)


def _standing_out(shown: Iterable[tuple[int, str]], best: str) -> str:
    """Return the only guess of the strongest answer, or the best guess if several have it or all are alike."""
    shown = list(shown)
    strongest = max((strength for strength, _guess in shown), default=0)
    out = [guess for strength, guess in shown if strength == strongest]
    return out[0] if len(out) == 1 or (strongest and len(out) < len(shown)) else best


def _spelling(name: str, number: int) -> str:
    """Return one of many spellings of a name that a tolerant matcher takes for it."""
    if not number or len(name) < 3:
        return name
    at = 1 + number % (len(name) - 1)
    letter = "aeionrst"[number // len(name) % 8]
    return name[:at] + letter + name[at + number % 2 :]


def _at(row: Row, door: Row) -> Row:
    return {name: row[name] for name in NAME} | {name: door[name] for name in ("address", "city", "zip")}


def _doors(lab: Lab, attack: str, accounts: int, doors_for: Callable[[Row], Sequence[Row]]) -> Outcome:
    targets = lab.targets(attack)
    each = min(MOST_GUESSES, BOOK * accounts // len(targets))
    tried = [list(islice(doors_for(row), each)) for row in targets]
    rows = [_at(row, door) for row, doors in zip(targets, tried, strict=True) for door in doors]
    with lab.house.fresh():
        seen = lab.uploads(lab.house.accounts(accounts), rows, (*NAME, "address", "city", "zip"))
    return _judge_doors(lab, attack, accounts, targets, tried, seen)


def _judge_doors(
    lab: Lab, attack: str, accounts: int, targets: Sequence[Row], tried: Sequence[Sequence[Row]], seen: Sequence[Row]
) -> Outcome:  # fmt: skip
    of_name: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for row in seen:
        of_name[row["first_name"], row["last_name"]].append((_strength(row), f"{row['address']}|{row['zip']}"))
    hits, right = [], []
    for row, doors in zip(targets, tried, strict=True):
        best, own = "|".join(door_of(doors[0])), "|".join(door_of(row))
        hits.append(_standing_out(of_name[row["first_name"], row["last_name"]], best) == own)
        right.append(best == own)
    return lab.outcome(attack, accounts, hits, right)
