"""Parsing of address lines from rolls and queries, and the fast path for plain lines."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.matching.normalize.address import Address, parse_address, read_address
from tests.labelled.roll import Roll


@pytest.mark.parametrize(
    ("line", "number", "street", "unit"),
    [
        ("1220 SW 12TH AVE APT 709", "1220", "SW/12/AVE/", "709"),
        ("1220 Southwest 12th Avenue #709", "1220", "SW/12/AVE/", "709"),
        ("1220 SW 12th Ave 709", "1220", "SW/12/AVE/", "709"),
        ("1220 S.W. Twelfth Ave., Apt. 709", "1220", "SW/12/AVE/", "709"),
        ("#709, 1220 SW 12th Ave", "1220", "SW/12/AVE/", "709"),
        ("12 North Main Street West", "12", "N/MAIN/ST/W", ""),
        ("12 Main", "12", "/MAIN//", ""),
        ("9 North St", "9", "/NORTH/ST/", ""),
        ("12 E St NW", "12", "/*E/ST/NW", ""),
        ("12 N W 5th St", "12", "NW/5/ST/", ""),
        ("P.O. BOX 0012", "12", "/POBOX//", ""),
        ("Post Office Box 12", "12", "/POBOX//", ""),
        ("RR 2 Box 15", "15", "/RR2//", ""),
        ("Rural Route 2, Box 15", "15", "/RR2//", ""),
        ("HC 1 BOX 5", "5", "/HC1//", ""),
        ("123 US Hwy 12", "123", "/#12/US/", ""),
        ("123 US-12 East", "123", "/#12/US/E", ""),
        ("123 State Route 12", "123", "/#12/STATE/", ""),
        ("2100 NC 42 HWY", "2100", "/#42/STATE/", ""),
        ("123 Highway 12 Unit B", "123", "/#12//", "B"),
        ("5 County Road 12 N", "5", "/#12/COUNTY/N", ""),
        ("2120 CTH AB", "2120", "/#AB/COUNTY/", ""),
        ("5 CR 12", "5", "/#12/COUNTY/", ""),
        ("12 FM 1960 Rd W", "12", "/#1960/FM/W", ""),
        ("12 RM 620 N", "12", "/#620/RM/N", ""),
        ("12 I-35 N", "12", "/#35/I/N", ""),
        ("12 Old US Hwy 64", "12", "/#OLD64/US/", ""),
        ("12 County Rd", "12", "/COUNTY/RD/", ""),
        ("12 State St", "12", "/STATE/ST/", ""),
        ("5 Avenue B", "5", "/AVE*B//", ""),
        ("5 Ave B Apt 3", "5", "/AVE*B//", "3"),
        ("12 A Street NW", "12", "/*A/ST/NW", ""),
        ("5 Rosellastreet", "5", "/ROSELLA/ST/", ""),
        ("5 Longstreet Ave", "5", "/LONGSTREET/AVE/", ""),
        ("4 St. James Place", "4", "/STJAMES/PL/", ""),
        ("4 Saint James Pl", "4", "/STJAMES/PL/", ""),
        ("44 O'Neil Rd", "44", "/ONEIL/RD/", ""),
        ("44 O´Neil Rd", "44", "/ONEIL/RD/", ""),  # U+00B4
        ("44 Pen\u0303a Blvd", "44", "/PENA/BLVD/", ""),
        ("123 1/2 Oak Ln", "123 1/2", "/OAK/LN/", ""),
        ("123½ Oak Ln", "123 1/2", "/OAK/LN/", ""),
        ("123-1/2 Oak Ln", "123 1/2", "/OAK/LN/", ""),
        ("12-34 31st Ave", "12-34", "/31/AVE/", ""),
        ("12–34 31st Ave", "12-34", "/31/AVE/", ""),
        ("12/14 Oak St", "12/14", "/OAK/ST/", ""),
        ("One Main St", "1", "/MAIN/ST/", ""),
        ("Twenty-One Oak St", "21", "/OAK/ST/", ""),
        ("W148 N9748 Tree Tops Dr", "W148N9748", "/TREETOPS/DR/", ""),
        ("39W123 Elm Rd", "39W123", "/ELM/RD/", ""),
        ("N9748 County Road X", "N9748", "/#X/COUNTY/", ""),
        ("10 S 200 W", "10", "S/200//W", ""),
        ("88 E 1160 S", "88", "E/1160//S", ""),
        ("1600 Twenty-First Ave", "1600", "/21/AVE/", ""),
        ("12 One Hundred Twenty-Fifth St", "12", "/125/ST/", ""),
        ("12 42 nd St", "12", "/42/ST/", ""),
        ("12 Seven Mile Rd", "12", "/7MILE/RD/", ""),
        ("123 Main St, Springfield, NY 12345", "123", "/MAIN/ST/", ""),
        ("Apt 5, 12 Oak St", "12", "/OAK/ST/", "5"),
        ("Unit B 12 Oak St", "12", "/OAK/ST/", "B"),
        ("Lot 4, 12 Oak St", "12", "/OAK/ST/", "4"),
        ("12 Oak St Trlr 7", "12", "/OAK/ST/", "7"),
        ("12 Oak St Bldg 3 Apt 5", "12", "/OAK/ST/", "5"),
        ("12 Oak St 2nd Floor", "12", "/OAK/ST/", "2"),
        ("12 Oak St Rear", "12", "/OAK/ST/", "REAR"),
        ("12 Space Center Blvd", "12", "/SPACECTR/BLVD/", ""),
        ("12 Ste Anne St", "12", "/STEANNE/ST/", ""),
        ("12 Oak St 12 Oak St, Raleigh", "12", "/OAK/ST/", ""),
        ("12 Oak St, 12 Oak St, Raleigh", "12", "/OAK/ST/", ""),
        ("Sunrise Towers, 12 Oak St, Raleigh NC", "12", "/OAK/ST/", ""),
        ("12 MLK Blvd", "12", "/MLK/BLVD/", ""),
        ("12 Martin Luther King Jr Blvd", "12", "/MLK/BLVD/", ""),
        ("Hauptstraße 5", "5", "/HAUPTSTRASSE//", ""),
        ("Calle Luna 150", "150", "/LUNA/CALLE/", ""),
        ("Lindenstraße 12/5", "12", "/LINDENSTRASSE//", "5"),
        ("Calle de Alcalá", "", "/DEALCALA/CALLE/", ""),
        ("", "", "///", ""), ("#", "", "///", ""), ("☃", "", "///", ""), ("\x00", "", "///", ""),
    ],
)  # fmt: skip
def test_an_address_line(line: str, number: str, street: str, unit: str) -> None:
    found = parse_address(line)
    assert (found.number, "/".join(found.street), found.unit) == (number, street, unit)


@pytest.mark.parametrize("line", ["121A Main St", "121-A Main St", "121 A Main St", "121 a main st"])
def test_the_letter_of_a_number(line: str) -> None:
    found = parse_address(line)
    assert (found.number, found.letter, found.street.core) == ("121", "A", "MAIN")


@pytest.mark.parametrize(
    ("line", "street", "city", "state", "code"),
    [
        ("101 Fountain St, Tarn, HD 00205", "FOUNTAIN", "TARN", "HD", "00205"),
        ("101 Fountain St Tarn, HD 00205", "FOUNTAIN", "TARN", "HD", "00205"),
        ("101 Fountain St Tarn HD 00205-1234", "FOUNTAIN", "TARN", "HD", "00205"),
        ("300 Ridge Rd St Orla HD 00206", "RDG", "ST ORLA", "HD", "00206"),
        ("300 Ridge Rd, St Orla, HD", "RDG", "ST ORLA", "HD", ""),
        ("4521 CR 12 Tarn HD 00205", "#12", "TARN", "HD", "00205"),
        ("12 Main St N Tarn HD 00205", "MAIN", "TARN", "HD", "00205"),
        ("12 Main St North Port HD 00205", "MAIN", "NORTH PORT", "HD", "00205"),
        ("12 Oak St, Raleigh, North Carolina 27601, USA", "OAK", "RALEIGH", "NC", "27601"),
        ("12 Oak St\nRaleigh NC 27601", "OAK", "RALEIGH", "NC", "27601"),
        ("5 Highway 12345", "#12345", "", "", ""),
    ],
)
def test_one_line_with_its_place(line: str, street: str, city: str, state: str, code: str) -> None:
    found = parse_address(line)
    assert (found.street.core, found.city, found.state, found.zip) == (street, city, state, code)


@pytest.mark.parametrize(
    "line",
    ["URB Las Gladiolas 150 Calle A", "Urb. Las Gladiolas, 150 Calle A", "URB LAS GLADIOLAS\n150 CALLE A",
     "150 Calle A, Urb Las Gladiolas", "Calle A 150 Urb Las Gladiolas", "Urbanización Las Gladiolas, Calle A 150"],
)  # fmt: skip
def test_an_urbanization_of_puerto_rico(line: str) -> None:
    found = parse_address(line)
    assert (found.number, found.street.core, found.area) == ("150", "CALLE*A", "LASGLADIOLAS")


def test_the_short_way_reads_what_the_rules_read() -> None:
    lines = {voter.address for voter in Roll(20_000, 991).voters()}
    assert len(lines) > 5_000
    assert [line for line in lines if read_address(line) != parse_address(line)] == []


PIECES = st.sampled_from(
    "12 121 A B N S NW SOUTH 5TH TWENTY FIRST OAK MAIN ST STREET AVE RD CR HWY US STATE COUNTY APT UNIT # LOT 4 1/2 "
    "BOX RR FM NC ROUTE URB CALLE LAKE PARK COURT REAR FLOOR ONE 00205 , 39W123 200".split()
)


@example("121 APT A")
@given(st.lists(PIECES, max_size=8).map(" ".join))
def test_the_short_way_reads_odd_lines_as_the_rules_do(line: str) -> None:
    assert read_address(line) == parse_address(line)


@given(st.text(max_size=80))
def test_no_text_breaks_it(line: str) -> None:
    assert isinstance(parse_address(line), Address)
    assert isinstance(read_address(line), Address)
