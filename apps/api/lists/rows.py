"""Converts rows of partners' lists for the lookup rule and for the rule of contacts."""

from collections.abc import Mapping
from typing import Final

from apps.matching import TypedPerson
from apps.matching.normalize import names
from apps.verification.query import VoterQuery

ListRow = Mapping[str, str]
QUERY_FIELDS: Final = ("address", "city", "zip")


def typed_person(row: ListRow) -> TypedPerson:
    """Return a row as input of the matching engine, a full name in its parts."""
    person = TypedPerson(**{name: text for name, text in row.items() if name != "query_id"})
    if not person.full_name or person.first_name or person.last_name:
        return person
    whole = names.one_string(person.full_name)
    return person._replace(
        full_name="",
        first_name=whole.first,
        middle_name=person.middle_name or whole.middle,
        last_name=whole.last,
        suffix=person.suffix or whole.suffix,
    )


def voter_query(person: TypedPerson) -> VoterQuery:
    """Return a person as a lookup; the birth year stands in where no birth date is given."""
    place = {name: getattr(person, name) for name in QUERY_FIELDS}
    return VoterQuery(
        first_name=person.first_name,
        middle_name=person.middle_name,
        last_name=person.last_name,
        suffix=person.suffix,
        dob=person.dob or person.birth_year,
        **place,
    )


def name_key(person: TypedPerson) -> tuple[str, str]:
    """Return first and last name as they are compared."""
    return names.given(person.first_name), names.surname(person.last_name)[0]
