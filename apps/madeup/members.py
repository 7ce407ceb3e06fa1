"""The people of the demo: named voters on Coopers Row and elsewhere, and the details that visitors type for them."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from apps.madeup.addresses import points
from apps.madeup.facts import STATE
from apps.madeup.geography import Geography
from apps.madeup.names import FEMALE, MALE
from apps.madeup.people import ACTIVE, CONFIDENTIAL, REMOVED, People, voter_id
from apps.madeup.places import Places
from apps.madeup.streets import Ints, is_home
from apps.madeup.tables import texts, towns


@dataclass(frozen=True)
class Named:
    """One demo voter; `number` is on Coopers Row unless `town` says elsewhere."""

    first: str
    middle: str
    last: str
    suffix: str
    sex: int
    born: date
    number: int
    unit: str = ""
    phone: str = ""
    status: int = ACTIVE
    town: str = ""


NAMED = (
    Named("Nora", "Marisol", "Paz", "", FEMALE, date(1984, 3, 11), 418, phone="7015550117"),
    Named("Daniel", "", "Paz", "", MALE, date(1982, 7, 29), 418),
    Named("Dana", "Ruth", "Rowell", "", FEMALE, date(1977, 8, 16), 414, phone="7015550121"),
    Named("Omar", "J", "Lindqvist", "", MALE, date(1969, 10, 2), 426, phone="7015550122"),
    Named("Abena", "", "Thorsby", "", FEMALE, date(1979, 5, 2), 412, phone="7015550134"),
    Named("Jo", "", "Sandoval Reyes", "", FEMALE, date(1992, 2, 14), 431, "Apt 2", "7015550161"),
    Named("Jo", "", "Sandoval Reyes", "", FEMALE, date(1961, 9, 30), 447),
    Named("Kathryn", "M", "Dubois Hale", "", FEMALE, date(1991, 6, 8), 477, "Apt 4", "7015550172"),
    Named("Robert", "Lee", "Thorsby", "Sr", MALE, date(1951, 11, 20), 405),
    Named("Robert", "Lee", "Thorsby", "Jr", MALE, date(1979, 1, 8), 405),
    Named("Lena", "", "Castellane", "", FEMALE, date(1996, 4, 5), 439),
    Named("Lina", "", "Castellane", "", FEMALE, date(1996, 4, 5), 439),
    Named("Marta", "", "Quill", "", FEMALE, date(1970, 12, 24), 433, status=CONFIDENTIAL),
    Named("Gil", "", "Hathwick", "", MALE, date(1959, 3, 3), 450, status=REMOVED),
    Named("Luis", "", "Marchetti", "", MALE, date(1975, 6, 17), 111, phone="7015550150", town="Millrace"),
    Named("Luis", "A", "Marchetti", "", MALE, date(1988, 12, 1), 137, town="Millrace"),
    Named("Ida", "", "Brandt-Osei", "", FEMALE, date(1968, 1, 19), 121, phone="7015550146", town="Tarn"),
    Named("Kofi", "", "Brandt-Osei", "", MALE, date(1966, 10, 3), 121, phone="7015550147", town="Tarn"),
)

# case, outcome, role, then what the visitor types: first, middle, last, suffix, birth date, address, city, and a note.
# An outcome is that of the first answer; `detail` is what settles a case of "one more detail".
_CASES = (
    ("member", "matched", "member", "Nora", "", "Paz", "", "1984-03-11", "418 Coopers Row", "", "all details agree"),
    ("steward", "matched", "steward", "Dana", "R", "Rowell", "", "1977-08-16", "414 Coopers Row", "", "middle initial"),
    ("owner", "matched", "owner", "Omar", "", "Lindqvist", "", "1969-10-02", "426 Coopers Row", "", ""),
    ("nickname", "matched", "", "Bob", "", "Thorsby", "Jr", "1979-01-08", "405 Coopers Row", "", "short form, junior"),
    ("apostrophe", "matched", "", "Ida", "", "Brandt Osei", "", "1968-01-19", "", "", "no hyphen, Tarn, no address"),
    ("follow-up", "one more detail", "", "Jo", "", "Sandoval Reyes", "", "", "", "1992-02-14", "two of the name"),
    ("digit", "possible", "", "Katherine", "", "Dubois-Hale", "", "1991-06-03", "477 Coopers Row", "", "day differs"),
    ("absent", "not found", "", "Wim", "", "Castellane", "", "1990-05-22", "439 Coopers Row", "", "not on the roll"),
    ("confidential", "not found", "", "Marta", "", "Quill", "", "1970-12-24", "433 Coopers Row", "", "confidential row"),
    ("removed", "not registered", "", "Gil", "", "Hathwick", "", "1959-03-03", "450 Coopers Row", "", "removed row"),
)
_CITY = {"apostrophe": "Tarn"}
CASE_COLUMNS = (
    "case outcome role email first_name middle_name last_name suffix dob address city state zip detail voter_id note"
).split()


def named_people(geo: Geography, as_of: date) -> tuple[People, Places]:
    """Return the demo's voters, serial numbers from 0, with their places."""
    count = len(NAMED)
    block = np.array([_block(geo, person) for person in NAMED])
    number = np.array([p.number if not p.town else geo.streets.base[b] + p.number % 30 for p, b in zip(NAMED, block, strict=True)])
    point = points(geo.streets, block, number)
    column = {name: texts([getattr(p, name) for p in NAMED]) for name in ("first", "middle", "last", "suffix", "phone")}
    email = [f"{p.first}.{p.last}@example.org".lower().replace(" ", "-") if p.phone else "" for p in NAMED]
    people = People(
        np.arange(count), column["first"], column["middle"], column["last"], column["suffix"],
        sex=np.array([p.sex for p in NAMED]), born=np.array([p.born.toordinal() for p in NAMED]),
        status=np.array([p.status for p in NAMED]), registered=np.full(count, as_of.toordinal() - 2000),
        phone=column["phone"], email=texts(email), block=block, home=number, on_block=number,
        moved=np.array([p.status == REMOVED for p in NAMED]),
    )  # fmt: skip
    street = [f"{n} {geo.streets.name[b]}" for n, b in zip(number.tolist(), block.tolist(), strict=True)]
    places = Places(
        texts(street), texts([p.unit for p in NAMED]), geo.streets.town[block], geo.streets.zip[block],
        geo.mesh.locate(point), geo.streets.rural[block], point,
    )  # fmt: skip
    return people, places


