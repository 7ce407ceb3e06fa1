"""Adapters for allauth: sign-up switch, email through the worker, encrypted second-factor secrets."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from apps.core import crypto
from apps.core.types import PassedThrough
from apps.notifications import emails

from .models import User
from .services import keep_language

# The links in the context of allauth's email templates.
LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Lets operators close sign-up, and queues email in the request's transaction for the worker to send."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether new members may join."""
        del request
        return bool(settings.SIGNUP_OPEN)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Do nothing: accounts have no user name."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Save the user with the language of the sign-up page."""
        user.language = (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, **kwargs: PassedThrough) -> HttpResponse:
        """Set the browser's language to the member's, or the member's to one that was just chosen."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen:
            keep_language(member=user, language=chosen)
        else:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue an email for the worker: no page waits for SMTP, and the response time reveals no account."""
        member = User.objects.filter(email=email.lower()).first()
        links = {name: _on_site_url(context[name]) for name in LINKS if context.get(name)}
        with translation.override(member.language if member else translation.get_language()):
            subject, text, html = _render_email(template_prefix, {**context, **links})
            emails.post(to=email, subject=subject, text=text, html=html)


def _on_site_url(url: str) -> str:
    """Return a link under SITE_URL, whatever host the request named."""
    return f"{settings.SITE_URL}{urlsplit(url).path}"


def _render_email(prefix: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Return subject, text and HTML of an email.

    An email with a link has a text and an HTML template. A notification of a change has a text template only, which is
    wrapped in the base layout.
    """
    context = {**context, "site_name": settings.SITE_NAME}
    subject = render_to_string(f"{prefix}_subject.txt", context).strip()
    text: str = render_to_string(f"{prefix}_message.txt", context).strip() + "\n"
    try:
        html: str = render_to_string(f"{prefix}_message.html", context)
    except TemplateDoesNotExist:
        why = gettext("Sent because the way to sign in to your account was changed.")
        html = emails.html_page(title=subject, text=text, why=why)
        text = emails.text_page(title=subject, text=text, why=why)
    return subject, text, html


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts second-factor secrets with FIELD_KEYS, which are stored outside the database."""

    def encrypt(self, text: str) -> str:
        """Return the encrypted secret."""
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the decrypted secret."""
        return crypto.decrypt(encrypted_text)
