"""Static pages: help, privacy, terms, accessibility, robots.txt, language."""

from email.utils import parseaddr
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
from apps.core.types import PassedThrough

from ..page_caching import public_page

# One hour: the text changes only with an upgrade.
PUBLIC_CACHE_CONTROL = "public, max-age=3600"


def _static_page(request: HttpRequest, name: str, **extra: PassedThrough) -> HttpResponse:
    contact_mail = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    context = {"contact_mail": contact_mail, "geocoder": urlsplit(settings.GEOCODER_URL).hostname, **extra}
    response = render(request, f"pages/{name}.html", context)
    response.headers["Cache-Control"] = PUBLIC_CACHE_CONTROL
    return response


@require_safe
@public_page
def help_page(request: HttpRequest) -> HttpResponse:
    """Show the help."""
    return _static_page(request, "help")


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is stored, for how long, and who sees it."""
    return _static_page(request, "privacy", erased=erasure.total_expired())


@require_safe
@public_page
def terms(request: HttpRequest) -> HttpResponse:
    """Show the terms of use."""
    return _static_page(request, "terms")


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return _static_page(request, "accessibility")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Allow crawlers on public pages only; on the demo nowhere."""
    closed = (
        ["/"] if settings.DEMO else ["/account/", "/who/", "/districts/", "/registration/", "/contacts/", "/staff/"]
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain", headers={"Cache-Control": PUBLIC_CACHE_CONTROL})


# No CSRF token, so that public pages stay cacheable: a forged request only changes the language.
@csrf_exempt
@require_POST
def set_page_language(request: HttpRequest) -> HttpResponse:
    """Change the language; a member's emails follow."""
    response: HttpResponse = set_language(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen and isinstance(request.user, User):
        keep_language(member=request.user, language=chosen.value)
    return response
