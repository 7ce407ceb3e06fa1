"""Address lines of rolls and of people, and places."""

import pytest

from apps.matching.normalize.addresses import address
from apps.matching.normalize.places import city, state, zip_code


@pytest.mark.parametrize(
    ("line", "house", "street", "unit"),
    [
        ("1220 SW 12TH AVE APT 709", "1220", "12", "709"),
        ("1220 Southwest 12th Avenue #709", "1220", "12", "709"),
        ("1220 SW 12th Ave 709", "1220", "12", "709"),
        ("1220 SW Twelfth Ave., Apt. 709", "1220", "12", "709"),
        ("12 North Main Street West", "12", "MAIN", ""),
        ("12 Main", "12", "MAIN", ""),
        ("9 North St", "9", "NORTH", ""),
        ("P.O. BOX 0012", "12", "POBOX", ""),
        ("Post Office Box 12", "12", "POBOX", ""),
        ("RR 2 Box 15", "15", "RR2", ""),
        ("Rural Route 2, Box 15", "15", "RR2", ""),
        ("HC 1 BOX 5", "5", "HC1", ""),
        ("123 US Hwy 12", "123", "HWY12", ""),
        ("123 State Route 12", "123", "HWY12", ""),
        ("123 Highway 12 Unit B", "123", "HWY12", "B"),
        ("5 County Road 12 N", "5", "CR12", ""),
        ("5 CR 12", "5", "CR12", ""),
        ("5 Avenue B", "5", "AVEB", ""),
        ("5 Ave B Apt 3", "5", "AVEB", "3"),
        ("5 Rosellastreet", "5", "ROSELLA", ""), ("5 Longstreet Ave", "5", "LONGSTREET", ""),
        ("4 St. James Place", "4", "STJAMES", ""),
        ("4 Saint James Pl", "4", "STJAMES", ""),
        ("44 O'Neil Rd", "44", "ONEIL", ""),
        ("123 1/2 Oak Ln", "123", "OAK", ""),
        ("12-34 31st Ave", "1234", "31", ""),
        ("One Main St", "1", "MAIN", ""),
        ("123 Main St, Springfield, NY 12345", "123", "MAIN", ""),
        ("Hauptstraße 5", "5", "HAUPTSTRASSE", ""),
        ("Calle de Alcalá", "", "CALLEDEALCALA", ""),
        ("", "", "", ""), ("#", "", "", ""), ("☃", "", "", ""), ("\x00", "", "", ""),
    ],
)  # fmt: skip
def test_an_address_line(line: str, house: str, street: str, unit: str) -> None:
    assert tuple(address(line)) == (house, street, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [("01234", 1234), ("1234", 1234), ("12345-6789", 12345), ("123456789", 12345), ("23456789", 2345),
     ("00000", 0),
     ("", 0), (" 12345 ", 12345)],
)  # fmt: skip
def test_zip_codes(text: str, code: int) -> None:
    assert zip_code(text) == code


def test_a_postal_code_with_letters_is_a_number_of_its_own() -> None:
    assert zip_code("SW1A 1AA") == zip_code("sw1a1aa") > 100_000


def test_cities_and_states() -> None:
    assert city("Ft. Wayne") == city("FORT WAYNE")
    assert city("City of St Paul") == city("Saint Paul")
    assert [state(s) for s in ("north carolina", "n.c.", "NC", "Bavaria", "")] == [
        "NC",
        "NC",
        "NC",
        "BAVARIA",
        "",
    ]
