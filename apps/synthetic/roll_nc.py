"""Write the roll as North Carolina does: 67 columns, capitals, quotes, padded addresses, a birth year only."""

from collections.abc import Iterable
from datetime import date
from typing import Final, cast

import numpy as np

from apps.synthetic.constants import STATE
from apps.synthetic.geography import Geography
from apps.synthetic.names import FEMALE
from apps.synthetic.people import (
    ACTIVE,
    CONFIDENTIAL,
    DENIED,
    INACTIVE,
    PREREGISTERED,
    REMOVED,
    TEMPORARY,
    People,
    days,
    voter_id,
    years,
)
from apps.synthetic.places import Places, Texts
from apps.synthetic.tables import county_names, texts, towns

NC_COLUMNS: Final = (
    "county_id county_desc voter_reg_num ncid last_name first_name middle_name name_suffix_lbl status_cd"
    " voter_status_desc reason_cd voter_status_reason_desc res_street_address res_city_desc state_cd zip_code"
    " mail_addr1 mail_addr2 mail_addr3 mail_addr4 mail_city mail_state mail_zipcode full_phone_number"
    " confidential_ind registr_dt race_code ethnic_code party_cd gender_code birth_year age_at_year_end"
    " birth_state drivers_lic precinct_abbrv precinct_desc municipality_abbrv municipality_desc ward_abbrv"
    " ward_desc cong_dist_abbrv super_court_abbrv judic_dist_abbrv nc_senate_abbrv nc_house_abbrv"
    " county_commiss_abbrv county_commiss_desc township_abbrv township_desc school_dist_abbrv school_dist_desc"
    " fire_dist_abbrv fire_dist_desc water_dist_abbrv water_dist_desc sewer_dist_abbrv sewer_dist_desc"
    " sanit_dist_abbrv sanit_dist_desc rescue_dist_abbrv rescue_dist_desc munic_dist_abbrv munic_dist_desc"
    " dist_1_abbrv dist_1_desc vtd_abbrv vtd_desc"
).split()

_NC_STATUS = {
    ACTIVE: ("A", "ACTIVE", "AV", "VERIFIED"),
    INACTIVE: ("I", "INACTIVE", "IN", "CONFIRMATION NOT RETURNED"),
    TEMPORARY: ("S", "TEMPORARY", "SM", "MILITARY"),
    DENIED: ("D", "DENIED", "DU", "VERIFICATION RETURNED UNDELIVERABLE"),
    REMOVED: ("R", "REMOVED", "RD", "DECEASED"),
    CONFIDENTIAL: ("A", "ACTIVE", "AV", "VERIFIED"),
}
_MOVED_AWAY = ("R", "REMOVED", "RL", "MOVED FROM COUNTY")
_PARTIES = ("UNA", "UNA", "GLD", "IVY", "TID")  # fictional like all values here; Votekin never loads the column


def nc_header() -> str:
    """Return the header line of the North Carolina layout."""
    return "\t".join(f'"{name}"' for name in NC_COLUMNS) + "\n"


def nc_lines(people: People, places: Places, geo: Geography, seed: int, as_of: date) -> list[str]:
    """Return rows of the North Carolina layout: capitals, quotes, padded addresses, a birth year only."""
    shown = np.flatnonzero(people.status != PREREGISTERED)  # the layout has no "pre-registered" status
    people, places = people.take(shown), places.take(shown)
    serial, year, cell = people.serial.tolist(), years(people.born), places.cell
    reasons = [
        _MOVED_AWAY if moved else _NC_STATUS[status]
        for moved, status in zip(people.moved.tolist(), people.status.tolist(), strict=True)
    ]
    cells = _nc_cells(geo)
    address, cities = addresses(places), places.cities()
    columns = (
        cells["county"][cell],
        [f"{s % 10**9:012}" for s in serial],
        [voter_id(s, seed) for s in serial],
        people.last,
        people.first,
        people.middle,
        people.suffix,
        [_QUOTED.join(reason) for reason in reasons],
        [f"{text:<38}" for text in address],
        cities,
        places.zip,
        _mail(serial, address, cities, places.zip.tolist()),
        people.phone,
        np.where(people.status == CONFIDENTIAL, "Y", "N"),
        [f"{day:%m/%d/%Y}" for day in days(people.registered).tolist()],
        [_PARTIES[s * 13 % 5] for s in serial],
        np.where(people.sex == FEMALE, "F", "M"),
        year,
        as_of.year - year,
        cells["precinct"][cell],
        _municipalities(places),
        cells["tail"][cell],
    )
    return [(_NC_TEMPLATE % row).upper() for row in zip(*(plain(c) for c in columns), strict=True)]


_QUOTED: Final = '"\t"'  # between two quoted values
# Each %s is one value, or several consecutive ones already joined by _QUOTED; the unquoted values are state_cd,
# race_code, ethnic_code, birth_state, drivers_lic and the two of the ward.
_NC_TEMPLATE: Final = (
    '"'
    + _QUOTED.join(
        ["%s"] * 10 + [STATE] + ["%s"] * 5 + ["U", "UN"] + ["%s"] * 4 + ["", "N"] + ["%s"] * 2 + ["", ""] + ["%s"]
    )
    + '"\n'
)


def _nc_cells(geo: Geography) -> dict[str, Texts]:
    """Return the parts of a row that depend on the precinct cell."""
    county = [county_names()[c] for c in geo.county.tolist()]
    number = geo.precinct.tolist()
    rest = zip(county, number, *(geo.today[layer].tolist() for layer in ("cd", "sldu", "sldl")), strict=True)
    tails = []
    for name, precinct, cd, sldu, sldl in rest:
        known = [
            cd,
            "",
            "",
            sldu,
            sldl,
            precinct % 5 + 1,
            f"COMMISSIONER {precinct % 5 + 1}",
            "",
            "",
            precinct % 3 + 1,
            f"{name} SCHOOL {precinct % 3 + 1}",
        ]
        tails.append(_QUOTED.join(map(str, [*known, *[""] * 14, precinct, f"VTD {precinct}"])))
    return {
        "county": texts([f"{c + 1}{_QUOTED}{name}" for c, name in zip(geo.county.tolist(), county, strict=True)]),
        "precinct": texts([f"{n}{_QUOTED}PRECINCT {n}" for n in number]),
        "tail": texts(tails),
    }


def _municipalities(places: Places) -> list[str]:
    """Return the two municipality values: none on rural roads and in villages, which are not incorporated."""
    both = [f"{t['name'][:4]}{_QUOTED}{t['name']}" if t["kind"] != "village" else _QUOTED for t in towns()]
    found = texts(both)[places.town]
    found[places.rural] = _QUOTED
    values: list[str] = found.tolist()
    return values


def _mail(serial: list[int], address: Texts, cities: list[str], zips: list[str]) -> list[str]:
    """Return the seven mail values: the home, or for one in fourteen a post box."""
    made = []
    for number, text, city, code in zip(serial, address.tolist(), cities, zips, strict=True):
        line = f"PO BOX {number % 3000 + 1}" if number % 14 == 3 else text
        made.append(_QUOTED.join((line, "", "", "", city, STATE, code)))
    return made


def addresses(places: Places) -> Texts:
    """Return street and unit in one text."""
    unit = places.unit.tolist()
    return texts([f"{s} {u}" if u else s for s, u in zip(places.street.tolist(), unit, strict=True)])


def plain(column: Iterable[object]) -> list[object]:
    """Return a column as a list of plain values."""
    return cast("list[object]", column.tolist()) if isinstance(column, np.ndarray) else list(column)
