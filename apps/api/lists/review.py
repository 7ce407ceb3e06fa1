"""What those who approve a partner's list see of it: counts of duplicates and canary rows, never a person.

Rows of one name, or of names that sound alike, try several details of one voter. Canaries are made-up people whom the
operator put into files that must not leave: a list with one shows where its rows come from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.core.errors import BadInput
from apps.matching import TypedPerson
from apps.matching.normalize import dates, names

from .models import Canary
from .rows import ListRow, name_key, typed_person

# privacy.md, rule 8.
ROWS_PER_NAME: Final = 3
# An error names the first rows: a list has up to 5,000.
NAMED_ROWS: Final = 5


def check_names(rows: Sequence[ListRow]) -> None:
    """Raise BadInput, which names the rows, if more than three rows bear one name."""
    ids: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        ids[name_key(typed_person(row))].append(row["query_id"])
    crowded = [found for found in ids.values() if len(found) > ROWS_PER_NAME]
    if crowded:
        named = ", ".join(crowded[0][:NAMED_ROWS])
        raise BadInput(
            f"people: more than {ROWS_PER_NAME} rows have the same name (query_id {named}). "
            "Submit the others in another list."
        )


def review(rows: Sequence[ListRow]) -> dict[str, int]:
    """Return how many rows share a name, a similar name, or a similar name and a birth date, and the canary rows."""
    people = [typed_person(row) for row in rows]
    similar = [_similar_key(person) for person in people]
    born = [
        (key, dates.lenient(person.dob, person.birth_year))
        for key, person in zip(similar, people, strict=True)
        if person.dob or person.birth_year
    ]
    return {
        "same_name": _repeated(Counter(name_key(person) for person in people)),
        "similar_name": _repeated(Counter(similar)),
        "largest": max(Counter(similar).values(), default=0),
        "same_birth": _repeated(Counter(born)),
        "canaries": count_canaries(people),
    }


def _similar_key(person: TypedPerson) -> tuple[str, str]:
    first, last = name_key(person)
    return first[:1], names.sound(last)


def _repeated(numbers: Mapping[object, int]) -> int:
    return sum(number for number in numbers.values() if number > 1)


def count_canaries(people: Iterable[TypedPerson]) -> int:
    """Return how many people bear the name of a canary."""
    hashes = [canary_hash(*name_key(person)) for person in people]
    known = {bytes(value) for value in Canary.objects.values_list("key_hash", flat=True)}
    return sum(one in known for one in hashes)


def canary_hash(first: str, last: str) -> bytes:
    """Return what is stored of a canary: the keyed hash of the name in normal form."""
    return keyed_hash(settings.LOOKUP_KEY, "canary", first, last)


def add_canaries(people: Iterable[TypedPerson]) -> int:
    """Store canaries; return how many were new."""
    before = Canary.objects.count()
    Canary.objects.bulk_create(
        [Canary(key_hash=canary_hash(*name_key(person))) for person in people], ignore_conflicts=True
    )
    return int(Canary.objects.count()) - before
