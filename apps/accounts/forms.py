"""Forms for sign-up, sign-in, passwords and account deletion."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.types import PassedThrough

from . import consents


def _agreed_label() -> str:
    return format_html(
        gettext(
            'I have read how {site} treats my data (<a href="{privacy}">privacy</a>) and its '
            '<a href="{terms}">terms</a>, and I agree.'
        ),
        site=settings.SITE_NAME,
        privacy=reverse("pages:privacy"),
        terms=reverse("pages:terms"),
    )


class _RelabeledForm:
    """Replaces allauth's labels with those of the other pages, and removes placeholders."""

    fields: dict[str, forms.Field]
    labels: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: PassedThrough, **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = label
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_RelabeledForm, AllauthLoginForm):  # type: ignore[misc]
    """Signs a member in."""

    labels: ClassVar = {"login": _("Email address")}


class ResetPasswordForm(_RelabeledForm, AllauthResetPasswordForm):  # type: ignore[misc]
    """Requests a link to choose a new password."""

    labels: ClassVar = {"email": _("Email address")}


class AddEmailForm(_RelabeledForm, AllauthAddEmailForm):  # type: ignore[misc]
    """Adds an email address."""

    labels: ClassVar = {"email": _("New email address")}


class ReauthenticateForm(_RelabeledForm, AllauthReauthenticateForm):  # type: ignore[misc]
    """Asks for the password again."""


class ChangePasswordForm(_RelabeledForm, AllauthChangePasswordForm):  # type: ignore[misc]
    """Changes the password."""

    labels: ClassVar = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, again"),
    }


class ResetPasswordKeyForm(_RelabeledForm, AllauthResetPasswordKeyForm):  # type: ignore[misc]
    """Chooses a new password after a link from an email."""

    labels: ClassVar = {"password1": _("New password"), "password2": _("New password, again")}


class SignupForm(_RelabeledForm, AllauthSignupForm):  # type: ignore[misc]
    """Signs up with email address and password; the consent box is never ticked in advance."""

    agreed = forms.BooleanField(
        error_messages={"required": _("Tick the box if you agree. Without it we may not keep your data.")}
    )
    field_order = ("email", "password1", "agreed")
    labels: ClassVar = {"email": _("Email address"), "password1": _("Password")}
    account_already_exists: bool

    def __init__(self, *args: PassedThrough, **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        email, password, agreed = (self.fields[name] for name in self.field_order)
        email.error_messages["required"] = gettext("Type your email address. You sign in with it.")
        email.error_messages["invalid"] = gettext("An email address looks like name@example.org.")
        password.help_text = gettext("At least 12 characters. A short sentence is easy to remember and hard to guess.")
        password.error_messages["required"] = gettext("Choose a password.")
        agreed.label = _agreed_label()

    def try_save(self, request: HttpRequest) -> Any:
        """Create the account. If it exists, hash the password anyway, so that the response time does not reveal it."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # a concurrent request signed up the same address
            self.account_already_exists = True
            return super().try_save(request)

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Record the consent and the versions of its documents."""
        del request
        consents.record(user)


class DeleteForm(forms.Form):
    """Confirms the erasure of an account."""

    sure = forms.BooleanField(
        label=_("Yes, erase my account and everything in it"),
        error_messages={"required": _("Tick the box if you want your account erased.")},
    )
