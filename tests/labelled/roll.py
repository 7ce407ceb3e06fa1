"""A generated roll: households at addresses, with the relations that make matching hard, streamed in any size.

Everything follows from the seed. A `Voter` is the truth; `as_filed` is the record with clerical errors.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from random import Random

import numpy as np

from tests.labelled.frequencies import frequencies
from tests.labelled.typos import slip

HOUSEHOLDS = 4_000  # drawn at a time
TYPES = [
    "ST",
    "ST",
    "ST",
    "AVE",
    "AVE",
    "RD",
    "RD",
    "DR",
    "DR",
    "LN",
    "CT",
    "BLVD",
    "PL",
    "WAY",
    "CIR",
    "TER",
    "TRL",
    "PKWY",
]
TREES = [
    "OAK",
    "MAPLE",
    "PINE",
    "CEDAR",
    "ELM",
    "WALNUT",
    "SPRUCE",
    "BIRCH",
    "WILLOW",
    "CHERRY",
    "ASH",
    "HICKORY",
    "POPLAR",
    "LAUREL",
    "MAGNOLIA",
]
COMMON = [
    "MAIN",
    "PARK",
    "WASHINGTON",
    "LAKE",
    "HILL",
    "CHURCH",
    "HIGH",
    "MILL",
    "SPRING",
    "RIDGE",
    "RIVER",
    "CENTER",
    "UNION",
    "FRANKLIN",
    "JACKSON",
]
TOWNS = ["VILLE", "TON", "BURG", "FIELD", "WOOD", "FORD", "PORT", "DALE", "HAVEN", "BROOK"]


@dataclass(frozen=True, slots=True)
class Voter:
    """One true person. `born` is (year, month, day), `kin` the first names in the household."""

    number: int
    first: str
    middle: str
    last: str
    suffix: str
    born: tuple[int, int, int]
    sex: str
    house: str
    street: str
    unit: str
    city: str
    zip: str
    phone: str
    email: str
    kin: tuple[str, ...] = ()

    @property
    def voter_id(self) -> str:
        """Return nine digits with leading zeros."""
        return f"{self.number:09}"

    @property
    def address(self) -> str:
        """Return the address line as the roll writes it."""
        return f"{self.house} {self.street}" + (f" APT {self.unit}" if self.unit else "")

    @property
    def dob(self) -> str:
        """Return the birth date in ISO format."""
        return "{:04}-{:02}-{:02}".format(*self.born)


@dataclass(frozen=True, slots=True)
class Zip:
    """A ZIP with its city and streets; `own` are surnames that cluster there."""

    code: str
    city: str
    streets: tuple[str, ...]
    own: tuple[str, ...]


class State:
    """The places of a generated state, in proportion to its voters."""

    def __init__(self, voters: int, seed: int) -> None:
        rng = Random(f"places {seed}")
        np_rng = np.random.default_rng([seed, 1])
        last = frequencies("last")
        self.zips: list[Zip] = []
        self.weights: list[float] = []
        zips = max(6, voters // 7_000)
        bases = sorted({b.capitalize() for b in last.draw(np_rng, zips)})
        rng.shuffle(bases)
        while len(self.zips) < zips:
            rank = len(self.zips) + 1
            city = self._city_name(rng, bases)
            for _ in range(min(zips - len(self.zips), max(1, int(rng.paretovariate(0.9))), max(1, min(40, zips // 8)))):
                own = tuple(last.draw(np_rng, 60))
                code = f"{10_000 + len(self.zips) * 3 % 80_000:05}"
                self.zips.append(Zip(code, city, self._streets(rng, np_rng), own))
                self.weights.append(rng.uniform(0.3, 1.7) * (1 + 3 / rank))

    @staticmethod
    def _city_name(rng: Random, bases: list[str]) -> str:
        base = bases.pop() if bases else "New"
        form = rng.random()
        if form < 0.5:
            return base + rng.choice(TOWNS).lower()
        prefix = rng.choice(["Fort", "Saint", "Mount", "North", "West", "Lake"])
        return f"{prefix} {base}" if form < 0.75 else base

    @staticmethod
    def _streets(rng: Random, np_rng: np.random.Generator) -> tuple[str, ...]:
        found = []
        surnames = frequencies("last").draw(np_rng, 90)
        for at in range(rng.randint(80, 180)):
            kind = rng.random()
            if kind < 0.12:
                name = _ordinal(rng.randint(1, 60))
            elif kind < 0.24:
                name = rng.choice(COMMON)
            elif kind < 0.36:
                name = rng.choice(TREES)
            else:
                name = surnames[at % 90]
            direction = rng.choice(["N ", "S ", "E ", "W ", "SW ", "NE "]) if rng.random() < 0.2 else ""
            found.append(f"{direction}{name} {rng.choice(TYPES)}")
        found += [
            f"STATE HIGHWAY {rng.randint(2, 99)}",
            f"COUNTY ROAD {rng.randint(2, 99)}",
            "PO BOX",
            "RR 2 BOX",
        ]
        return tuple(found)


def _ordinal(number: int) -> str:
    ending = "TH" if 10 < number % 100 < 14 else {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")
    return f"{number}{ending}"


class Roll:
    """Streams the voters of a generated state. Repeated calls of `voters()` give the same voters."""

    def __init__(self, voters: int, seed: int) -> None:
        self.size, self.seed = voters, seed
        self.state = State(voters, seed)

    def voters(self) -> Iterator[Voter]:
        """Yield the true voters, in the order of the file."""
        return islice(self._stream(), self.size)

    def _stream(self) -> Iterator[Voter]:
        number, block = 1, 0
        while True:
            draws = Draws(self.state, self.seed, block)
            for at in range(HOUSEHOLDS):
                for voter in draws.household(at, number):
                    yield voter
                    number += 1
            block += 1


class Draws:
    """Draws everything for one block of households; arrays first, for speed."""

    def __init__(self, state: State, seed: int, block: int) -> None:
        self.rng = Random(f"households {seed} {block}")
        np_rng = np.random.default_rng([seed, 2, block])
        weights = np.cumsum(state.weights)
        self.zips = [state.zips[i] for i in np.searchsorted(weights, np_rng.random(HOUSEHOLDS) * weights[-1])]
        self.last = frequencies("last").draw(np_rng, HOUSEHOLDS * 3).tolist()
        self.men = iter(frequencies("first:male").draw(np_rng, HOUSEHOLDS * 12).tolist())
        self.women = iter(frequencies("first:female").draw(np_rng, HOUSEHOLDS * 12).tolist())

    def given(self, sex: str) -> str:
        """Return a first name."""
        return next(self.men if sex == "M" else self.women)

    def surname(self, at: int, zip_: Zip) -> str:
        """Return a surname: some cluster by ZIP, some are compound, have particles or apostrophes."""
        rng = self.rng
        name = rng.choice(zip_.own) if rng.random() < 0.12 else self.last[at]
        form = rng.random()
        if form < 0.02:
            return f"{name}{rng.choice('- ')}{self.last[at - 7]}"
        if form < 0.028:
            return rng.choice(["DE LA ", "VAN ", "DE ", "DEL ", "ST "]) + name
        if form < 0.035:
            return "O'" + name
        return name

    def household(self, at: int, number: int) -> list[Voter]:
        """Return one household: a head, often a partner, adult children, sometimes a junior or twins."""
        rng, zip_ = self.rng, self.zips[at]
        last, phone = self.surname(at, zip_), self.phone()
        street = rng.choice(zip_.streets)
        unit = str(rng.randint(1, 400)) if rng.random() < 0.18 else ""
        house = str(rng.randint(1, 300) if unit else int(rng.triangular(1, 9_900, 400)))
        street, house = (f"{street} {house}", "") if street in ("PO BOX", "RR 2 BOX") else (street, house)
        born = int(rng.triangular(1928, 2007, 1968))
        sex = rng.choice("MF")
        head = Voter(
            number, self.given(sex), self.middle(sex), last, "", self.birthday(born), sex,
            house, street, unit, zip_.city, zip_.code, phone, "",
        )  # fmt: skip
        members = [head, *self._partner(head, at), *self._children(head)]
        if rng.random() < 0.04:
            members.append(self._like(head, last=self.last[at + HOUSEHOLDS]))
        kin = tuple(m.first for m in members)
        return [self._finished(replace(m, kin=kin), number + i) for i, m in enumerate(members)]

    def _partner(self, head: Voter, at: int) -> list[Voter]:
        if self.rng.random() > 0.55:
            return []
        other = "F" if head.sex == "M" else "M"
        sex = other if self.rng.random() < 0.97 else head.sex
        last = head.last if self.rng.random() < 0.8 else self.last[at + HOUSEHOLDS]
        year = min(2007, head.born[0] + round(self.rng.gauss(0, 4)))
        return [self._like(head, sex=sex, last=last, year=year)]

    def _children(self, head: Voter) -> list[Voter]:
        rng, found = self.rng, []
        year = head.born[0] + round(rng.gauss(28, 5))
        while year <= 2007 and rng.random() < 0.28:
            child = self._like(head, year=year)
            if child.sex == head.sex == "M" and rng.random() < 0.07:
                child = replace(child, first=head.first, middle=head.middle, suffix="JR")
            found.append(child)
            if rng.random() < 0.012:
                found.append(replace(self._like(child, sex=child.sex), born=child.born))
            year += rng.randint(1, 5)
        return found

    def _like(self, head: Voter, sex: str = "", last: str = "", year: int = 0) -> Voter:
        sex = sex or self.rng.choice("MF")
        return replace(
            head,
            first=self.given(sex),
            middle=self.middle(sex),
            last=last or head.last,
            sex=sex,
            born=self.birthday(year or head.born[0] + self.rng.randint(-9, 9)),
        )

    def _finished(self, voter: Voter, number: int) -> Voter:
        """Assign the number, a personal telephone or none, an email address or none."""
        rng = self.rng
        phone = voter.phone if rng.random() < 0.35 else self.phone() if rng.random() < 0.35 else ""
        email = f"{voter.first}.{voter.last}{rng.randint(1, 9999)}@example.org" if rng.random() < 0.2 else ""
        return replace(voter, number=number, phone=phone, email=email.replace(" ", "").replace("'", "").lower())

    def middle(self, sex: str) -> str:
        """Return a middle name, an initial, or nothing."""
        kind = self.rng.random()
        if kind < 0.12:
            return ""
        name = self.given(sex)
        return name[0] if kind < 0.3 else name

    def birthday(self, year: int) -> tuple[int, int, int]:
        """Return a day in that year; January 1 slightly too often."""
        if self.rng.random() < 0.002:
            return year, 1, 1
        return year, self.rng.randint(1, 12), self.rng.randint(1, 28)

    def phone(self) -> str:
        """Return ten digits that are never assigned: no exchange begins with 0 or 1."""
        return unassigned_phone(self.rng)


def unassigned_phone(rng: Random) -> str:
    """Return a number of valid form that cannot be assigned."""
    return f"{rng.randint(200, 999)}{rng.randint(0, 199):03}{rng.randint(0, 9999):04}"


def as_filed(voter: Voter, rng: Random) -> tuple[str, ...]:
    """Return the recorded fields in the order voter_id, first, middle, last, suffix, dob, birth_year, sex, address,
    city, zip, phone, email, status.
    """
    first, last, dob, suffix = voter.first, voter.last, voter.dob, voter.suffix
    if rng.random() < 0.008:
        first = slip(first, rng)
    if rng.random() < 0.008:
        last = slip(last, rng)
    if rng.random() < 0.006:
        year, month, day = voter.born
        dob = rng.choice([f"{year + 1}-{month:02}-{day:02}", f"{year}-{month:02}-{(day % 27) + 1:02}", ""])
    if rng.random() < 0.35:
        suffix = ""
    status = "A" if rng.random() < 0.92 else "I"
    return (
        voter.voter_id, first, voter.middle, last, suffix, dob, dob[:4], voter.sex, voter.address,
        voter.city.upper(), voter.zip, voter.phone, voter.email, status,
    )  # fmt: skip
