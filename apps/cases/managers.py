"""Queries over cases."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from .models import Case  # noqa: F401 (named in a string below)

# Somebody who took a case and went home does not keep it: after this time another may take it.
TAKEN_MINUTES = 30


class CaseQuerySet(models.QuerySet["Case"]):
    """What queues and tiles ask for."""

    def unanswered(self) -> "CaseQuerySet":
        """Cases without an answer, the oldest first, taken or not."""
        return self.filter(state__in=("waiting", "taken")).order_by("opened_at", "id")

    def waiting(self) -> "CaseQuerySet":
        """Cases that somebody may take now, the oldest first."""
        stale = Q(state="taken", taken_at__lt=Now() - timedelta(minutes=TAKEN_MINUTES))
        return self.filter(Q(state="waiting") | stale).order_by("opened_at", "id")

    def of_kind(self, kind: str) -> "CaseQuerySet":
        """Cases of one kind."""
        return self.filter(kind=kind)

    def for_role(self, role: str) -> "CaseQuerySet":
        """Cases whose kind this role may decide; an owner may decide all."""
        from apps.cases.services import kinds_for

        return self.filter(kind__in=kinds_for(role))
