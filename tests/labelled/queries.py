"""Labeled queries about generated voters, and about people who are not in the file.

`forms` and `contacts` give rows as dictionaries under the column names of verify_people, and a label: the voter id,
or empty for a person who is not in the file, with the kind of person.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from tests.labelled.frequencies import frequencies
from tests.labelled.nicknames import SHORT
from tests.labelled.roll import Roll, Voter, Zip, as_filed, unassigned_phone
from tests.labelled.typos import slip, wrong_digit

ABSENT = ("relative", "unrelated", "namesake", "junior", "twin")
NATURAL = {"relative": 0.697, "unrelated": 0.284, "namesake": 0.0086, "junior": 0.0067, "twin": 0.0041}
HARD = {"relative": 0.45, "unrelated": 0.25, "namesake": 0.1, "junior": 0.12, "twin": 0.08}
_WORDS = {"ST": "Street", "AVE": "Avenue", "RD": "Road", "DR": "Drive", "LN": "Lane",
          "CT": "Court", "BLVD": "Blvd.",
          "PL": "Place", "WAY": "Way", "N": "North", "S": "South", "E": "East", "W": "West",
          "SW": "Southwest",
          "NE": "Northeast", "HIGHWAY": "Hwy", "COUNTY": "Co"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query, its true voter (or none), the kind of person, and the voter the person is near to."""

    row: dict[str, str]
    voter_id: str
    kind: str
    near: str = ""


@dataclass(slots=True)
class Sample:
    """Voters drawn from a roll: some to become queries, some whose details absent people share."""

    roll: Roll
    present: list[Voter]
    lenders: list[Voter]


def filed_rows(roll: Roll) -> Iterator[tuple[str, ...]]:
    """Stream the roll with its clerical errors."""
    rng = Random(f"clerk {roll.seed}")
    return (as_filed(v, rng) for v in roll.voters())


def sampled_rows(roll: Roll, present: int, absent: int, sample: Sample) -> Iterator[tuple[str, ...]]:
    """Stream the roll with its clerical errors, while `sample` is filled with voters drawn without replacement."""
    rng, picker = Random(f"clerk {roll.seed}"), np.random.default_rng([roll.seed, 3])
    picked = picker.choice(roll.size, size=min(roll.size, present + absent), replace=False)
    typed, lending = set(picked[:present].tolist()), set(picked[present:].tolist())
    for at, voter in enumerate(roll.voters()):
        if at in typed:
            sample.present.append(voter)
        elif at in lending:
            sample.lenders.append(voter)
        yield as_filed(voter, rng)


