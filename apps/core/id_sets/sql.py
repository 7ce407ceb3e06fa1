"""Id sets in the application's own database: a row a set, its members sorted as 64-bit numbers.

A row a member would make 1,000,000 rows of a set; as one value it is read in milliseconds and combined by numpy
(two sets of 1,000,000: about 0.1 s, bench/contacts.py).
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from apps.core.models import IdSet

from .base import IdSets

Members = npt.NDArray[np.int64]


class SqlIdSets(IdSets):
    """One row a set."""

    def put(self, key: str, members: Iterable[int]) -> None:
        """Store a whole set."""
        self.put_many({key: members})

    def put_many(self, sets: Mapping[str, Iterable[int]]) -> None:
        """Store whole sets in one statement, replacing what was there."""
        rows = [IdSet(key=key, members=_sorted(members).tobytes()) for key, members in sets.items()]
        with transaction.atomic():
            IdSet.objects.bulk_create(
                rows, batch_size=400, update_conflicts=True, unique_fields=["key"], update_fields=["members"]
            )

    def get(self, key: str) -> set[int] | None:
        """Return a set, or None."""
        return self.combine([key])

    def combine(self, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int] | None:
        """Intersect from the smallest set on, then subtract."""
        found = dict(IdSet.objects.filter(key__in={*wanted, *without}).values_list("key", "members"))
        if len(found) < len({*wanted, *without}):
            return None
        members = {key: np.frombuffer(value, np.int64) for key, value in found.items()}
        first, *rest = sorted((members[key] for key in wanted), key=len)
        for other in rest:
            first = np.intersect1d(first, other, assume_unique=True)
        for key in without:
            first = np.setdiff1d(first, members[key], assume_unique=True)
        return set(first.tolist())

    def drop(self, prefix: str) -> None:
        """Forget the sets of a prefix."""
        rows = IdSet.objects.filter(key__startswith=prefix)
        if connection.vendor == "sqlite":
            # SQLite's LIKE uses no index; its text order is that of the code points.
            rows = rows.filter(key__gte=prefix, key__lt=prefix + "\U0010ffff")
        rows.delete()


def _sorted(members: Iterable[int]) -> Members:
    """Return the members in order, each once. (np.unique hashes, which takes 3 s for 1,000,000.)"""
    found = np.fromiter(members, np.int64)
    found.sort()
    return found[np.concatenate(([True], found[1:] != found[:-1]))] if len(found) else found
