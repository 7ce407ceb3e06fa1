"""Compose an address book: voters with nicknames, typos and gaps, their relatives, strangers, and duplicates."""

from collections.abc import Sequence

import numpy as np

from apps.synthetic.clerical_errors import typo
from apps.synthetic.constants import STATE
from apps.synthetic.names import FEMALE, MALE, first_names, mail_name, surnames
from apps.synthetic.sample import SampledVoter
from apps.synthetic.tables import area_codes, nicknames, towns

_DOUBLES, _NAMELESS = 6, 9  # in the demo's 212 rows; in proportion in larger books
_DEMO_ROWS = 212
ON_ROLL = 0.78  # the share of a book that is on the roll; the rest are relatives and strangers


class Clerk:
    """Alters details as people do in address books; all choices come from one generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Store the generator."""
        self.rng = rng

    def chance(self, share: float) -> bool:
        """Return True in `share` of the cases."""
        return bool(self.rng.random() < share)

    def one_of(self, values: Sequence[str]) -> str:
        """Return one of some texts."""
        return values[int(self.rng.integers(len(values)))]

    def phone(self) -> str:
        """Return a fictional phone number of ten digits."""
        return f"{self.one_of(area_codes())}55501{int(self.rng.integers(100)):02}"

    def spelled(self, digits: str) -> str:
        """Write ten digits in one of the ways people do."""
        a, b, c = digits[:3], digits[3:6], digits[6:]
        return self.one_of((f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"+1 {a}-{b}-{c}", f"{a}.{b}.{c}", digits, f"+1{digits}"))

    def typo(self, word: str) -> str:
        """Double, drop or swap one letter."""
        return typo(word, self.rng)

    def person(self) -> SampledVoter:
        """Return a person who is not on any roll."""
        sex = np.array([int(self.rng.choice([FEMALE, MALE]))])
        born = np.array([int(self.rng.integers(1940, 2004))])
        group = self.rng.choice(5, 1, p=[0.6, 0.17, 0.07, 0.08, 0.08])
        first = first_names().text[first_names().draw(sex, born, np.array([0]), self.rng)[0]]
        return SampledVoter(str(first), str(surnames().text[surnames().draw(group, self.rng)[0]]))


def make_book(on_roll: Sequence[SampledVoter], rows: int, rng: np.random.Generator) -> list[SampledVoter]:
    """Return `rows` contacts: voters as friends record them, relatives of voters, strangers, some duplicates."""
    clerk = Clerk(rng)
    doubles = max(1, rows * _DOUBLES // _DEMO_ROWS)
    nameless = max(1, rows * _NAMELESS // _DEMO_ROWS)
    known = [_remembered(person, clerk) for person in on_roll[: round(rows * ON_ROLL)]]
    book = list(known[: rows - doubles - nameless])
    while len(book) < rows - doubles - nameless:
        relative = clerk.chance(0.35) and bool(on_roll)
        book.append(_relative(on_roll[len(book) % len(on_roll)], clerk) if relative else _stranger(clerk))
    book += [SampledVoter(first, "", phones=(clerk.phone(),)) for first in _pet_names(nameless, clerk)]
    book += [_again(book[int(i)], clerk) for i in rng.choice(len(known) or len(book), doubles)]
    return [book[i] for i in rng.permutation(len(book))]


def _pet_names(count: int, clerk: Clerk) -> list[str]:
    names = ("Grandma", "Mom", "Dad", "Plumber", "Dr. K", "Coach", "Landlord", "Auntie", "Babysitter", "Neighbor")
    return [clerk.one_of(names) for _ in range(count)]


def _remembered(person: SampledVoter, clerk: Clerk) -> SampledVoter:
    """Return a voter as a friend would record them: incomplete, abbreviated, sometimes wrong or outdated."""
    first, last = person.first, person.last
    short = nicknames().get(first)
    if short and clerk.chance(0.3):
        first = clerk.one_of(short)
    if clerk.chance(0.03):
        first = clerk.typo(first)
    if clerk.chance(0.03):
        last = clerk.typo(last)
    phones = person.phones if person.phones and clerk.chance(0.8) else (clerk.phone(),)
    moved = clerk.chance(0.08)
    home = clerk.chance(0.35) and not moved
    city = person.city if not moved else clerk.one_of([town["name"] for town in towns()])
    return person.replaced(
        first=first,
        last=last,
        middle=person.middle if clerk.chance(0.2) else "",
        suffix=person.suffix if clerk.chance(0.4) else "",
        street=person.street if home else "",
        zip=person.zip if home or clerk.chance(0.15) else "",
        city=city if home or clerk.chance(0.75) else "",
        state=STATE if home or clerk.chance(0.6) else "",
        born=person.born if clerk.chance(0.2) else None,
        phones=tuple(clerk.spelled(p) for p in phones) if clerk.chance(0.9) else (),
        emails=person.emails or ((f"{mail_name(first)}.{mail_name(last)}@example.com",) if clerk.chance(0.4) else ()),
        company=clerk.one_of(("", "", "", "Halden Transit", "Quarry Hill Schools", "Tarn & Sons, Inc.")),
        note=clerk.one_of(("", "", "", "met at the fair", 'said "call after 6"', "two lines\nof notes")),
    )


def _relative(person: SampledVoter, clerk: Clerk) -> SampledVoter:
    """Return a person with a voter's surname and address who is not on the roll."""
    return clerk.person().replaced(
        last=person.last,
        street=person.street,
        city=person.city,
        state=STATE,
        zip=person.zip,
        phones=(clerk.spelled(clerk.phone()),),
    )


def _stranger(clerk: Clerk) -> SampledVoter:
    """Return a person unrelated to the roll."""
    person = clerk.person()
    city = clerk.one_of(("", "", *[town["name"] for town in towns()[:12]]))
    mail = f"{mail_name(person.first + person.last)}@example.com"
    return person.replaced(
        city=city, state=STATE if city else "", phones=(clerk.spelled(clerk.phone()),), emails=(mail,)
    )


def _again(person: SampledVoter, clerk: Clerk) -> SampledVoter:
    """Return the same contact again, with its number spelled differently and without its address."""
    digits = ["".join(ch for ch in phone if ch.isdigit())[-10:] for phone in person.phones]
    return person.replaced(street="", zip="", note="", phones=tuple(clerk.spelled(d) for d in digits if len(d) == 10))
