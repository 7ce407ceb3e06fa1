"""Models of API keys and partners' lists."""

from django.db import models

SCOPES = ("districts", "lists", "officials")


class ApiKey(models.Model):
    """A key of a partner's program, with its budget. The secret is shown once; only its hash is stored."""

    name = models.CharField(max_length=80, help_text="The partner's program.")
    prefix = models.CharField(max_length=8, unique=True, help_text="The part of the key that may be displayed.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole key, which has 256 random bits.")
    scopes = models.JSONField(default=list)
    daily_budget = models.PositiveIntegerField(help_text="Cost of all requests of a day, such as points and addresses.")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


from .lists.models import Canary, ListPart, PartnerList  # noqa: E402 - they refer to ApiKey

__all__ = ["SCOPES", "ApiKey", "Canary", "ListPart", "PartnerList"]
