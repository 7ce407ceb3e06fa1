"""Generate officials and elections of Halden, with one vacant seat and one district with two members."""

import csv
import gzip
import json
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from apps.synthetic.constants import (
    DISTRICTS,
    JURISDICTION,
    MULTI_MEMBER,
    ROOT,
    STATE,
    STATE_NAME,
    VACANT,
    Calendar,
    ocdid,
)
from apps.synthetic.names import FEMALE, MALE, first_names, mail_name, surnames
from apps.synthetic.tables import county_names, towns

Record = dict[str, Any]

# The names that screenshots show; all others are drawn.
_KNOWN: Final = {
    ("cd", 4): "Imogen Tarrow",
    ("sldu", 11): "Bao Lindqvist",
    ("sldl", VACANT): "Anselm Reyes-Whitlow",
}
_PARTIES: Final = ("Independent", "Ivy", "Tide", "Gold")  # fictional
ELECTION_COLUMNS: Final = (
    "id name kind date division lines_on registration_deadline mail_request_deadline mail_return_deadline"
    " early_from early_to polls_open polls_close source checked"
    " office_name office_phone office_address office_hours office_url"
).split()


class _Cast:
    """Draws names and numbers for office holders."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 6])
        self._phone = 0

    def name(self, known: str = "") -> tuple[str, str]:
        """Return given and family name; common first names, any surname."""
        if known:
            given, family = known.split(" ", 1)
            return given, family
        sex = np.array([int(self._rng.choice([FEMALE, MALE]))])
        born = np.array([int(self._rng.integers(1950, 1990))])
        group = self._rng.choice(5, 1, p=[0.6, 0.16, 0.08, 0.08, 0.08])
        given = first_names().text[first_names().draw(sex, born, np.array([0]), self._rng)[0]]
        return str(given), str(surnames().text[surnames().draw(group, self._rng)[0]])

    def phone(self) -> str:
        """Return the next phone number reserved for fiction."""
        self._phone += 1
        return f"701-555-01{self._phone % 100:02}"

    def pick(self, count: int) -> int:
        """Return a number below `count`."""
        return int(self._rng.integers(count))


def write_officials(seed: int, calendar: Calendar, folder: Path) -> dict[str, int]:
    """Write people.jsonl.gz (Open States' form) and legislators.jsonl.gz (congress-legislators' form)."""
    folder.mkdir(parents=True)
    cast = _Cast(seed)
    people = [*_legislature(cast, calendar), *_executives(cast, calendar), *_local(cast, calendar)]
    congress = _congress(cast, calendar)
    _write_lines(folder / "people.jsonl.gz", people)
    _write_lines(folder / "legislators.jsonl.gz", congress)
    return {"people": len(people), "legislators": len(congress)}


def _write_lines(path: Path, records: Iterable[Record]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        out.write(text.encode())


def _person(cast: _Cast, name: tuple[str, str], roles: list[Record], kind: str, office: str) -> Record:
    """Return one person in the format of Open States; the id follows from name and first role."""
    given, family = name
    key = json.dumps([given, family, roles[0]], sort_keys=True)
    mail = f"{mail_name(given)}.{mail_name(family)}"
    return {
        "id": f"ocd-person/{uuid.uuid5(uuid.NAMESPACE_URL, key)}",
        "name": f"{given} {family}",
        "given_name": given,
        "family_name": family,
        "email": f"{mail}@example.org",
        "party": [{"name": _PARTIES[cast.pick(len(_PARTIES))]}],
        "roles": roles,
        "offices": [
            {"classification": office, "address": "1 Capitol Green, Port Ansel, HD 00411", "voice": cast.phone()}
        ],
        "links": [{"url": f"https://halden.example.org/{kind}/{mail}"}],
        "sources": [{"url": "https://halden.example.org/officials"}],
        "_jurisdiction": STATE.lower(),
        "_kind": kind,
    }


def _legislature(cast: _Cast, calendar: Calendar) -> Iterable[Record]:
    """Yield the members of both chambers; the vacant seat has only its former member."""
    since = calendar.shifted(-2)
    for layer, kind in (("sldu", "upper"), ("sldl", "lower")):
        for number in range(1, DISTRICTS[layer] + 1):
            for _ in range(2 if (layer, number) == ("sldl", MULTI_MEMBER) else 1):
                role: Record = {
                    "start_date": since.isoformat(),
                    "type": kind,
                    "jurisdiction": JURISDICTION,
                    "district": str(number),
                }
                if (layer, number) == ("sldl", VACANT):
                    role["end_date"] = (calendar.as_of - timedelta(days=142)).isoformat()
                yield _person(cast, cast.name(_KNOWN.get((layer, number), "")), [role], "legislature", "capitol")


def _executives(cast: _Cast, calendar: Calendar) -> Iterable[Record]:
    """Yield the statewide officers."""
    start, end = calendar.shifted(-2).isoformat(), calendar.shifted(2).isoformat()
    known = {"governor": "Lucía Ferran"}
    for kind in ("governor", "lt_governor", "secretary of state", "attorney general", "treasurer"):
        role = {"start_date": start, "end_date": end, "type": kind, "jurisdiction": JURISDICTION}
        yield _person(cast, cast.name(known.get(kind, "")), [role], "executive", "capitol")


def _local(cast: _Cast, calendar: Calendar) -> Iterable[Record]:
    """Yield a commission chair for every county and a mayor for every city and town."""
    start, end = calendar.shifted(-2).isoformat(), calendar.shifted(2).isoformat()
    for county in county_names():
        where = ocdid("county", county).replace("ocd-division", "ocd-jurisdiction") + "/government"
        role = {"start_date": start, "end_date": end, "type": "commission chair", "jurisdiction": where}
        known = "Petra Oyelaran" if county == "Isel" else ""
        yield _person(cast, cast.name(known), [role], "county", "primary")
    for town in towns():
        if town["kind"] != "village":
            where = ocdid("place", town["name"]).replace("ocd-division", "ocd-jurisdiction") + "/government"
            role = {"start_date": start, "end_date": end, "type": "mayor", "jurisdiction": where}
            yield _person(cast, cast.name(), [role], "municipalities", "primary")


def _congress(cast: _Cast, calendar: Calendar) -> list[Record]:
    """Return the members of Congress: terms of two years in the House, of six in the Senate."""
    made = []
    seats: list[tuple[str, int]] = [("rep", n) for n in range(1, DISTRICTS["cd"] + 1)] + [("sen", 1), ("sen", 3)]
    known = {("rep", 4): _KNOWN["cd", 4], ("sen", 1): "Desmond Achterberg", ("sen", 3): "Ruth Nakamura-Bell"}
    for order, (kind, number) in enumerate(seats):
        given, family = cast.name(known.get((kind, number), ""))
        party = _PARTIES[cast.pick(len(_PARTIES))]
        first = calendar.shifted(-2 - 2 * (order % 3) if kind == "rep" else (-2 if number == 1 else -4))
        terms = []
        start = first
        while start < calendar.switch:
            years = 2 if kind == "rep" else 6
            end = start.replace(year=start.year + years)
            term: Record = {"type": kind, "start": start.isoformat(), "end": end.isoformat(), "state": STATE}
            term |= {"district": number} if kind == "rep" else {"class": number}
            term |= {
                "party": party,
                "phone": cast.phone(),
                "url": f"https://{mail_name(family)}.example.org",
            }
            terms.append(term)
            start = end
        made.append(
            {
                "id": {"bioguide": f"H9{order:05}", "govtrack": 990_000 + order},
                "name": {"first": given, "last": family, "official_full": f"{given} {family}"},
                "bio": {"birthday": date(1950 + 3 * order, 1 + order, 10 + order).isoformat()},
                "terms": terms,
            }
        )
    return made


def elections(calendar: Calendar) -> list[dict[str, str]]:
    """Return the last general election and the next special, primary and general one, with their deadlines."""
    vacant = ocdid("sldl", VACANT)
    plans = (
        (calendar.last_general, "general", f"{STATE_NAME} general election", ROOT, calendar.switch),
        (calendar.special, "special", f"Special election, House District {VACANT}", vacant, calendar.special),
        (calendar.primary, "primary", f"{STATE_NAME} primary", ROOT, calendar.primary),
        (calendar.general, "general", f"{STATE_NAME} general election", ROOT, calendar.general),
    )
    made = []
    for day, kind, name, division, lines_on in plans:
        back = {
            key: (day - timedelta(days=days)).isoformat()
            for key, days in (
                ("registration_deadline", 25),
                ("mail_request_deadline", 14),
                ("early_from", 19),
                ("early_to", 3),
            )
        }
        made.append(
            {
                "id": f"hd-{kind}-{day.isoformat()}",
                "name": name,
                "kind": kind,
                "date": day.isoformat(),
                "division": division,
                "lines_on": lines_on.isoformat(),
                **back,
                "mail_return_deadline": day.isoformat(),
                "polls_open": "07:00",
                "polls_close": "20:00",
                "source": "https://halden.example.org/elections",
                "checked": (calendar.as_of - timedelta(days=4)).isoformat(),
            }
        )
    return made


def election_offices(calendar: Calendar) -> list[dict[str, str]]:
    """Return the election office of the state and of every county, as rows of the elections file."""
    places = [(ROOT, f"{STATE_NAME} Board of Elections", "port-ansel")]
    places += [(ocdid("county", name), f"{name} County Board of Elections", mail_name(name)) for name in county_names()]
    return [
        {
            "kind": "office",
            "division": division,
            "office_name": name,
            "office_phone": f"701-555-01{number % 100:02}",
            "office_address": f"{number + 1} Courthouse Square, {STATE}",
            "office_hours": "Monday to Friday, 8:30 a.m. to 5 p.m.",
            "office_url": f"https://{site}.example.org/elections",
            "source": "https://halden.example.org/elections",
            "checked": (calendar.as_of - timedelta(days=4)).isoformat(),
        }
        for number, (division, name, site) in enumerate(places)
    ]


def write_elections(calendar: Calendar, folder: Path) -> int:
    """Write elections.csv and the same as elections.json. `lines_on` is the day whose districts apply."""
    found = [*elections(calendar), *election_offices(calendar)]
    rows = [{name: row.get(name, "") for name in ELECTION_COLUMNS} for row in found]
    with (folder / "elections.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, ELECTION_COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    (folder / "elections.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return len(rows)
