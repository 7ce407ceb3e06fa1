"""Accounts, consents and data exports. A member's voter registration belongs to the verification app."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.roles import STAFF, Role
from apps.core.types import PassedThrough


class UserManager(BaseUserManager["User"]):
    """Creates users by email address."""

    def create_user(self, email: str, password: str | None = None, **fields: PassedThrough) -> "User":
        """Return a new user. The email address is stored in lower case, so that it identifies one account."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: an email address, a password, one role."""

    email = models.EmailField(_("email address"), unique=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    # Set when the member requests deletion; until that time they can sign in only to cancel it.
    erase_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        # Not the email address: this text appears in logs.
        return f"account {self.pk}"

    @property
    def is_staff(self) -> bool:
        """Return whether the user has any role above member."""
        return self.role in STAFF

    @property
    def is_superuser(self) -> bool:
        """Return False: no role bypasses permissions, and a flag that is off is off for owners too."""
        return False


class Consent(models.Model):
    """A document that a member agreed to, with its version and the time."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "document", "version"], name="accounts_consent_once")]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class DataExport(models.Model):
    """An export of a member's data, built by the worker, encrypted, and kept for one day."""

    class State(models.TextChoices):
        """The life cycle of an export."""

        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Stopped")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # The name of the file under DATA_DIR/exports: random, so that it cannot be guessed.
    name = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="accounts_export_made")]

    def __str__(self) -> str:
        return f"export {self.pk}"
