"""Queries of vintages."""

from typing import Any

from django.db import models


class VintageQuerySet(models.QuerySet[Any]):
    """The queries of lookups and loads."""

    def live(self) -> "VintageQuerySet":
        """Return the vintages that lookups use."""
        return self.filter(live=True)

    def loads_of(self, layer: str, name: str) -> "VintageQuerySet":
        """Return every load of one vintage, newest first."""
        return self.filter(layer=layer, name=name).order_by("-id")
