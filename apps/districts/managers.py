"""Reads of vintages, in plain English."""

from typing import Any

from django.db import models


class VintageQuerySet(models.QuerySet[Any]):
    """What look-ups and loads ask for."""

    def live(self) -> "VintageQuerySet":
        """Vintages that answer look-ups."""
        return self.filter(live=True)

    def of(self, layer: str, name: str) -> "VintageQuerySet":
        """Every load of one vintage, the newest first."""
        return self.filter(layer=layer, name=name).order_by("-id")
