"""Generate the people of one chunk of blocks: the columns from which every roll layout is written."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.households import FAMILY, ROOMMATES, Bools, Households
from apps.synthetic.names import FEMALE, MALE, background_shares, first_names, mail_name, surnames
from apps.synthetic.streets import Ints
from apps.synthetic.tables import area_codes, nicknames

Texts = NDArray[np.object_]

ACTIVE, INACTIVE, TEMPORARY, DENIED, REMOVED, CONFIDENTIAL, PREREGISTERED = range(7)
STATUS_NAMES = ("active", "inactive", "temporary", "denied", "removed", "confidential", "pre-registered")

_ID_PRIME = 999_999_937  # the largest prime below 10**9: multiplication modulo it permutes numbers without collisions
_PHONES = 365 * 100  # 555-01xx in every area code; more people than this share numbers


@dataclass
class People:
    """One entry a person. Names are as written in the file; `block` and `on_block` say where they live."""

    serial: Ints  # counts from 0 through the whole state; the voter id derives from it
    first: Texts
    middle: Texts
    last: Texts
    suffix: Texts
    sex: Ints
    born: Ints  # ordinal day
    status: Ints
    registered: Ints  # ordinal day
    phone: Texts
    email: Texts
    block: Ints
    home: Ints
    on_block: Ints
    moved: Bools  # an outdated record of a person who lives elsewhere now

    def __len__(self) -> int:
        return len(self.serial)

    def take(self, which: Bools | Ints) -> Self:
        """Return some of the people, as copies."""
        return type(self)(*(getattr(self, f.name)[which].copy() for f in fields(self)))


def voter_id(serial: int, seed: int) -> str:
    """Return the ten-digit id of a serial number: distinct, unordered, with leading zeros."""
    return f"{(serial * 387_420_489 + seed % 1000 * 1_048_583 + 22_084_417) % _ID_PRIME:010}"


def make_people(
    homes: Households, town: Ints, first_serial: int, voters: int, as_of: date, rng: np.random.Generator
) -> People:
    """Generate the people of some homes; `town` is per person, `voters` the size of the state."""
    count = len(homes.block)
    year = years(homes.born)
    last, group = _surnames(homes, rng)
    pool = np.where(rng.random(count) < 0.62, np.array([0, 1, 2, 0, 0])[group], 0)
    table = first_names()
    first_number = table.draw(homes.sex, year, pool, rng)
    kept = rng.random(count) < 0.08  # few registration systems preserve accents
    first = np.where(kept, table.text[first_number], table.plain[first_number])
    middle = _middles(homes, year, pool, last, rng)
    suffix = _suffixes(homes, first, middle, rng)
    serial = first_serial + np.arange(count)
    people = People(
        serial,
        first,
        middle,
        last,
        suffix,
        homes.sex,
        homes.born,
        status=rng.choice(5, count, p=[0.869, 0.09, 0.003, 0.004, 0.034]),
        registered=_registered(homes.born, as_of, rng),
        phone=_phones(serial, voters, rng),
        email=np.full(count, "", object),
        block=homes.block,
        home=homes.home,
        on_block=homes.on_block,
        moved=np.zeros(count, bool),
    )
    _namesakes(people, town, rng)
    _old_records(people, rng)
    _special_statuses(people, as_of, rng)
    _short_forms(people, rng)
    _emails(people, rng)
    return people


def years(ordinal: Ints) -> Ints:
    """Return the calendar year of ordinal days."""
    return days(ordinal).astype("datetime64[Y]").astype(np.int64) + 1970


def days(ordinal: Ints) -> NDArray[np.datetime64]:
    """Return ordinal days as dates."""
    return (ordinal - date(1970, 1, 1).toordinal()).astype("datetime64[D]")


def pick(count: int, share: float, rng: np.random.Generator) -> Ints:
    """Choose a share of positions, at least one, so that the smallest state has every kind of person."""
    return np.sort(rng.choice(count, min(count, max(1, round(count * share))), replace=False))


def _surnames(homes: Households, rng: np.random.Generator) -> tuple[Texts, Ints]:
    """Return written surnames and backgrounds: shared in families, own ones for some partners and flatmates."""
    count = len(homes.home)
    table = surnames()
    group = rng.choice(5, count, p=background_shares())
    alike = (homes.kind != ROOMMATES) & ((homes.rank != 1) | (rng.random(count) < 0.85))
    group = np.where(alike, group[homes.head], group)
    own = table.draw(group, rng)
    partner = (homes.rank == 1) & (homes.kind == FAMILY)
    keeps = (partner & (rng.random(count) < 0.16)) | (homes.kind == ROOMMATES)
    keeps |= ~partner & (homes.rank > 0) & (rng.random(count) < 0.07)
    number = np.where(keeps, own, own[homes.head])
    accents = rng.random(count) < 0.1
    written = np.where(accents, table.text[number], table.plain[number])
    double = partner & ~keeps & (rng.random(count) < 0.05)
    for at in np.flatnonzero(double | ((group == 1) & (rng.random(count) < 0.3))).tolist():
        join = "-" if rng.random() < 0.5 else " "
        second = table.plain[own[at]] if double[at] else table.plain[table.draw(group[at : at + 1], rng)[0]]
        written[at] = f"{second}{join}{written[at]}" if double[at] else f"{written[at]}{join}{second}"
    for at in np.flatnonzero(["'" in name for name in written]).tolist():
        written[at] = written[at].replace("'", ("'", "'", "'", "", " ")[int(rng.integers(5))])
    return written, group


def _middles(homes: Households, year: Ints, pool: Ints, last: Texts, rng: np.random.Generator) -> Texts:
    """Return middle names: of the parents' generation, one in four an initial, one in nine none."""
    count = len(year)
    table = first_names()
    middle = table.plain[table.draw(homes.sex, year - 18, pool, rng)]
    maiden = (homes.rank == 1) & (homes.kind == FAMILY) & (homes.sex == FEMALE) & (rng.random(count) < 0.1)
    middle[maiden] = surnames().plain[surnames().draw(np.zeros(int(maiden.sum()), np.int64), rng)]
    initial = np.flatnonzero(rng.random(count) < 0.25)
    middle[initial] = [name[0] for name in middle[initial]]
    middle[rng.random(count) < 0.11] = ""
    return middle


