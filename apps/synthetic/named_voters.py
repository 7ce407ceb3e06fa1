"""The named people of the demo: voters on Coopers Row and elsewhere, and what visitors enter for them."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from apps.synthetic.addresses import points
from apps.synthetic.constants import HOME_CITY, STATE
from apps.synthetic.geography import Geography
from apps.synthetic.names import FEMALE, MALE, mail_name
from apps.synthetic.people import REMOVED, STATUS_NAMES, People, voter_id
from apps.synthetic.places import Places
from apps.synthetic.streets import BOTH, is_home
from apps.synthetic.tables import load_csv, texts, towns

CASE_COLUMNS = (
    "case outcome role email first_name middle_name last_name suffix dob address city state zip detail voter_id note"
).split()
_REGISTERED_DAYS_AGO = 2000


@cache
def demo_people() -> list[dict[str, str]]:
    """Return the demo's voters as in data/demo_people.csv."""
    return load_csv("demo_people.csv")


def named_people(geo: Geography, as_of: date) -> tuple[People, Places]:
    """Return the demo's voters, with serial numbers from 0, and their places."""
    rows = demo_people()
    count = len(rows)
    column = {key: texts([row[key] for row in rows]) for key in rows[0]}
    block = np.array([_block(geo, row["town"]) for row in rows])
    home = is_home(geo.streets)[block]
    given = np.array([int(row["number"]) for row in rows])
    number = np.where(home, given, geo.streets.base[block] + given)
    point = points(geo.streets, block, number)
    email = [f"{mail_name(row['first'])}.{mail_name(row['last'])}@example.org" * bool(row["phone"]) for row in rows]
    status = np.array([STATUS_NAMES.index(row["status"]) for row in rows])
    people = People(
        serial=np.arange(count),
        first=column["first"],
        middle=column["middle"],
        last=column["last"],
        suffix=column["suffix"],
        sex=np.array([FEMALE if row["sex"] == "F" else MALE for row in rows]),
        born=np.array([date.fromisoformat(row["born"]).toordinal() for row in rows]),
        status=status,
        registered=np.full(count, as_of.toordinal() - _REGISTERED_DAYS_AGO),
        phone=column["phone"],
        email=texts(email),
        block=block,
        home=number,
        on_block=number,
        moved=status == REMOVED,
    )
    street = [f"{n} {geo.streets.name[b]}" for n, b in zip(number.tolist(), block.tolist(), strict=True)]
    cell, streets = geo.mesh.locate(point), geo.streets
    places = Places(
        texts(street), column["unit"], streets.town[block], streets.zip[block], cell, streets.rural[block], point
    )
    return people, places


def _block(geo: Geography, town: str) -> int:
    """Return the home block for Port Ansel, else a middle block of the town with numbers on both sides."""
    streets = geo.streets
    if town == HOME_CITY:
        return int(np.flatnonzero(is_home(streets))[0])
    number = [t["name"] for t in towns()].index(town)
    there = np.flatnonzero((streets.town == number) & ~streets.rural & (streets.sides == BOTH))
    return int(there[len(there) // 2])


def write_cases(geo: Geography, seed: int, folder: Path) -> int:
    """Write demo/people.csv: who signs in, what they enter, the expected result, and the expected record."""
    folder.mkdir(parents=True)
    code = geo.streets.zip[is_home(geo.streets)][0]
    cases = load_csv("demo_cases.csv")
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, CASE_COLUMNS, extrasaction="ignore", lineterminator="\n")
        out.writeheader()
        for case in cases:
            record = voter_id(int(case["record"]), seed) if case["record"] else ""
            email = f"{case['role'] or case['case']}@example.org"
            zip_code = code if case["address"] else ""
            out.writerow({**case, "email": email, "state": STATE, "zip": zip_code, "voter_id": record})
    return len(cases)
