"""Keys of the API, and what each has spent today."""

from django.db import models

SCOPES = ("districts", "lists", "officials")


class ApiKey(models.Model):
    """A key of a partner's program. Its secret is shown once; what is kept is a hash, which cannot be used."""

    name = models.CharField(max_length=80, help_text="Whose program it is.")
    prefix = models.CharField(max_length=8, unique=True, help_text="The part of the key that may be shown.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole key, which has 256 random bits.")
    scopes = models.JSONField(default=list)
    daily_budget = models.PositiveIntegerField(help_text="Points, addresses and other answers in a day.")
    spent = models.PositiveIntegerField(default=0)
    spent_on = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


from .lists.models import ListPart, PartnerList  # noqa: E402 - they point at ApiKey

__all__ = ["SCOPES", "ApiKey", "ListPart", "PartnerList"]
