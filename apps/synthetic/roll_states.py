"""Write the same people as Ohio, Florida, an older North Carolina and a fixed-width file would."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from apps.synthetic.geography import Geography
from apps.synthetic.names import FEMALE
from apps.synthetic.people import ACTIVE, CONFIDENTIAL, INACTIVE, PREREGISTERED, TEMPORARY, People, days, voter_id
from apps.synthetic.places import Places
from apps.synthetic.roll_nc import NC_COLUMNS, nc_lines
from apps.synthetic.streets import Ints
from apps.synthetic.tables import county_names, texts

OHIO_FILES: Final = ("SWVF_1_22", "SWVF_23_44", "SWVF_45_66", "SWVF_67_88")
_FIXED: Final = (
    "SOS_VOTERID COUNTY_NUMBER COUNTY_ID LAST_NAME FIRST_NAME MIDDLE_NAME SUFFIX DATE_OF_BIRTH REGISTRATION_DATE"
    " VOTER_STATUS PARTY_AFFILIATION RESIDENTIAL_ADDRESS1 RESIDENTIAL_SECONDARY_ADDR RESIDENTIAL_CITY"
    " RESIDENTIAL_STATE RESIDENTIAL_ZIP RESIDENTIAL_ZIP_PLUS4 RESIDENTIAL_COUNTRY RESIDENTIAL_POSTALCODE"
    " MAILING_ADDRESS1 MAILING_SECONDARY_ADDRESS MAILING_CITY MAILING_STATE MAILING_ZIP MAILING_ZIP_PLUS4"
    " MAILING_COUNTRY MAILING_POSTAL_CODE CAREER_CENTER CITY CITY_SCHOOL_DISTRICT COUNTY_COURT_DISTRICT"
    " CONGRESSIONAL_DISTRICT COURT_OF_APPEALS EDU_SERVICE_CENTER_DISTRICT EXEMPTED_VILL_SCHOOL_DISTRICT LIBRARY"
    " LOCAL_SCHOOL_DISTRICT MUNICIPAL_COURT_DISTRICT PRECINCT_NAME PRECINCT_CODE STATE_BOARD_OF_EDUCATION"
    " STATE_REPRESENTATIVE_DISTRICT STATE_SENATE_DISTRICT TOWNSHIP VILLAGE WARD"
).split()
# 89 elections since 2000, for the 135 columns of the real files.
ELECTIONS: Final = [
    f"{kind}-{day}/{year}"
    for year in range(2000, 2030)
    for kind, day in (("PRIMARY", "03/07"), ("SPECIAL", "08/08"), ("GENERAL", "11/07"))
][:89]
OHIO_COLUMNS: Final = [*_FIXED, *ELECTIONS]
FLORIDA_CODES: Final = "ALA BAK BAY BRA BRE BRO CAL CHA CIT CLA CLL CLM DAD DES DIX DUV ESC FLA FRA GAD".split()
# The names until 2022 of five current columns, and all columns of that form in order.
OLD_NAMES: Final = {
    "middle_name": "midl_name",
    "name_suffix_lbl": "name_sufx_cd",
    "age_at_year_end": "birth_age",
    "birth_state": "birth_place",
    "confidential_ind": "Confidential_ind",
}
OLD_COLUMNS: Final = (
    "county_id county_desc voter_reg_num status_cd voter_status_desc reason_cd voter_status_reason_desc"
    " absent_ind name_prefx_cd last_name first_name midl_name name_sufx_cd res_street_address res_city_desc"
    " state_cd zip_code mail_addr1 mail_addr2 mail_addr3 mail_addr4 mail_city mail_state mail_zipcode"
    " full_phone_number race_code ethnic_code party_cd gender_code birth_age birth_place drivers_lic registr_dt"
    " precinct_abbrv precinct_desc municipality_abbrv municipality_desc ward_abbrv ward_desc cong_dist_abbrv"
    " super_court_abbrv judic_dist_abbrv nc_senate_abbrv nc_house_abbrv county_commiss_abbrv county_commiss_desc"
    " township_abbrv township_desc school_dist_abbrv school_dist_desc fire_dist_abbrv fire_dist_desc"
    " water_dist_abbrv water_dist_desc sewer_dist_abbrv sewer_dist_desc sanit_dist_abbrv sanit_dist_desc"
    " rescue_dist_abbrv rescue_dist_desc munic_dist_abbrv munic_dist_desc dist_1_abbrv dist_1_desc dist_2_abbrv"
    " dist_2_desc Confidential_ind birth_year ncid vtd_abbrv vtd_desc"
).split()
Lines = tuple[list[str], list[int]]  # the lines, and for each the number of its county


def county_number(county: int) -> int:
    """Return an Ohio number for one of Halden's few counties, spread so that each of the four files has some."""
    return 1 + county * (88 // len(county_names()))


def ohio(people: People, places: Places, geo: Geography, seed: int) -> Lines:
    """Return rows of Ohio's layout: comma CSV, full birth dates; without protected or removed people."""
    shown = np.flatnonzero(np.isin(people.status, (ACTIVE, INACTIVE, TEMPORARY)))
    people, places = people.take(shown), places.take(shown)
    tails = texts(_ohio_tails(geo))[places.cell]
    history = texts([",".join("X" if (n >> (e % 8)) & 1 else "" for e in range(len(ELECTIONS))) for n in range(256)])
    county = geo.county[places.cell].tolist()
    status = np.where(people.status == INACTIVE, "CONFIRMATION", "ACTIVE")
    rows = zip(
        [f"OH{voter_id(s, seed)}" for s in people.serial.tolist()],
        [f"{county_number(c):02},{s % 10**7}" for c, s in zip(county, people.serial.tolist(), strict=True)],
        people.last.tolist(),
        people.first.tolist(),
        people.middle.tolist(),
        people.suffix.tolist(),
        _iso(people.born),
        _iso(people.registered),
        status.tolist(),
        places.street.tolist(),
        places.unit.tolist(),
        places.cities(),
        places.zip.tolist(),
        tails.tolist(),
        history[(people.serial * 37 % 256).astype(np.int64)].tolist(),
        strict=True,
    )
    return [_OHIO_ROW.format(*row) for row in rows], county


_OHIO_ROW: Final = "{},{},{},{},{},{},{},{},{},,{},{},{},OH,{},,,,,,,,,,,,{},{}\n"


def _iso(ordinals: Ints) -> list[str]:
    found: list[str] = np.datetime_as_string(days(ordinals), unit="D").tolist()
    return found


def _ohio_tails(geo: Geography) -> list[str]:
    """Return the nineteen values from CAREER_CENTER to WARD of every cell."""
    made = []
    parts = zip(geo.precinct.tolist(), *(geo.today[layer].tolist() for layer in ("cd", "sldu", "sldl")), strict=True)
    for precinct, cd, sldu, sldl in parts:
        values = [""] * 19
        values[4], values[11], values[12] = str(cd), f"PRECINCT {precinct}", f"P{precinct}"
        values[13], values[14], values[15] = str(cd % 11 + 1), str(sldl), str(sldu)
        made.append(",".join(values))
    return made


def florida(people: People, places: Places, geo: Geography, seed: int) -> Lines:
    """Return rows of Florida's extract: tabs, no header, no quotes; includes exempt and pre-registered people."""
    shown = np.flatnonzero(np.isin(people.status, (ACTIVE, INACTIVE, CONFIDENTIAL, PREREGISTERED)))
    people, places = people.take(shown), places.take(shown)
    county = geo.county[places.cell].tolist()
    names = {INACTIVE: "INA", PREREGISTERED: "PRE"}
    rows = []
    at = zip(people.serial.tolist(), people.status.tolist(), places.cell.tolist(), strict=True)
    cities = places.cities()
    for n, (serial, status, cell) in enumerate(at):
        born, registered = (
            f"{day:%m/%d/%Y}" for day in days(np.array([people.born[n], people.registered[n]])).tolist()
        )
        phone = people.phone[n]
        rows.append(
            "\t".join(
                (
                    FLORIDA_CODES[county[n]], voter_id(serial, seed), people.last[n], people.suffix[n], people.first[n],
                    people.middle[n], "Y" if status == CONFIDENTIAL else "N", places.street[n], places.unit[n],
                    cities[n], "FL", places.zip[n], "", "", "", "", "", "", "",
                    "F" if people.sex[n] == FEMALE else "M", "9", born, registered, "NPA",
                    str(geo.precinct[cell]), "", "", "", names.get(status, "ACT"), str(geo.today["cd"][cell]),
                    str(geo.today["sldl"][cell]), str(geo.today["sldu"][cell]), str(geo.precinct[cell] % 5 + 1), "",
                    phone[:3], phone[3:], "", people.email[n],
                )
            )
            + "\n"
        )  # fmt: skip
    return rows, county


def old_carolina(people: People, places: Places, geo: Geography, seed: int, as_of: date) -> list[str]:
    """Return rows of the 71 columns that North Carolina wrote until 2022, for the same people."""
    place = {OLD_NAMES.get(name, name): n for n, name in enumerate(NC_COLUMNS)}
    order = [place.get(name) for name in OLD_COLUMNS]
    lines = []
    for line in nc_lines(people, places, geo, seed, as_of):
        cells = line[:-1].split("\t")
        lines.append("\t".join("" if n is None else cells[n] for n in order) + "\n")
    return lines


def fixed(people: People, places: Places, geo: Geography, seed: int) -> list[str]:
    """Return rows of fixed-width columns, as the layout `fixed` reads them."""
    marks = {ACTIVE: "A", INACTIVE: "S", CONFIDENTIAL: "A"}
    shown = np.flatnonzero(np.isin(people.status, tuple(marks)))
    people, places = people.take(shown), places.take(shown)
    cities, lines = places.cities(), []
    for n, (serial, status, cell) in enumerate(
        zip(people.serial.tolist(), people.status.tolist(), places.cell.tolist(), strict=True)
    ):
        house, _, street = f"{places.street[n]} {places.unit[n]}".strip().partition(" ")
        born = days(people.born[n : n + 1]).tolist()[0]
        cells: Sequence[tuple[object, int]] = (
            (int(geo.county[cell]) + 1, 3), (voter_id(serial, seed), 10), (people.last[n], 25), (people.suffix[n], 4),
            (people.first[n], 20), (people.middle[n], 20), ("F" if people.sex[n] == FEMALE else "M", 1),
            (f"{born:%Y%m%d}", 8), (marks[status], 1), ("Y" if status == CONFIDENTIAL else "N", 1), (house, 8),
            (street, 32), (cities[n], 25), ("HD", 2), (places.zip[n], 5), (geo.precinct[cell], 6),
            (geo.today["cd"][cell], 2), (geo.today["sldu"][cell], 2), (geo.today["sldl"][cell], 3),
        )  # fmt: skip
        lines.append("".join(f"{str(value)[:width]:<{width}}" for value, width in cells) + "\n")
    return lines
