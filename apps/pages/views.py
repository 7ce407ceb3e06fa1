"""Public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from apps.core.flags import require_flag


def home(request: HttpRequest) -> HttpResponse:
    """The front door: who represents me?"""
    return render(request, "pages/home.html")


def who(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


def districts(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


def division(request: HttpRequest, ocd_id: str) -> HttpResponse:
    return render(request, "pages/home.html")


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


privacy = terms = accessibility = sources = robots = demo_mail = help_page


@require_flag("components")
def components(request: HttpRequest) -> HttpResponse:
    """Every part of the design system on one page."""
    return render(request, "pages/components.html")


# Without a token, so that public pages carry none and stay cacheable: a forged request changes a language, no more.
language = csrf_exempt(require_POST(set_language))
