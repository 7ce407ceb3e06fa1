"""Id sets in the application's own database."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from apps.core.models import IdSetMember

from .base import IdSets

# A row that marks a set as stored, so that an empty set differs from a missing one; no id is negative.
MARK = -1


class SqlIdSets(IdSets):
    """One row a member, and one mark a set."""

    def put(self, key: str, members: Iterable[int]) -> None:
        """Store a whole set in one transaction."""
        rows = [IdSetMember(set_key=key, member=member) for member in {MARK, *members}]
        with transaction.atomic():
            IdSetMember.objects.filter(set_key=key).delete()
            IdSetMember.objects.bulk_create(rows, batch_size=2000)

    def get(self, key: str) -> set[int] | None:
        """Return a set, or None."""
        return self.combine([key])

    def combine(self, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int] | None:
        """Intersect and subtract in the database."""
        keys = {*wanted, *without}
        marked = IdSetMember.objects.filter(set_key__in=keys, member=MARK).count()
        if marked != len(keys):
            return None
        rows = IdSetMember.objects.filter(set_key=wanted[0]).exclude(member=MARK)
        for key in wanted[1:]:
            rows = rows.filter(member__in=IdSetMember.objects.filter(set_key=key).values("member"))
        for key in without:
            rows = rows.exclude(member__in=IdSetMember.objects.filter(set_key=key).values("member"))
        return set(rows.values_list("member", flat=True))

    def drop(self, prefix: str) -> None:
        """Forget the sets of a prefix."""
        IdSetMember.objects.filter(set_key__startswith=prefix).delete()
