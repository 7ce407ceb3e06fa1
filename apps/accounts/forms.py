"""Forms of accounts."""

from typing import Any

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


def _plain(form: forms.Form, **labels: str) -> None:
    """Call things as every page does, and let labels alone say what goes into a field."""
    for name, label in labels.items():
        form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Sign-in in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login=gettext("Mail address"))


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """The way to a new password in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=gettext("Mail address"))


class AddEmailForm(AllauthAddEmailForm):  # type: ignore[misc]
    """A new mail address in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=gettext("New mail address"))


class ReauthenticateForm(AllauthReauthenticateForm):  # type: ignore[misc]
    """The password once more, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """Another password in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword=gettext("Current password"),
            password1=gettext("New password"),
            password2=gettext("New password, again"),
        )


class ResetPasswordKeyForm(AllauthResetPasswordKeyForm):  # type: ignore[misc]
    """A new password after a mailed link, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password1=gettext("New password"), password2=gettext("New password, again"))


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """Sign-up by mail address and password, with a consent that is never ticked for the member."""

    agreed = forms.BooleanField(
        error_messages={"required": _("Tick the box if you agree. Without it we may not keep your data.")}
    )
    field_order = ("email", "password1", "agreed")
    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mail, password, agreed = (self.fields[name] for name in self.field_order)
        mail.error_messages["required"] = gettext("Type your mail address. You sign in with it.")
        mail.error_messages["invalid"] = gettext("A mail address looks like name@example.org.")
        password.label = gettext("Password")
        password.help_text = gettext("At least 12 characters. A short sentence is easy to remember and hard to guess.")
        password.error_messages["required"] = gettext("Choose a password.")
        agreed.label = _agreed_label()
        _plain(self, email=gettext("Mail address"))

    def try_save(self, request: HttpRequest) -> Any:
        """Spend the time of a password's hash where there is an account already: the clock must not tell."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the same address was signed up a moment ago, from another window
            self.account_already_exists = True
            return super().try_save(request)

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Write down the consent with its versions."""
        del request
        consents.record(user)


class DeleteForm(forms.Form):
    """The last question before an account goes."""

    sure = forms.BooleanField(
        label=_("Yes, erase my account and everything in it"),
        error_messages={"required": _("Tick the box if you want your account erased.")},
    )