def _block(geo: Geography, person: Named) -> int:
    """Return the home block, or a middle block of another town with numbers on both sides."""
    if not person.town:
        return int(np.flatnonzero(is_home(geo.streets))[0])
    town = [t["name"] for t in towns()].index(person.town)
    streets = geo.streets
    there: Ints = np.flatnonzero((streets.town == town) & ~streets.rural & (streets.sides == 0))
    return int(there[len(there) // 2])


def write_cases(geo: Geography, seed: int, folder: Path) -> int:
    """Write demo/people.csv: who signs in, what they type, what they should be told."""
    folder.mkdir(parents=True)
    home = int(np.flatnonzero(is_home(geo.streets))[0])
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(CASE_COLUMNS)
        for case, outcome, role, first, middle, last, suffix, dob, address, detail, note in _CASES:
            email = f"{role or case}@example.org"
            city = _CITY.get(case, "Port Ansel")
            code = geo.streets.zip[home] if address else ""
            out.writerow([case, outcome, role, email, first, middle, last, suffix, dob, address, city, STATE, code,
                          detail, _voter_id(case, seed), note])  # fmt: skip
    return len(_CASES)


_RECORD = {"member": 0, "steward": 2, "owner": 3, "nickname": 9, "apostrophe": 16, "follow-up": 5, "digit": 7,
           "removed": 13, "confidential": 12}  # fmt: skip


def _voter_id(case: str, seed: int) -> str:
    """Return the id of the record meant, empty where there is none."""
    return voter_id(_RECORD[case], seed) if case in _RECORD else ""


