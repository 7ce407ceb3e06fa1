"""The model of loaded boundaries: a row per load, whose index has its own folder."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .managers import VintageQuerySet


class Vintage(models.Model):
    """One load of a layer's boundaries, with a name such as `2024` and the dates on which they are in force.

    A layer can have many vintages. Loading a vintage again makes a new row live and keeps the previous one for a
    rollback. The geometry is never in the database.
    """

    layer = models.CharField(_("layer"), max_length=40)
    name = models.CharField(_("vintage"), max_length=80)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True, help_text=_("The last day."))
    folder = models.CharField(max_length=80, unique=True, help_text="Under DATA_DIR/boundaries.")
    source = models.CharField(_("file"), max_length=200)
    divisions = models.PositiveIntegerField(_("divisions"))
    report = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    live = models.BooleanField(_("live"), default=True)

    objects = VintageQuerySet.as_manager()

    class Meta:
        ordering = ["layer", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "name"], condition=models.Q(live=True), name="districts_vintage_live_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.name}"

    @property
    def path(self) -> Path:
        """Return the folder of its index, outlines and names."""
        return boundaries_folder() / self.folder

    def in_force_on(self, day: date) -> bool:
        """Return whether the boundaries are in force on a date; a missing date is open."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def boundaries_folder() -> Path:
    """Return the folder that contains the folders of all vintages."""
    return Path(settings.DATA_DIR) / "boundaries"


def addresses_file() -> Path:
    """Return the SQLite file of all loaded addresses."""
    return Path(settings.DATA_DIR) / "addresses" / "addresses.sqlite3"
