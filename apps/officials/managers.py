"""Queries of holdings and elections."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F


class HoldingQuerySet(models.QuerySet[Any]):
    """Queries of the holdings of offices."""

    def live(self) -> "HoldingQuerySet":
        """Return holdings of the live load of their scope."""
        return self.filter(official__source=F("official__scope__source"))

    def in_divisions(self, ids: Iterable[str]) -> "HoldingQuerySet":
        """Return holdings of the offices of these divisions, with office, official and source."""
        return self.filter(office__division__in=list(ids)).select_related("office", "official__source")

    def inside(self, ocd_id: str) -> "HoldingQuerySet":
        """Return holdings of the offices of all divisions inside one, with office, official and source."""
        return self.filter(office__division__startswith=f"{ocd_id}/").select_related("office", "official__source")


class ElectionQuerySet(models.QuerySet[Any]):
    """Queries of elections."""

    def in_divisions(self, ids: Iterable[str]) -> "ElectionQuerySet":
        """Return elections in these divisions."""
        return self.filter(division__in=list(ids)).prefetch_related("deadlines")

    def from_day(self, day: date) -> "ElectionQuerySet":
        """Return elections on or after a date, the next one first."""
        return self.filter(date__gte=day).order_by("date", "pk")
