"""Rows of partners' lists as queries."""

from apps.api.lists.rows import typed_person, voter_query


def test_a_full_name_is_read_in_its_parts() -> None:
    person = typed_person({"query_id": "1", "full_name": "Ada Mae Inkwall Jr"})
    assert (person.first_name, person.last_name, person.suffix) == ("ADA", "INKWALL", "JR")


def test_the_birth_year_stands_in_for_a_date() -> None:
    assert voter_query(typed_person({"query_id": "1", "last_name": "Inkwall", "birth_year": "1980"})).dob == "1980"
