"""Who represents me: an answer on the spot, of which nothing is kept."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.districts import lookup

from ..district_report import DistrictReport, answer_at, answer_for_zip
from ..elections import next_here
from ..forms import WhoForm
from ..labels import missing_words
from ..page_caching import public_page

ZIP = re.compile(r"(\d{5})(-?\d{4})?")


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The front door: who represents me?"""
    return _home(request, WhoForm())


def _home(request: HttpRequest, form: WhoForm) -> HttpResponse:
    if form.errors:
        form.fields["q"].widget.attrs["autofocus"] = True
    return render(request, "pages/home.html", {"form": form, "election": next_here()})


@csrf_exempt  # an answer that is the same for everybody; a token would keep the home page out of the page cache
def who(request: HttpRequest) -> HttpResponse:
    """Answer an address or a ZIP code in the answer to the POST; a GET has nothing to say."""
    if request.method != "POST":
        return redirect("pages:home")
    form = WhoForm(request.POST)
    if not form.is_valid():
        return _home(request, form)
    typed = form.cleaned_data["q"]
    as_zip = ZIP.fullmatch(typed.replace(" ", ""))
    return _zip(request, form, as_zip[1]) if as_zip else _address(request, form, typed)


def _zip(request: HttpRequest, form: WhoForm, zip_code: str) -> HttpResponse:
    answer = answer_for_zip(zip_code)
    if answer is None:
        form.add_error("q", _("We know no address with the ZIP code %(zip)s.") % {"zip": zip_code})
        return _home(request, form)
    return _answered(request, answer, zip_code, _("ZIP code %(zip)s") % {"zip": zip_code}, form)


def _address(request: HttpRequest, form: WhoForm, typed: str) -> HttpResponse:
    found = lookup.find_address(typed)
    if isinstance(found, lookup.Choices):
        return render(request, "pages/choices.html", {"choices": found, "action": "pages:who", "form": form})
    if isinstance(found, lookup.NotFound):
        form.add_error("q", missing_words(found.missing))
        return _home(request, form)
    answer = answer_at(found.lon, found.lat, placed=placed_words(found))
    return _answered(request, answer, "", found.label, form)


def placed_words(found: lookup.AddressMatch) -> str:
    """Return how an address was placed, and how far off it may be."""
    metres = max(10, round(found.accuracy, -1))
    if found.method == "point":
        return _("By the address itself, within about %(metres)d metres") % {"metres": metres}
    if found.method == "online":
        return _("By an online service, within about %(metres)d metres") % {"metres": metres}
    return _("By the numbers along its street, within about %(metres)d metres") % {"metres": metres}


def _answered(request: HttpRequest, answer: DistrictReport, zip_code: str, place: str, form: WhoForm) -> HttpResponse:
    # The next question starts empty: what was typed stays on this page only.
    context = {"answer": answer, "place": place, "zip_code": zip_code, "form": WhoForm(), "typed": form}
    return render(request, "pages/who.html", context)
