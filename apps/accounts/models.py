"""People who signed up. What they are on the roll is verification's business, not an attribute here."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.roles import STAFF, Role


class UserManager(BaseUserManager["User"]):
    """Makes users by mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; the mail address is kept in lower case, so that one person is one account."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: a mail address, a password, one role."""

    email = models.EmailField(_("mail address"), unique=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        # Never the mail address: this ends up in logs and admin titles.
        return f"account {self.pk}"

    @property
    def is_staff(self) -> bool:
        """Return whether the admin may be opened: owners only, the work of staff has its own pages."""
        return self.role == Role.OWNER

    @property
    def is_superuser(self) -> bool:
        """Return whether the account has every right."""
        return self.role == Role.OWNER

    @property
    def above_member(self) -> bool:
        """Return whether a second factor is required."""
        return self.role in STAFF

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer the admin: an owner has every permission."""
        del perm, obj
        return self.is_active and self.role == Role.OWNER

    def has_module_perms(self, app_label: str) -> bool:
        """Answer the admin: an owner sees every app."""
        del app_label
        return self.is_active and self.role == Role.OWNER