def _suffixes(homes: Households, first: Texts, middle: Texts, rng: np.random.Generator) -> Texts:
    """Name some sons after their fathers, as Jr and Sr, and number a few men; changes `first` and `middle`."""
    suffix = np.full(len(first), "", object)
    son = (homes.rank >= 2) & (homes.kind == FAMILY) & (homes.sex == MALE) & (homes.sex[homes.head] == MALE)
    son &= np.roll(homes.head, 1) == homes.head
    for at in np.flatnonzero(son & (homes.rank == 2) & (rng.random(len(first)) < 0.12)).tolist():
        father = homes.head[at]
        first[at], middle[at], suffix[at] = first[father], middle[father], "Jr"
        suffix[father] = "Sr" if rng.random() < 0.5 else ""
    numbered = (homes.sex == MALE) & (suffix == "") & (rng.random(len(first)) < 0.012)
    suffix[numbered] = np.array(["Jr", "Jr", "III", "II", "IV"], object)[rng.integers(0, 5, int(numbered.sum()))]
    return suffix


def _registered(born: Ints, as_of: date, rng: np.random.Generator) -> Ints:
    """Return days of registration: soon after 18 or later, and a few placeholders of 1900."""
    grown = born + round(18 * 365.2425)
    room = np.maximum(as_of.toordinal() - grown, 1)
    day = grown + (room * rng.random(len(born)) ** 1.5).astype(np.int64)
    day[rng.random(len(born)) < 0.004] = date(1900, 1, 1).toordinal()
    return day


def _phones(serial: Ints, voters: int, rng: np.random.Generator) -> Texts:
    """Give about a third a number, fewer in large states so that at most a dozen people share one."""
    phone = np.full(len(serial), "", object)
    has = np.flatnonzero(rng.random(len(serial)) < min(0.35, 400_000 / voters))
    number = serial[has] * 7_919 % _PHONES
    codes = area_codes()
    phone[has] = [f"{codes[n // 100 % len(codes)]}55501{n % 100:02}" for n in number.tolist()]
    return phone


def _namesakes(people: People, town: Ints, rng: np.random.Generator) -> None:
    """Give some people the first and last name of another resident of their town, of another age."""
    for at in pick(len(people), 0.002, rng).tolist():
        other = max(0, at - int(rng.integers(20, 400)))
        if town[other] == town[at] and people.sex[other] == people.sex[at] and other != at:
            people.first[at], people.last[at] = people.first[other], people.last[other]


def _old_records(people: People, rng: np.random.Generator) -> None:
    """Turn some records into the ones that movers leave behind: the same person, an old id, removed."""
    old = pick(len(people), 0.012, rng)
    new = (old + rng.integers(len(people) // 4, len(people) // 2, len(old))) % len(people)
    for name in ("first", "middle", "last", "suffix", "sex", "born"):
        column = getattr(people, name)
        column[old] = column[new]
    people.status[old] = REMOVED
    people.moved[old] = True


def _special_statuses(people: People, as_of: date, rng: np.random.Generator) -> None:
    """Mark confidential people and people of 16 and 17, and ensure that each status occurs."""
    for status, share in ((TEMPORARY, 0.001), (DENIED, 0.001), (INACTIVE, 0.001)):
        people.status[pick(len(people), share, rng)] = status
    people.status[pick(len(people), 0.0025, rng)] = CONFIDENTIAL
    young = pick(len(people), 0.004, rng)
    people.status[young] = PREREGISTERED
    people.moved[young] = False
    people.born[young] = as_of.toordinal() - rng.integers(16 * 366, round(18 * 365.2), len(young))
    people.registered[young] = as_of.toordinal() - rng.integers(5, 90, len(young))


def _short_forms(people: People, rng: np.random.Generator) -> None:
    """Register one in fifty under a short form of the first name."""
    known = nicknames()
    for at in pick(len(people), 0.03, rng).tolist():
        if short := known.get(people.first[at]):
            people.first[at] = short[int(rng.integers(len(short)))]


def _emails(people: People, rng: np.random.Generator) -> None:
    """Give one in six an email address derived from the name and a number."""
    for at in pick(len(people), 0.17, rng).tolist():
        name = mail_name(f"{people.first[at]}.{people.last[at]}")
        people.email[at] = f"{name}{people.serial[at] % 9973}@example.{('org', 'com')[at % 2]}"
