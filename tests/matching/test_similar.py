"""Levels of two names with different spellings."""

import pytest

from apps.matching.fields import First, Last, Middle
from apps.matching.similarity import first_level, last_level, middle_level, same_street


@pytest.mark.parametrize(
    ("query", "voter", "level"),
    [
        ("JOANN", "JOANN", First.SAME), ("JO ANN", "JOANN", First.SAME), ("MARY SUE", "MARY", First.SAME),
        ("MARY SUE", "MARY ANN", First.NICKNAME), ("BILL", "WILLIAM", First.NICKNAME),
        ("WILLIAM", "WILL", First.NICKNAME), ("PEPE", "JOSE", First.NICKNAME),
        ("MARGRET", "MARGARTE", First.CLOSE),
        ("J", "JOHN", First.INITIAL), ("J", "ROBERT", First.DIFFERS), ("SUE", "MARY SUE", First.MIDDLE_NAME),
        ("ROBERT", "J ROBERT", First.MIDDLE_NAME), ("EDDIR", "EDWARD", First.SIMILAR),
        ("ROBBIE", "ROBERT", First.SIMILAR), ("JOHN", "PETER", First.DIFFERS),

    ],
)  # fmt: skip
def test_first_names(query: str, voter: str, level: First) -> None:
    assert First(first_level(query, voter)) is level


@pytest.mark.parametrize(
    ("query", "voter", "level"),
    [
        ("GARCIALOPEZ", "GARCIA LOPEZ", Last.SAME), ("LOPEZ", "GARCIA LOPEZ", Last.PART),
        ("GARCIA/LOPEZ", "GARCIA", Last.PART), ("GARCIA/LOPEZ", "LOPEZ", Last.SAME),
        ("CRUZ", "DELACRUZ", Last.PART),
        ("SMITH", "SMYTH", Last.CLOSE), ("HARTWELL", "HARTWEL", Last.CLOSE), ("KNIGHT", "NITE", Last.SOUNDS),
        ("LEE", "LI", Last.SOUNDS), ("SMITH", "JONES", Last.DIFFERS),
    ],
)  # fmt: skip
def test_surnames(query: str, voter: str, level: Last) -> None:
    assert Last(last_level(query, voter)) is level


@pytest.mark.parametrize(
    ("query", "voter", "level"),
    [("H", "HENRY", Middle.INITIAL), ("H", "H", Middle.INITIAL), ("HENRY", "HENRY", Middle.SAME),
     ("HENRI", "HENRY", Middle.CLOSE), ("ANN", "ANN MARIE", Middle.SAME), ("H", "JAMES", Middle.DIFFERS)],
)  # fmt: skip
def test_middle_names(query: str, voter: str, level: Middle) -> None:
    assert Middle(middle_level(query, voter)) is level


def test_streets_up_to_a_slip() -> None:
    assert same_street("LIVINGSTON", "LIVINGSTONE") == 1
    assert same_street("OAK", "ELM") == 0
