"""Activity documents in the application's own database."""

from datetime import datetime

from django.utils import timezone

from apps.core.errors import BadInput

from .base import BIGGEST, Activity, ActivityEntry
from .models import ActivityDocument

# Rows deleted at once: short enough for SQLite's one writer.
PORTION = 500


class SqlActivity(Activity):
    """A row a document, its facts as JSON. A cursor is the row's number."""

    in_database = True

    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        _, made = ActivityDocument.objects.get_or_create(
            actor_id=actor_id, key=key, defaults={"kind": kind, "facts": facts, "at": timezone.now()}
        )
        return made

    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        rows = ActivityDocument.objects.filter(actor_id=member_id).order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=_number(before))
        return [ActivityEntry(row.kind, row.facts, row.key, row.at, str(row.pk)) for row in rows[:limit]]

    def erase(self, member_id: int) -> int:
        """Drop everything of a member."""
        return ActivityDocument.objects.filter(actor_id=member_id).delete()[0]

    def purge(self, before: datetime) -> int:
        """Drop what is older."""
        total = 0
        old = ActivityDocument.objects.filter(at__lt=before).values_list("pk", flat=True)
        while ids := list(old[:PORTION]):
            total += ActivityDocument.objects.filter(pk__in=ids).delete()[0]
        return total


def _number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or int(cursor) > BIGGEST:
        raise BadInput("before is not a place in the feed; take one from the page above it.")
    return int(cursor)