class Typist:
    """Turns people into the queries that they, or those who know them, enter."""

    def __init__(self, roll: Roll, seed: int) -> None:
        self.rng = Random(f"typing {roll.seed} {seed}")
        self.zips = roll.state.zips
        self.by_city: dict[str, list[Zip]] = {}
        for zip_ in self.zips:
            self.by_city.setdefault(zip_.city, []).append(zip_)
        np_rng = np.random.default_rng([roll.seed, 4, seed])
        self._last = iter(frequencies("last").draw(np_rng, 400_000).tolist())
        self._first = {
            "M": iter(frequencies("first:male").draw(np_rng, 400_000).tolist()),
            "F": iter(frequencies("first:female").draw(np_rng, 400_000).tolist()),
        }

    def form(self, person: Voter) -> dict[str, str]:
        """Return a sign-up form filled in by the person."""
        rng = self.rng
        person = self._changed_surname(self._moved(person, 0.12), 0.03)
        row = {
            "first_name": self._first_name(person, 0.1),
            "middle_name": self._middle_name(person),
            "last_name": self._last_name(person),
            "suffix": person.suffix if rng.random() < 0.5 else "",
            "dob": "",
            "birth_year": "",
            "sex": person.sex if rng.random() < 0.5 else "",
            "address": self._address(person) if rng.random() < 0.93 else "",
            "city": self._city(person) if rng.random() < 0.95 else "",
            "zip": self._zip(person) if rng.random() < 0.92 else "",
            "phone": self._phone(person) if rng.random() < 0.4 else "",
            "email": self._email(person) if rng.random() < 0.4 else "",
        }
        self._birth(person, row)
        return self._in_one_string(row, 0.03)

    def contact(self, person: Voter) -> dict[str, str]:
        """Return an entry of a friend's address book: a name, and one detail or another."""
        rng = self.rng
        person = self._changed_surname(self._moved(person, 0.15), 0.03)
        row = dict.fromkeys(("middle_name", "suffix", "dob", "birth_year", "sex", "address"), "")
        row["first_name"], row["last_name"] = self._first_name(person, 0.22), self._last_name(person)
        row["city"] = self._city(person) if rng.random() < 0.6 else ""
        row["zip"] = self._zip(person) if rng.random() < 0.35 else ""
        row["phone"] = self._phone(person) if rng.random() < 0.65 else ""
        row["email"] = self._email(person) if rng.random() < 0.5 else ""
        if rng.random() < 0.12:
            row["middle_name"] = person.middle[:1]
        if rng.random() < 0.08:
            row["birth_year"] = str(person.born[0])
        if not (row["city"] or row["zip"] or row["phone"] or row["email"]):
            row["city"] = self._city(person)
        return self._in_one_string(row, 0.2)

    # ---- people who are not in the file

    def lenders(self, kind: str, voters: list[Voter], count: int) -> list[Voter]:
        """Return the voters near whom absent people of a kind are generated.

        Most namesakes arise by chance, so they have common names; some run in families. Juniors are men.
        """
        if kind == "junior":
            voters = [v for v in voters if v.sex == "M" or self.rng.random() < 0.02]
        if kind != "namesake":
            return [voters[i % len(voters)] for i in range(count)]
        by_chance = self.rng.choices(voters, [commonness(v) for v in voters], k=round(count * 0.7))
        return by_chance + self.rng.choices(voters, k=count - len(by_chance))

    def absent(self, kind: str, lender: Voter) -> Voter:
        """Return a person who is not in the file and has the given relation to a voter."""
        made: dict[str, Callable[[Voter], Voter]] = {
            "relative": self._relative,
            "unrelated": self._unrelated,
            "namesake": self._namesake,
            "junior": self._junior,
            "twin": self._twin,
        }
        return made[kind](replace(lender, number=0, email=""))

    def _fresh(self, base: Voter, sex: str, year: int) -> Voter:
        rng = self.rng
        middle = next(self._first[sex]) if rng.random() < 0.85 else ""
        return replace(
            base, first=next(self._first[sex]), middle=middle, suffix="", sex=sex,
            born=(min(2008, max(1925, year)), rng.randint(1, 12), rng.randint(1, 28)),
            phone=base.phone if rng.random() < 0.5 else self._new_phone(),
            email="",
        )  # fmt: skip

    def _relative(self, base: Voter) -> Voter:
        shift = self.rng.choice([round(self.rng.gauss(0, 5)), self.rng.randint(20, 34), -self.rng.randint(20, 34)])
        relative = self._fresh(base, self.rng.choice("MF"), base.born[0] + shift)
        # A relative with the same first name is a junior or senior, and counted there.
        while relative.first in base.kin:
            relative = replace(relative, first=next(self._first[relative.sex]))
        return relative if self.rng.random() < 0.85 else replace(relative, last=next(self._last))

    def _unrelated(self, base: Voter) -> Voter:
        person = self._fresh(base, self.rng.choice("MF"), int(self.rng.triangular(1930, 2008, 1975)))
        return replace(self._elsewhere(person, self.rng.choice(self.zips)), last=next(self._last))

    def _namesake(self, base: Voter) -> Voter:
        year = int(self.rng.triangular(1930, 2008, 1975))
        other = self._fresh(base, base.sex, year)
        other = self._elsewhere(other, self.rng.choice(self.by_city[base.city]))
        # Another household: the shared part is the name, not the telephone.
        return replace(other, first=base.first, last=base.last, phone=self._new_phone())

    def _junior(self, base: Voter) -> Voter:
        shift = self.rng.choice([-1, 1]) * self.rng.randint(20, 35)
        other = self._fresh(base, base.sex, base.born[0] + shift)
        middle = base.middle if self.rng.random() < 0.65 else other.middle
        other = replace(other, first=base.first, middle=middle, suffix="JR" if shift > 0 else "SR")
        return other if self.rng.random() < 0.6 else self._elsewhere(other, self.rng.choice(self.by_city[base.city]))

    def _twin(self, base: Voter) -> Voter:
        sex = base.sex if self.rng.random() < 0.7 else self.rng.choice("MF")
        other = replace(self._fresh(base, sex, base.born[0]), born=base.born)
        if self.rng.random() < 0.2:
            others = [next(self._first[sex]) for _ in range(60)]
            # Siblings often share an initial but never two forms of one name.
            fitting = [n for n in others if n[0] == base.first[0] and n[:3] != base.first[:3]]
            other = replace(other, first=fitting[0]) if fitting else other
        while other.first in base.kin:
            other = replace(other, first=next(self._first[sex]))
        return other

    # ---- changes in life

    def _elsewhere(self, person: Voter, zip_: Zip) -> Voter:
        rng = self.rng
        street, house = rng.choice(zip_.streets[:-2]), str(rng.randint(1, 4_000))
        return replace(person, house=house, street=street, unit="", city=zip_.city, zip=zip_.code,
                       phone=self._new_phone() if rng.random() < 0.5 else person.phone)  # fmt: skip

    def _moved(self, person: Voter, share: float) -> Voter:
        if self.rng.random() > share:
            return person
        near = self.rng.random() < 0.6
        return self._elsewhere(person, self.rng.choice(self.by_city[person.city] if near else self.zips))

    def _changed_surname(self, person: Voter, share: float) -> Voter:
        if person.sex != "F" or self.rng.random() > share * 2:
            return person
        new = next(self._last)
        way = self.rng.random()
        if way < 0.25:
            return replace(person, last=f"{person.last}-{new}")
        return replace(person, middle=person.last if way < 0.4 else person.middle, last=new)

    # ---- errors and omissions

    def _first_name(self, person: Voter, short: float) -> str:
        rng, name = self.rng, person.first
        if rng.random() < 0.015 and len(person.middle) > 1:
            return person.middle.title()
        if name in SHORT and rng.random() < short * 2.5:
            name = rng.choice(SHORT[name].split())
        elif rng.random() < 0.006:
            return name[0]
        if rng.random() < 0.025:
            name = slip(name, rng)
        return self._cased(name)

    def _cased(self, text: str) -> str:
        kind = self.rng.random()
        return text.title() if kind < 0.8 else text.lower() if kind < 0.9 else text

    def _middle_name(self, person: Voter) -> str:
        kind = self.rng.random()
        if kind < 0.55 or not person.middle:
            return ""
        return person.middle[0] + ("." if kind < 0.7 else "") if kind < 0.85 else person.middle.title()

    def _last_name(self, person: Voter) -> str:
        rng, name = self.rng, person.last
        if "-" in name or (" " in name and len(name.split()[0]) > 3):
            kind = rng.random()
            parts = name.replace("-", " ").split()
            name = name if kind < 0.5 else parts[0] if kind < 0.65 else parts[-1] if kind < 0.85 else " ".join(parts)
        if "'" in name and rng.random() < 0.5:
            name = name.replace("'", rng.choice(["", " "]))
        if rng.random() < 0.025:
            name = slip(name, rng)
        if person.suffix and rng.random() < 0.1:
            name = f"{name} {person.suffix.title()}."
        return self._cased(name)

    def _birth(self, person: Voter, row: dict[str, str]) -> None:
        rng = self.rng
        year, month, day = person.born
        kind = rng.random()
        if kind < 0.09:
            return
        if kind < 0.16:
            row["birth_year"] = str(year)
            return
        slipped = rng.random()
        if slipped < 0.01:
            month, day = (day, month) if day <= 12 else (month, day)
        elif slipped < 0.02:
            year += rng.choice([-1, 1, -10, 10])
        elif slipped < 0.03:
            day = rng.randint(1, 28)
        form = rng.random()
        row["dob"] = f"{year}-{month:02}-{day:02}" if form < 0.6 else f"{month}/{day}/{year}"

    def _address(self, person: Voter) -> str:
        rng = self.rng
        house = wrong_digit(person.house, rng) if person.house and rng.random() < 0.012 else person.house
        words = person.street.split()
        if rng.random() < 0.02:
            words = [slip(w, rng) if len(w) > 4 else w for w in words]
        if rng.random() < 0.6:
            words = [_WORDS.get(w, w.title()) for w in words]
        if len(words) > 1 and rng.random() < 0.05 and words[-1].upper() in _WORDS:
            words = words[:-1]
        unit = ""
        if person.unit and rng.random() < 0.75:
            unit = rng.choice([" Apt {}", " #{}", ", Apt. {}", " Unit {}", " apt {}"]).format(person.unit)
        return f"{house} {' '.join(words)}{unit}".strip()

    def _city(self, person: Voter) -> str:
        rng, city = self.rng, person.city
        for long, short in (("Saint", "St."), ("Fort", "Ft"), ("Mount", "Mt"), ("North", "N")):
            if city.startswith(long + " ") and rng.random() < 0.4:
                city = city.replace(long, short, 1)
        return self._cased(slip(city, rng) if rng.random() < 0.015 else city)

    def _zip(self, person: Voter) -> str:
        kind = self.rng.random()
        if kind < 0.015:
            return wrong_digit(person.zip, self.rng)
        return f"{person.zip}-{self.rng.randint(1000, 9999)}" if kind < 0.08 else person.zip

    def _phone(self, person: Voter) -> str:
        digits = person.phone if person.phone and self.rng.random() < 0.75 else self._new_phone()
        kind = self.rng.random()
        if kind < 0.4:
            return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
        return f"+1{digits}" if kind < 0.6 else digits

    def _email(self, person: Voter) -> str:
        """Return the address on file or, for those without one there, another: most people have one."""
        return person.email or f"p{self.rng.randint(1, 10**7)}@example.org"

    def _new_phone(self) -> str:
        return unassigned_phone(self.rng)

    def _in_one_string(self, row: dict[str, str], share: float) -> dict[str, str]:
        if self.rng.random() > share or not row["first_name"]:
            return row
        name = " ".join(x for x in (row["first_name"], row["middle_name"], row["last_name"], row["suffix"]) if x)
        return {**row, "full_name": name, "first_name": "", "middle_name": "", "last_name": "", "suffix": ""}


def labelled(
    sample: Sample, kind: str, seed: int, mix: dict[str, float], absent: int, shuffle: bool = True
) -> list[Labelled]:
    """Return queries of all sampled voters, and of `absent` people who are not in the file in the given mix."""
    typist = Typist(sample.roll, seed)
    typing = typist.form if kind == "form" else typist.contact
    found = [Labelled(typing(v), v.voter_id, "present") for v in sample.present]
    for which, count in _counts(mix, absent):
        found += [
            Labelled(typing(typist.absent(which, lender)), "", which, lender.voter_id)
            for lender in typist.lenders(which, sample.lenders, count)
        ]
    if shuffle:
        typist.rng.shuffle(found)
    return found


def _counts(mix: dict[str, float], count: int) -> Iterable[tuple[str, int]]:
    total = sum(mix.values())
    for kind, share in mix.items():
        yield kind, round(count * share / total)


def commonness(voter: Voter) -> float:
    """Return how many people have this voter's name by chance, up to a factor."""
    first = frequencies("first:male" if voter.sex == "M" else "first:female").share
    return float(first.get(voter.first, 1e-6) * frequencies("last").share.get(voter.last, 1e-7))
