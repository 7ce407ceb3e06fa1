"""Write the roll in Votekin's own layout: UTF-8, mixed case, ISO dates."""

import numpy as np

from apps.synthetic.constants import STATE
from apps.synthetic.geography import Geography
from apps.synthetic.named_voters import demo_people
from apps.synthetic.names import FEMALE
from apps.synthetic.people import STATUS_NAMES, People, days, voter_id, years
from apps.synthetic.places import Places
from apps.synthetic.roll_nc import addresses, plain
from apps.synthetic.tables import county_names, texts

GENERIC_COLUMNS = (
    "voter_id first_name middle_name last_name suffix dob birth_year sex address city state zip county phone email"
    " status precinct cd sldu sldl"
).split()


def generic_header() -> str:
    """Return the header line of the generic layout."""
    return ",".join(GENERIC_COLUMNS) + "\n"


def generic_lines(people: People, places: Places, geo: Geography, seed: int) -> list[str]:
    """Return rows of the generic layout: mixed case, ISO dates, one in thirty with a birth year only."""
    known = people.serial * 2_654_435_761 % 1000
    known[people.serial < len(demo_people())] = 999  # the named people of the demo have full dates
    born = np.datetime_as_string(days(people.born), unit="D").astype(object)
    born = np.where(known < 40, "", born)
    year = np.where(known < 10, "", years(people.born).astype(str).astype(object))
    sex = np.where(known % 33 == 5, "", np.where(people.sex == FEMALE, "F", "M").astype(object))
    tail = texts(_generic_tails(geo))[places.cell]
    columns = (
        [voter_id(serial, seed) for serial in people.serial.tolist()],
        people.first,
        people.middle,
        people.last,
        people.suffix,
        born,
        year,
        sex,
        addresses(places),
        places.cities(),
        places.zip,
        texts(county_names())[geo.county[places.cell]],
        people.phone,
        people.email,
        texts(STATUS_NAMES)[people.status],
        tail,
    )
    template = ",".join(["%s"] * 10) + f",{STATE}," + ",".join(["%s"] * 6) + "\n"
    return [template % row for row in zip(*(plain(c) for c in columns), strict=True)]


def _generic_tails(geo: Geography) -> list[str]:
    """Return precinct, cd, sldu, sldl of every cell as the end of a row."""
    parts = (geo.precinct, geo.today["cd"], geo.today["sldu"], geo.today["sldl"])
    return [",".join(map(str, row)) for row in zip(*(p.tolist() for p in parts), strict=True)]
