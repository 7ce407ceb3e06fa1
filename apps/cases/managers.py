"""Queries over cases."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from .models import Case  # noqa: F401 (named in a string below)

# After this time another staff member may take a case that was taken but not decided.
TAKEN_MINUTES = 30


class CaseQuerySet(models.QuerySet["Case"]):
    """Queries of the queues and the dashboard."""

    def unanswered(self) -> "CaseQuerySet":
        """Return cases without an answer, oldest first, taken or not."""
        return self.filter(state__in=("waiting", "taken")).order_by("opened_at", "id")

    def waiting(self) -> "CaseQuerySet":
        """Return cases that can be taken now, oldest first."""
        stale = Q(state="taken", taken_at__lt=Now() - timedelta(minutes=TAKEN_MINUTES))
        return self.filter(Q(state="waiting") | stale).order_by("opened_at", "id")

    def of_kind(self, kind: str) -> "CaseQuerySet":
        """Return cases of one kind."""
        return self.filter(kind=kind)

    def for_role(self, role: str) -> "CaseQuerySet":
        """Return cases whose kind the role may decide; an owner may decide all."""
        from apps.cases.services import kinds_for

        return self.filter(kind__in=kinds_for(role))
