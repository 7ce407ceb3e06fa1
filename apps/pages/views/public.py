"""Who represents me, my districts, one division."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ..forms import WhoForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: who represents me?"""
    return render(request, "pages/home.html", {"form": WhoForm()})


def who(request: HttpRequest) -> HttpResponse:
    """Answer an address or a ZIP code on the spot; nothing of it is kept."""
    return redirect("pages:home")


districts = division = sources = who
