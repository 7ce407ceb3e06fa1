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
from ..world import Row, guessed, value_of

ACCOUNTS: Final = (1, 10)
# Of each target: the counters of all accounts together end at 20 wrong places.
MOST_GUESSES: Final = 25
# Of attacks that a counter ends after one or two wrong guesses.
FEW_GUESSES: Final = 8
RANK: Final = {"registered": 3, "likely": 2, "unclear": 1}
NAME: Final = ("first_name", "last_name")
PLACE: Final = ("address", "city", "zip")
DRIPS: Final = 10
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
        yield _sweep(lab, "birth years", accounts, "year", most=FEW_GUESSES)
        yield _sweep(lab, "birth years, ZIP code known", accounts, "year", known=("zip",), most=FEW_GUESSES)


def street_sweep(lab: Lab) -> Iterator[Outcome]:
    """Doors of the public address file: of the whole state."""
    for accounts in ACCOUNTS:
        yield _doors(lab, "doors of the state", accounts, lambda _row: lab.world.doors)


def street_sweep_of_a_zip(lab: Lab) -> Iterator[Outcome]:
    """Doors of the ZIP code, which the attacker knows; also typed without a place, and with the birth year."""
    for accounts in ACCOUNTS:
        yield _doors(lab, "doors of the known ZIP code", accounts, _doors_of_zip(lab))
    for place in ((), ("city",), ("zip",)):
        attack = f"doors of the known ZIP code, typed with {' '.join(place) or 'no place'}"
        yield _doors(lab, attack, ACCOUNTS[-1], _doors_of_zip(lab), place=place, most=FEW_GUESSES)
    attack = "doors of the known ZIP code and birth year"
    yield _doors(lab, attack, ACCOUNTS[-1], _doors_of_zip(lab), knows_year=True, most=FEW_GUESSES)


def street_sweep_of_a_city(lab: Lab) -> Iterator[Outcome]:
    """Doors of the city, which the attacker knows."""
    for accounts in ACCOUNTS:
        yield _doors(
            lab, "doors of the known city", accounts, lambda row: lab.world.doors_of_city[row["city"]], most=FEW_GUESSES
        )


def _doors_of_zip(lab: Lab) -> Callable[[Row], Sequence[Row]]:
    return lambda row: lab.world.doors_of_zip[row["zip"]]


def slow_drip(lab: Lab) -> Iterator[Outcome]:
    """A door of each target every third day, for 30 days: of the state, and of the ZIP code, which is known."""
    yield _drip(lab, "slow drip of doors", lambda _row: lab.world.doors)
    yield _drip(lab, "slow drip of doors of the known ZIP code", _doors_of_zip(lab))


def _drip(lab: Lab, attack: str, doors_for: Callable[[Row], Sequence[Row]]) -> Outcome:
    targets = lab.targets(attack)
    tried = [list(islice(doors_for(row), DRIPS)) for row in targets]
    with lab.house.fresh():
        browser = lab.house.accounts(1)[0]
        for day in range(DRIPS):
            book = [_at(row, doors[day]) for row, doors in zip(targets, tried, strict=True) if day < len(doors)]
            browser.upload(book, (*NAME, *PLACE))
            lab.house.pass_days(3 if day < DRIPS - 1 else 0)
        seen = browser.contacts()
    return _judge_doors(lab, attack, 1, targets, tried, seen)


def _sweep(
    lab: Lab,
    attack: str,
    accounts: int,
    column: str,
    *,
    spell: bool = False,
    street: str = "",
    known: Sequence[str] = (),
    most: int = MOST_GUESSES,
) -> Outcome:
    targets = lab.targets(attack)
    guesses = lab.world.common(column)[: min(most, BOOK * accounts // len(targets))]
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
    return {name: row[name] for name in NAME} | {name: door[name] for name in PLACE}


def _doors(
    lab: Lab,
    attack: str,
    accounts: int,
    doors_for: Callable[[Row], Sequence[Row]],
    *,
    place: Sequence[str] = ("city", "zip"),
    knows_year: bool = False,
    most: int = MOST_GUESSES,
) -> Outcome:
    targets = lab.targets(attack)
    each = min(most, BOOK * accounts // len(targets))
    tried = [list(islice(doors_for(row), each)) for row in targets]
    rows = [
        _at(row, door) | {"birth_year": value_of(row, "year")}
        for row, doors in zip(targets, tried, strict=True)
        for door in doors
    ]
    header = (*NAME, "address", *place, *(["birth_year"] if knows_year else []))
    with lab.house.fresh():
        seen = lab.uploads(lab.house.accounts(accounts), rows, header)
    return _judge_doors(lab, attack, accounts, targets, tried, seen)


def _judge_doors(
    lab: Lab, attack: str, accounts: int, targets: Sequence[Row], tried: Sequence[Sequence[Row]], seen: Sequence[Row]
) -> Outcome:  # fmt: skip
    of_name: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for row in seen:
        of_name[row["first_name"], row["last_name"]].append((_strength(row), row["address"]))
    hits, right = [], []
    for row, doors in zip(targets, tried, strict=True):
        best, own = doors[0]["address"], row["address"]
        hits.append(_standing_out(of_name[row["first_name"], row["last_name"]], best) == own)
        right.append(best == own)
    return lab.outcome(attack, accounts, hits, right)
