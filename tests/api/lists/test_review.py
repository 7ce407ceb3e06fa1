"""Duplicates and canary rows of partners' lists."""

import pytest

from apps.api.lists import review
from apps.core.errors import BadInput
from apps.matching import TypedPerson

pytestmark = pytest.mark.django_db


def row(number: int, **columns: str) -> dict[str, str]:
    return {"query_id": str(number), **columns}


def test_spellings_of_one_name_are_similar_names() -> None:
    spellings = ["Inkwall", "Inkwal", "Inkwaal", "Ynkwall"]
    rows = [row(n, first_name="Ada", last_name=last, dob="1980-01-02") for n, last in enumerate(spellings)]
    facts = review.review([*rows, row(9, first_name="Bo", last_name="Dell")])
    assert (facts["same_name"], facts["similar_name"], facts["largest"], facts["same_birth"]) == (0, 3, 3, 3)


def test_three_rows_of_a_name_are_allowed_and_four_are_not() -> None:
    rows = [row(n, full_name="Ada Inkwall" if n % 2 else "", first_name="" if n % 2 else "ADA",
                last_name="" if n % 2 else "inkwall") for n in range(4)]  # fmt: skip
    review.check_names(rows[:3])
    with pytest.raises(BadInput, match="0, 1, 2, 3"):
        review.check_names(rows)


def test_canaries_are_counted_by_name_and_stored_as_hashes() -> None:
    canary = TypedPerson(first_name="Quill", last_name="O'Marrow")
    assert review.add_canaries([canary, canary]) == 1
    assert review.add_canaries([canary]) == 0
    assert review.review([row(1, full_name="Quill OMarrow"), row(2, full_name="Ada Arbor")])["canaries"] == 1
