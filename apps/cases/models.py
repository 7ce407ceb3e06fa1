"""Cases: questions that staff decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import CaseQuerySet


class Case(models.Model):
    """A question that staff decide. Its kind determines which role may, and the effect of each answer.

    `subject_id` and `facts` are ids and counts of the app that opened it; what a page shows is loaded from there.
    """

    class State(models.TextChoices):
        """The life cycle of a case."""

        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Being looked at")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    opened_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases_taken"
    )
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=40, blank=True)
    note = EncryptedTextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=~Q(state="closed"), name="cases_case_one_open")
        ]
        indexes = [models.Index(fields=["state", "kind", "opened_at"], name="cases_case_queue")]

    def __str__(self) -> str:
        return f"{self.kind} case {self.pk}"
