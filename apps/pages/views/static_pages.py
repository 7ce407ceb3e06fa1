"""Pages of words: help, privacy, terms, accessibility, sources, robots."""

from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from apps.accounts.models import User
from apps.accounts.services import keep_language
from apps.contacts.services import erasure

from ..page_caching import public_page

# An hour: the words change with an upgrade only.
PUBLIC = "public, max-age=3600"


def _text(request: HttpRequest, name: str, **more: Any) -> HttpResponse:
    contact_mail = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    context = {"contact_mail": contact_mail, "geocoder": urlsplit(settings.GEOCODER_URL).hostname, **more}
    response = render(request, f"pages/{name}.html", context)
    response.headers["Cache-Control"] = PUBLIC
    return response


@require_safe
@public_page
def help_page(request: HttpRequest) -> HttpResponse:
    """What the words mean, what to try, how to get off the site."""
    return _text(request, "help")


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, until when, and who sees it."""
    return _text(request, "privacy", erased=erasure.total_expired())


@require_safe
@public_page
def terms(request: HttpRequest) -> HttpResponse:
    """The rules of use."""
    return _text(request, "terms")


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """What people can count on, and what is not good yet."""
    return _text(request, "accessibility")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Let search engines read what is public and the same for everybody; the demo stays out of them."""
    closed = (
        ["/"] if settings.DEMO else ["/account/", "/who/", "/districts/", "/registration/", "/contacts/", "/staff/"]
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain", headers={"Cache-Control": PUBLIC})


# Without a token, so that public pages carry none and stay cacheable: a forged request changes a language only.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read on in another language; a member's mails follow."""
    response: HttpResponse = set_language(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen and isinstance(request.user, User):
        keep_language(member=request.user, language=chosen.value)
    return response
