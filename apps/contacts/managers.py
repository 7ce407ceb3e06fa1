"""Reads of imports and contacts, in plain English."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils import timezone

DRAFT_MAX_HOURS = 24


class ImportQuerySet(models.QuerySet[Any]):
    """What pages, workers and the reconciler ask for."""

    def of(self, owner: Any) -> "ImportQuerySet":
        """The imports of a member."""
        return self.filter(owner=owner)

    def live(self) -> "ImportQuerySet":
        """Confirmed imports that have not ended."""
        return self.filter(state__in=["waiting", "running"])

    def stale_drafts(self) -> "ImportQuerySet":
        """Previews that nobody confirmed within a day."""
        return self.filter(state="draft", created_at__lt=timezone.now() - timedelta(hours=DRAFT_MAX_HOURS))


class ContactQuerySet(models.QuerySet[Any]):
    """What pages and look-ups ask for."""

    def of(self, owner: Any) -> "ContactQuerySet":
        """The contacts of a member that are still kept."""
        return self.filter(owner=owner, expires_at__gt=timezone.now())

    def with_keys(self, owner_id: int, keys: Iterable[bytes]) -> "ContactQuerySet":
        """The contacts of a member that carry every one of some keyed hashes, such as the words of a name."""
        found = self
        for key in keys:
            found = found.filter(keys__hash=key, keys__owner_id=owner_id)
        return found.distinct()

    def expired(self) -> "ContactQuerySet":
        """Contacts whose days are over."""
        return self.filter(expires_at__lte=timezone.now())

    def of_import(self, import_id: int) -> "ContactQuerySet":
        """The contacts that an import brought or met again."""
        return self.filter(pk__in=self.model.sightings.rel.related_model.objects.filter(of=import_id).values("contact"))

    def by_status(self) -> dict[str, int]:
        """Return how many contacts have each status."""
        return dict(self.order_by().values_list("status").annotate(number=Count("pk")))

    def by_places(self) -> list[tuple[str, dict[str, str], int]]:
        """Return the places that occur with what is told there: state, districts, how many.

        Grouped in the database: a book of 10,000 has some hundred combinations.
        """
        groups = self.order_by().exclude(state="").values_list("state", "districts")
        return list(groups.annotate(number=Count("pk")))
