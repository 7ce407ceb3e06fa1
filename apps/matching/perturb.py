"""Perturb voter records into queries with typical errors: free labeled pairs from an operator's own roll.

Deliberately simple and independent of any one roll: misspellings, nicknames, missing and partial fields, moves.
"""

from collections.abc import Sequence
from random import Random

from apps.matching.normalize.nicknames import related
from apps.matching.person import TypedPerson, VoterRecord

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHARE_GIVEN = {
    "form": {"middle_name": 0.4, "suffix": 0.5, "sex": 0.5, "address": 0.93, "city": 0.95, "zip": 0.92,
             "phone": 0.4, "email": 0.4},
    "contact": {"middle_name": 0.1, "suffix": 0.0, "sex": 0.0, "address": 0.05, "city": 0.6, "zip": 0.35,
                "phone": 0.6, "email": 0.5},
}  # fmt: skip
# Shares with a full birth date, and with a year only; the rest have none.
_BIRTH = {"form": (0.84, 0.07), "contact": (0.02, 0.08)}


def misspell(word: str, rng: Random) -> str:
    """Return the word with one letter omitted, doubled, transposed or replaced."""
    if len(word) < 3:
        return word
    at = rng.randrange(len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + rng.choice(_LETTERS) + word[at + 1 :],
        )
    )


def perturbed_query(voter: VoterRecord, kind: str, strangers: Sequence[VoterRecord], rng: Random) -> TypedPerson:
    """Return a query that the voter might enter. `strangers` are voters of the same roll whose addresses movers get."""
    return perturbed_query_at(voter, rng.choice(strangers) if rng.random() < MOVED else voter, kind, rng)


MOVED = 0.12  # share of people whose current address differs from the roll's


def perturbed_query_at(voter: VoterRecord, home: VoterRecord, kind: str, rng: Random) -> TypedPerson:
    """Return a query that the voter might enter who now lives at the address of `home`."""
    keep = {name: rng.random() < share for name, share in _SHARE_GIVEN[kind].items()}
    dob, year = _birth(voter, kind, rng)
    return TypedPerson(
        first_name=_first(voter.first_name, rng),
        middle_name=_middle(voter.middle_name, rng) if keep["middle_name"] else "",
        last_name=misspell(voter.last_name, rng) if rng.random() < 0.025 else voter.last_name,
        suffix=voter.suffix if keep["suffix"] else "",
        dob=dob,
        birth_year=year,
        sex=voter.sex if keep["sex"] else "",
        address=home.address if keep["address"] else "",
        city=home.city if keep["city"] else "",
        zip=home.zip if keep["zip"] else "",
        phone=voter.phone if keep["phone"] else "",
        email=voter.email if keep["email"] else "",
    )


def _first(name: str, rng: Random) -> str:
    short = sorted(related(name.upper()))
    if short and rng.random() < 0.1:
        return rng.choice(short)
    return misspell(name, rng) if rng.random() < 0.025 else name


def _middle(name: str, rng: Random) -> str:
    return name[:1] if rng.random() < 0.6 else name


def _birth(voter: VoterRecord, kind: str, rng: Random) -> tuple[str, str]:
    """Return birth date and year as entered: full, year only, or neither; rarely with day and month swapped."""
    whole, year = _BIRTH[kind]
    draw = rng.random()
    if draw < whole and voter.dob:
        parts = voter.dob.split("-")
        if len(parts) == 3 and rng.random() < 0.01 and int(parts[2]) <= 12:
            return f"{parts[0]}-{parts[2]}-{parts[1]}", ""
        return voter.dob, ""
    if draw < whole + year or (draw < whole and voter.birth_year):
        return "", voter.birth_year or voter.dob[:4]
    return "", ""
