"""Typing a voter's record as people do: the labels that an operator's own roll gives for free.

Deliberately plain and independent of any one roll: slips, short forms, dropped and half-given fields, moves.
"""

from collections.abc import Sequence
from random import Random

from apps.matching.normalize.nicknames import related
from apps.matching.person import TypedPerson, VoterRecord

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KEPT = {
    "form": {"middle_name": 0.4, "suffix": 0.5, "sex": 0.5, "address": 0.93, "city": 0.95, "zip": 0.92,
             "phone": 0.4, "email": 0.4},
    "contact": {"middle_name": 0.1, "suffix": 0.0, "sex": 0.0, "address": 0.05, "city": 0.6, "zip": 0.35,
                "phone": 0.6, "email": 0.5},
}  # fmt: skip
# Shares that are given in full, and as a year only; the rest gives no birth date.
_BIRTH = {"form": (0.84, 0.07), "contact": (0.02, 0.08)}


def slip(word: str, rng: Random) -> str:
    """One letter left out, doubled, swapped or replaced."""
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


def typed(voter: VoterRecord, kind: str, strangers: Sequence[VoterRecord], rng: Random) -> TypedPerson:
    """What the voter might type. `strangers` are voters of the same roll, to whose addresses people move."""
    return typed_at(voter, rng.choice(strangers) if rng.random() < MOVED else voter, kind, rng)


MOVED = 0.12  # the share of people who live elsewhere than the roll says


def typed_at(voter: VoterRecord, home: VoterRecord, kind: str, rng: Random) -> TypedPerson:
    """What the voter might type who lives where `home` does."""
    keep = {name: rng.random() < share for name, share in _KEPT[kind].items()}
    dob, year = _birth(voter, kind, rng)
    return TypedPerson(
        first_name=_first(voter.first_name, rng),
        middle_name=_middle(voter.middle_name, rng) if keep["middle_name"] else "",
        last_name=slip(voter.last_name, rng) if rng.random() < 0.025 else voter.last_name,
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
    return slip(name, rng) if rng.random() < 0.025 else name


def _middle(name: str, rng: Random) -> str:
    return name[:1] if rng.random() < 0.6 else name


def _birth(voter: VoterRecord, kind: str, rng: Random) -> tuple[str, str]:
    """Date and year as typed: whole, a year, or nothing; now and then with day and month swapped."""
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
