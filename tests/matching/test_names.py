"""Names as clerks and people write them."""

import pytest

from apps.matching.normalize.names import given, one_string, separate, sound, suffix, surname
from apps.matching.normalize.nicknames import alternatives, related, representative


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("O'Brien", "OBRIEN"), ("O Brien", "OBRIEN"), ("OBRIEN", "OBRIEN"), ("O’Brien", "OBRIEN"),
        ("Mc Donald", "MCDONALD"), ("de la Cruz", "DELACRUZ"), ("DeLaCruz", "DELACRUZ"),
        ("Van Der Berg", "VANDERBERG"),
        ("St. John", "STJOHN"), ("Saint John", "STJOHN"), ("García-López", "GARCIA LOPEZ"),
        ("Garcia de la Cruz", "GARCIA DELACRUZ"), ("Ortega y Gasset", "ORTEGA GASSET"), ("Van", "VAN"),
        ("Løvås", "LOVAS"), ("Großmann", "GROSSMANN"), ("Łuczak", "LUCZAK"), ("Nguyễn", "NGUYEN"), ("", ""),
        ("李", ""), ("'''", ""), ("smith" * 100, "SMITH" * 40),
    ],
)  # fmt: skip
def test_surnames(text: str, normal: str) -> None:
    assert surname(text) == (normal, "")


def test_a_suffix_at_the_end_of_a_surname_is_taken_off() -> None:
    assert surname("Smith Jr.") == ("SMITH", "JR")
    assert separate("John", "", "Smith III", "").suffix == "III"
    assert separate("John", "", "Smith III", "Sr").suffix == "SR"


@pytest.mark.parametrize(
    ("text", "normal"),
    [("D'Angelo", "DANGELO"), ("La Toya", "LATOYA"), ("mary-sue", "MARY SUE"), ("Jo Ann", "JOANN"),
     ("J.", "J"),
     ("José", "JOSE"), (" anna  maria ", "ANNA MARIA"), ("42", "")],
)  # fmt: skip
def test_given_names(text: str, normal: str) -> None:
    assert given(text) == normal


@pytest.mark.parametrize(
    ("text", "normal"),
    [("Jr.", "JR"), ("junior", "JR"), ("SR", "SR"), ("2nd", "II"), ("the Third", "III"), ("iv", "IV"),
     ("MD", ""),
     ("Ph.D.", ""), ("", "")],
)  # fmt: skip
def test_suffixes(text: str, normal: str) -> None:
    assert suffix(text) == normal


@pytest.mark.parametrize(
    ("text", "first", "middle", "last", "first_part", "tail"),
    [
        ("John Smith", "JOHN", "", "SMITH", "SMITH", ""),
        ("Smith, John A., Jr.", "JOHN", "A", "SMITH", "SMITH", "JR"),
        ("Maria Garcia Lopez", "MARIA", "GARCIA", "LOPEZ", "GARCIA", ""),
        ("juan de la cruz", "JUAN", "", "DELACRUZ", "DELACRUZ", ""),
        ("Dr. Ann O'Hara", "ANN", "", "OHARA", "OHARA", ""),
        ("Ann Lee, MD", "ANN", "", "LEE", "LEE", ""),
        ("Robert Downey Jr", "ROBERT", "", "DOWNEY", "DOWNEY", "JR"),
        ("Cher", "", "", "CHER", "CHER", ""),
        ("", "", "", "", "", ""),
    ],
)
def test_a_name_in_one_string(text: str, first: str, middle: str, last: str, first_part: str, tail: str) -> None:
    names = one_string(text)
    assert (names.first, names.middle, names.last, names.first_part, names.suffix) == (
        first, middle, last, first_part, tail,
    )  # fmt: skip


def test_sounds_are_short_and_never_raise() -> None:
    assert sound("SMITH") == sound("SMYTH")
    assert sound("") == ""
    assert len(sound("WOLFESCHLEGELSTEINHAUSEN")) == 5


def test_a_nickname_is_filed_under_the_most_frequent_formal_name() -> None:
    file = {"WILLIAM": 900, "WILL": 50, "BILL": 20, "JACK": 70, "JOHN": 60}
    count = lambda name: file.get(name, 0)  # noqa: E731
    assert [representative(n, count) for n in ("BILL", "WILL", "WILLIAM")] == ["WILLIAM"] * 3
    assert representative("JACK", count) == "JACK"
    assert representative("ZZYZX", count) == "ZZYZX"
    assert "JOHN" in alternatives("JACK", count)
    assert "JOSE" in related("PEPE")
    assert "PEPE" in related("JOSE")
