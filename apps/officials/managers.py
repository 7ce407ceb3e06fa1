"""Reads of holdings and elections, in plain English."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F


class HoldingQuerySet(models.QuerySet[Any]):
    """What pages ask about offices."""

    def live(self) -> "HoldingQuerySet":
        """Holdings of the load that now speaks for their scope."""
        return self.filter(official__source=F("official__scope__source"))

    def in_divisions(self, ids: Iterable[str]) -> "HoldingQuerySet":
        """Holdings of the offices of these divisions, with all that a page shows of them."""
        return self.filter(office__division__in=list(ids)).select_related("office", "official__source")

    def inside(self, ocd_id: str) -> "HoldingQuerySet":
        """Holdings of the offices of all divisions inside one."""
        return self.filter(office__division__startswith=f"{ocd_id}/").select_related("office", "official__source")


class ElectionQuerySet(models.QuerySet[Any]):
    """What pages ask about elections."""

    def in_divisions(self, ids: Iterable[str]) -> "ElectionQuerySet":
        """Elections held in these divisions."""
        return self.filter(division__in=list(ids)).prefetch_related("deadlines")

    def from_day(self, day: date) -> "ElectionQuerySet":
        """Elections on a day or after it, the nearest first."""
        return self.filter(date__gte=day).order_by("date", "pk")
