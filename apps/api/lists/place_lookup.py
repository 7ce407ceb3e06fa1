"""Look up the divisions of the places on partners' lists."""

from collections.abc import Sequence

from apps.districts.place_districts import TypedPlace, divisions_of_places
from apps.matching import TypedPerson


def divisions_of_people(people: Sequence[TypedPerson]) -> list[list[str]]:
    """Return the sorted OCD ids of each person's address; empty if it is unknown."""
    found = divisions_of_places(
        [TypedPlace(person.address, person.city, person.state, person.zip) for person in people]
    )
    return [sorted(ids for layer in layers.values() for ids in layer) for layers in found]
