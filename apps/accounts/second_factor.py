"""Protect the second factor: a password alone never adds, removes, or shows one.

An attacker with the session and the password (a stolen laptop, a phished password) could otherwise remove the second
factor or read the recovery codes. Changes need a recent code or security key; removal of the authenticator app needs
a code with the request itself.
"""

import time
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.core import crypto

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Pages that add, remove, rename, or show a second factor. allauth lets them pass with the password.
PROTECTED = frozenset(
    "mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes "
    "mfa_download_recovery_codes mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn".split()
)


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """Sets up an authenticator app; the setup code cannot also sign in."""

    def clean_code(self) -> str:
        """Validate the code and mark it as used."""
        code: str = super().clean_code()
        if not TOTP(Authenticator(user=self.user))._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class RemoveAppForm(DeactivateTOTPForm, BaseAuthenticateForm):  # type: ignore[misc]
    """Removes the authenticator app, with a current code of it or a recovery code."""

    authenticator: Authenticator
    is_bound: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=kwargs["authenticator"].user, **kwargs)
        self.fields["code"].label = _("Code of the app, or a spare code")
        self.fields["code"].widget.attrs.pop("placeholder", None)
        # allauth binds the form without data when the page opens, which is not a missing code.
        self.is_bound = self.is_bound and bool(self.data)

    def clean_code(self) -> str:
        """Validate the code; the authenticator to remove stays the one of the page."""
        remove = self.authenticator
        try:
            code: str = super().clean_code()
        finally:
            self.authenticator = remove
        return code


class SecondFactorChangeMiddleware:
    """Asks for the second factor before a page that changes or shows it."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Respond."""
        return self.respond(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Redirect to the page that asks for a code or a key, or let the view respond."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name not in PROTECTED or not is_mfa_enabled(request.user, FACTORS) or _used_recently(request):
            return None
        has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        page = reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")
        return HttpResponseRedirect(f"{page}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")


def _used_recently(request: HttpRequest) -> bool:
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" and record["at"] > since for record in records)


def record_new_factor(request: HttpRequest, authenticator: Authenticator) -> None:
    """Record that this session just used a second factor that it set up, so that its recovery codes can be shown."""
    if authenticator.type in FACTORS:
        record_authentication(request, request.user, "mfa", id=authenticator.pk, type=authenticator.type)


def rotate_keys(dry_run: bool) -> int:
    """Rotate the secrets of second factors, wherever allauth puts them in its JSON; return how many rows."""
    rows = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            rows += 1
            if not dry_run:
                row.data = crypto.rotate_json(row.data)
                row.save(update_fields=["data"])
    return rows
