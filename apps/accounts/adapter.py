"""What we decide about allauth: who may join, how mails leave, how the secrets of a second step are kept."""

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
from apps.notifications import emails

from .models import User
from .services import keep_language

# What allauth calls the links in the context of its mails.
LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up may be closed; mails are accepted with the request and sent by the worker, in our frame."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether new members may join."""
        del request
        return bool(settings.SIGNUP_OPEN)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Keep the language of the page on which the member signed up."""
        user.language = (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Show a member's own language on a new machine; a language chosen just now becomes the member's."""
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
        """Accept a mail for the worker: no page waits for SMTP, and the clock tells nothing about an account."""
        member = User.objects.filter(email=email.lower()).first()
        links = {name: _own(context[name]) for name in LINKS if context.get(name)}
        with translation.override(member.language if member else translation.get_language()):
            subject, text, html = _written(template_prefix, {**context, **links})
            emails.post(to=email, subject=subject, text=text, html=html)


def _own(url: str) -> str:
    """Return a link with our own address in front, whatever host the request named."""
    return f"{settings.SITE_URL}{urlsplit(url).path}"


def _written(prefix: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail.

    A mail with a link has a template for both; one that only tells what changed is a text that gets our frame.
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
    """Secrets of second steps lie encrypted, under the keys outside the database."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret on its way into the database."""
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret that is about to be compared."""
        return crypto.decrypt(encrypted_text)
