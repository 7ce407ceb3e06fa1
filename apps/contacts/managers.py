"""Query sets of imports and contacts."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Count
from django.utils import timezone

DRAFT_MAX_HOURS = 24


class ImportQuerySet(models.QuerySet[Any]):
    """Query imports."""

    def owned_by(self, owner: AbstractBaseUser | int) -> "ImportQuerySet":
        """Return a member's imports."""
        return self.filter(owner=owner)

    def live(self) -> "ImportQuerySet":
        """Return confirmed imports that have not ended."""
        return self.filter(state__in=["waiting", "running"])

    def stale_drafts(self) -> "ImportQuerySet":
        """Return previews that were not confirmed within `DRAFT_MAX_HOURS`."""
        return self.filter(state="draft", created_at__lt=timezone.now() - timedelta(hours=DRAFT_MAX_HOURS))


class ContactQuerySet(models.QuerySet[Any]):
    """Query contacts."""

    def owned_by(self, owner: AbstractBaseUser | int) -> "ContactQuerySet":
        """Return a member's contacts that have not expired."""
        return self.filter(owner=owner, expires_at__gt=timezone.now())

    def with_keys(self, owner_id: int, keys: Iterable[bytes]) -> "ContactQuerySet":
        """Return a member's contacts that have all of these keyed hashes, such as the words of a name."""
        contacts = self
        for key in keys:
            contacts = contacts.filter(keys__hash=key, keys__owner_id=owner_id)
        return contacts.distinct()

    def expired(self) -> "ContactQuerySet":
        """Return contacts past their expiry."""
        return self.filter(expires_at__lte=timezone.now())

    def from_import(self, import_id: int) -> "ContactQuerySet":
        """Return the contacts that an import added or updated."""
        return self.filter(
            pk__in=self.model.imported_rows.rel.related_model.objects.filter(contact_import=import_id).values("contact")
        )

    def counts_by_status(self) -> dict[str, int]:
        """Return the number of contacts per status."""
        return dict(self.order_by().values_list("status").annotate(number=Count("pk")))

    def counts_by_place(self) -> list[tuple[str, dict[str, str], int]]:
        """Return (state, districts, count) groups.

        Grouped in the database: 10,000 contacts have a few hundred combinations.
        """
        groups = self.order_by().exclude(state="").values_list("state", "districts")
        return list(groups.annotate(number=Count("pk")))
