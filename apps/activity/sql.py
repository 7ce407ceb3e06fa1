"""The activity feed in the application's database."""

from datetime import datetime

from django.utils import timezone

from apps.core.errors import BadInput

from .base import INVALID_CURSOR, MAX_INTEGER, Activity, ActivityEntry
from .models import ActivityDocument

# Rows deleted per statement: short enough for SQLite's single writer.
BATCH_SIZE = 500


class SqlActivity(Activity):
    """Stores a row per activity. A cursor is the row's primary key."""

    in_database = True

    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        _, created = ActivityDocument.objects.get_or_create(
            actor_id=actor_id, key=key, defaults={"kind": kind, "facts": facts, "at": timezone.now()}
        )
        return created

    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        rows = ActivityDocument.objects.filter(actor_id=member_id).order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=_parse_cursor(before))
        return [ActivityEntry(row.kind, row.facts, row.key, row.at, str(row.pk)) for row in rows[:limit]]

    def erase(self, member_id: int) -> int:
        """Delete all activities of a member."""
        return ActivityDocument.objects.filter(actor_id=member_id).delete()[0]

    def purge(self, before: datetime) -> int:
        """Delete activities before a time."""
        total = 0
        outdated = ActivityDocument.objects.filter(at__lt=before).values_list("pk", flat=True)
        while ids := list(outdated[:BATCH_SIZE]):
            total += ActivityDocument.objects.filter(pk__in=ids).delete()[0]
        return total


def _parse_cursor(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or int(cursor) > MAX_INTEGER:
        raise BadInput(INVALID_CURSOR)
    return int(cursor)
