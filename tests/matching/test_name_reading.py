"""Parsing of names, and entries of address books that are not people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.contacts.parsing import cleaning
from apps.matching.normalize.names import one_string, separate
from apps.matching.normalize.person_names import (
    EntryKind,
    clean_name,
    kind_of_entry,
    kind_of_label,
    read_fields,
    read_name,
    read_suffix,
)
from apps.verification.forms import LookUpForm

NAMES = [
    # text, first, middle, last, suffix
    ("Lou Hart, M.D.", "Lou", "", "Hart", ""),
    ("Lou Hart MD PhD", "Lou", "", "Hart", ""),
    ("Ann Lee, Ph. D.", "Ann", "", "Lee", ""),
    ("Hart, Lou, Jr., MD", "Lou", "", "Hart", "Jr"),
    ("Hart M.D., Lou", "Lou", "", "Hart", ""),
    ("Tom Fox Esq.", "Tom", "", "Fox", ""),
    ("Rev. Dr. John Smith III", "John", "", "Smith", "III"),
    ("Lt. Col. Jane Doe, USAF, Ret.", "Jane", "", "Doe", ""),
    ("Dra. Ana Ruiz", "Ana", "", "Ruiz", ""),
    ("Sr. Juan García", "Juan", "", "García", ""),
    ("Juan García Sr", "Juan", "", "García", "Sr"),
    ("Sra. María de la Cruz", "María", "", "de la Cruz", ""),
    ("Ms. Smith", "", "", "Smith", ""),
    ("👩‍👩‍👧 Ann Lee 😊", "Ann", "", "Lee", ""),
    ("Ann ❤️ Lee", "Ann", "", "Lee", ""),
    ("Ken Griffey Jr.", "Ken", "", "Griffey", "Jr"),
    ("Carlos Silva Junior", "Carlos", "", "Silva", "Jr"),
    ("Junior Seau", "Junior", "", "Seau", ""),
    ("José Silva Filho", "José", "", "Silva", "Filho"),
    ("José Silva Neto", "José", "", "Silva", "Neto"),
    ("Ana Maria Neto", "Ana", "Maria", "Neto", ""),
    ("Juan Pérez (hijo)", "Juan", "", "Pérez", "Hijo"),
    ("Juan Pérez (h)", "Juan", "", "Pérez", "Hijo"),
    ("Juan Pérez López hijo", "Juan", "Pérez", "López", "Hijo"),
    ("Jr John Smith", "John", "", "Smith", "Jr"),
    ("III, John Smith", "John", "", "Smith", "III"),
    ("John Smith 2nd", "John", "", "Smith", "II"),
    ("John Smith the Third", "John", "", "Smith", "III"),
    ("John Smith V", "John", "", "Smith", "V"),
    ("J Smith", "J", "", "Smith", ""),
    ("Jose Y", "Jose", "", "Y", ""),
    ("Sam O", "Sam", "", "O", ""),
    ("Anh Do", "Anh", "", "Do", ""),
    ("Anh Do, D.O.", "Anh", "", "Do", ""),
    ("Yo-Yo Ma", "Yo-Yo", "", "Ma", ""),
    ("Robert “Bob” Smith Jr", "Robert", "", "Smith", "Jr"),
    ("Robert (Bob) Smith", "Robert", "", "Smith", ""),
    ("José Ortega y Gasset", "José", "", "Ortega y Gasset", ""),
    ("Jean–Luc Picard", "Jean-Luc", "", "Picard", ""),
    ("Ana Brandt‐Osei", "Ana", "", "Brandt-Osei", ""),
    ("D´Angelo O’Brien", "D'Angelo", "", "O'Brien", ""),
    ("Lee, Ann", "Ann", "", "Lee", ""),
    ("Maria Garcia Lopez", "Maria", "Garcia", "Lopez", ""),
    ("Cher", "Cher", "", "", ""),
    ("'Ann Lee'", "Ann", "", "Lee", ""),
    ("Dona Smith", "Dona", "", "Smith", ""),
    ("Doña Ana Ruiz", "Ana", "", "Ruiz", ""),
    ("Gen. Ann Lee", "Ann", "", "Lee", ""),
    ("李 小龙", "李", "", "小龙", ""),
    ("", "", "", "", ""),
    ("😊", "", "", "", ""),
]


@pytest.mark.parametrize(("text", "first", "middle", "last", "suffix"), NAMES)
def test_a_name_in_one_string(text: str, first: str, middle: str, last: str, suffix: str) -> None:
    assert read_name(text)[:4] == (first, middle, last, suffix)
    assert cleaning.split_name(text) == (first, middle, last, suffix)  # contacts give the same result


@pytest.mark.parametrize(
    ("fields", "right"),
    [
        (("Dr. Ann", "", "Lee, M.D.", ""), ("Ann", "", "Lee", "")),
        (("John", "Q", "Smith Jr.", ""), ("John", "Q", "Smith", "Jr")),
        (("John Jr", "", "Smith", ""), ("John", "", "Smith", "Jr")),
        (("John", "", "Smith", "Jr., M.D."), ("John", "", "Smith", "Jr")),
        (("José", "", "Silva Filho", ""), ("José", "", "Silva", "Filho")),
        (("Ann 😊", "", "O’Hara", "Esq."), ("Ann", "", "O'Hara", "")),
        (("Anh", "", "Do", ""), ("Anh", "", "Do", "")),
        (("Robert (Bob)", "", "Smith", ""), ("Robert", "", "Smith", "")),
        (("José", "", "“Pepe” Muñoz", ""), ("José", "", "Muñoz", "")),
        (("Dona Jean", "", "Smith", ""), ("Dona Jean", "", "Smith", "")),
    ],
)
def test_a_name_in_fields(fields: tuple[str, str, str, str], right: tuple[str, str, str, str]) -> None:
    assert read_fields(*fields)[:4] == right


@pytest.mark.parametrize(
    ("text", "suffix"),
    [("Jr.", "Jr"), ("Jr., M.D.", "Jr"), ("the Third", "III"), ("M.D.", ""), ("Esq.", ""), ("hijo", "Hijo"), ("", "")],
)
def test_a_suffix_of_a_list_of_marks(text: str, suffix: str) -> None:
    assert read_suffix(text) == suffix


def test_the_matcher_compares_what_was_read() -> None:
    names = one_string("Dra. Ana–María O´Hara, M.D.")
    assert (names.first, names.last, names.suffix) == ("ANA MARIA", "OHARA", "")
    assert one_string("José Silva Filho").suffix == separate("José", "", "Silva", "Jr").suffix == "JR"
    assert separate("Rev. John", "", "Smith, MD", "")[:3] == separate("John", "", "Smith", "")[:3]
    assert separate("John", "", "Smith 2nd", "").suffix == "II"
    assert separate("Ann 😊", "", "Lee", "").first == "ANN"
    assert separate("John Jr", "", "Smith", "").suffix == separate("John", "", "Smith", "Jr., M.D.").suffix == "JR"
    assert separate("Dr. Ann", "", "Lee", "") == separate("Ann", "", "Lee", "Ph.D.")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Acme Inc.", EntryKind.ORGANIZATION), ("First Baptist Church", EntryKind.ORGANIZATION),
        ("Joe's Pizza", EntryKind.ORGANIZATION), ("Dept. of Motor Vehicles", EntryKind.ORGANIZATION),
        ("Alexander & Sons", EntryKind.ORGANIZATION), ("Local 123 Union", EntryKind.ORGANIZATION),
        ("The Smiths", EntryKind.HOUSEHOLD), ("The Smith Family", EntryKind.HOUSEHOLD),
        ("Familia García", EntryKind.HOUSEHOLD), ("Mr. and Mrs. Smith", EntryKind.HOUSEHOLD),
        ("John & Mary Smith", EntryKind.HOUSEHOLD), ("Juan y María López", EntryKind.HOUSEHOLD),
        ("Soccer Parents", EntryKind.GROUP), ("Book Club", EntryKind.GROUP), ("Everyone", EntryKind.GROUP),
        ("Conference Room B", EntryKind.PLACE), ("Front Desk", EntryKind.PLACE), ("Home", EntryKind.PLACE),
        ("Ann Lee", EntryKind.PERSON), ("Frank Church", EntryKind.PERSON), ("Shirley Temple", EntryKind.PERSON),
        ("José Ortega y Gasset", EntryKind.PERSON), ("Mary Park", EntryKind.PERSON), ("Andy Bank", EntryKind.PERSON),
        ("Anh Do", EntryKind.PERSON), ("", EntryKind.PERSON), ("李小龙", EntryKind.PERSON),
    ],
)  # fmt: skip
def test_what_an_entry_stands_for(name: str, kind: EntryKind) -> None:
    assert kind_of_entry(name) is kind


def test_a_stated_kind_is_believed_before_the_name() -> None:
    assert kind_of_entry("Ann Lee", label="org") is EntryKind.ORGANIZATION
    assert kind_of_entry("Book Club", label="individual") is EntryKind.PERSON
    assert kind_of_label("Household") is EntryKind.HOUSEHOLD
    assert kind_of_label("Distribution List") is EntryKind.GROUP
    assert kind_of_label("resource") is EntryKind.PLACE
    assert kind_of_label("") is None


FORM = {"first_name": "Ann", "last_name": "Lee", "dob_month": "3", "dob_day": "11", "dob_year": "1984",
        "address": "418 Coopers Row", "city": "Port Ansel", "zip": "00471"}  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["W148 N9748 Tree Tops Dr", "39W123 Elm Rd", "121-A Main St", "Apt 5, 12 Oak St", "Eleven Wall St", "208½ Oak St",
     "URB Las Gladiolas 150 Calle A", "12–34 31st Ave", "RR 2 Box 15", "N9748 County Road X"],
)  # fmt: skip
def test_the_form_takes_every_kind_of_house_number(address: str) -> None:
    assert LookUpForm(FORM | {"address": address}).is_valid()


@pytest.mark.parametrize("address", ["Main St", "Twenty-First Ave", "42nd St", "County Road 12", "Apt 5"])
def test_the_form_asks_for_a_missing_house_number(address: str) -> None:
    form = LookUpForm(FORM | {"address": address})
    assert not form.is_valid()
    assert form.errors.as_data()["address"][0].code == "house"


@pytest.mark.parametrize(
    "name", ["Brandt–Osei", "Brandt‐Osei", "Brandt−Osei", "O´Brien", "O’Brien", "Oʼbrien", "D`Angelo"]
)
def test_the_form_takes_every_hyphen_and_apostrophe(name: str) -> None:
    assert LookUpForm(FORM | {"first_name": name, "last_name": name}).is_valid()


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    read_name(text)
    read_fields(text, text, text, text)
    kind_of_entry(text)
    assert clean_name(clean_name(text)) == clean_name(text)
