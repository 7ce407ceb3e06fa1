"""Who represents me: an answer that is not stored."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.districts import lookup

from .. import my_page
from ..district_report import DistrictReport, report_at, report_for_zip
from ..elections import next_known_election
from ..forms import AddressForm
from ..labels import missing_address_message
from ..page_caching import public_page

ZIP_PATTERN = re.compile(r"(\d{5})(-?\d{4})?")


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page with the address form; to a member, their own page."""
    if request.user.is_authenticated:
        return render(request, "pages/my_page.html", {"page": my_page.page_of(request.user), "form": AddressForm()})
    return _render_home(request, AddressForm())


def _render_home(request: HttpRequest, form: AddressForm) -> HttpResponse:
    if form.errors:
        form.fields["q"].widget.attrs["autofocus"] = True
    return render(request, "pages/home.html", {"form": form, "election": next_known_election()})


@csrf_exempt  # the answer is the same for everyone; a token would keep the home page out of the page cache
def find_representatives(request: HttpRequest) -> HttpResponse:
    """Answer an address or a ZIP code in the response to the POST; a GET redirects."""
    if request.method != "POST":
        return redirect("pages:home")
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _render_home(request, form)
    query = form.cleaned_data["q"]
    as_zip = ZIP_PATTERN.fullmatch(query.replace(" ", ""))
    return _report_for_zip(request, form, as_zip[1]) if as_zip else _report_for_address(request, form, query)


def _report_for_zip(request: HttpRequest, form: AddressForm, zip_code: str) -> HttpResponse:
    report = report_for_zip(zip_code)
    if report is None:
        form.add_error("q", _("We know no address with the ZIP code %(zip)s.") % {"zip": zip_code})
        return _render_home(request, form)
    return _render_report(request, report, zip_code, _("ZIP code %(zip)s") % {"zip": zip_code}, form)


def _report_for_address(request: HttpRequest, form: AddressForm, query: str) -> HttpResponse:
    match = lookup.find_address(query)
    if isinstance(match, lookup.Choices):
        return render(request, "pages/choices.html", {"choices": match, "action": "pages:who", "form": form})
    if isinstance(match, lookup.NotFound):
        form.add_error("q", missing_address_message(match.missing))
        return _render_home(request, form)
    report = report_at(match.lon, match.lat, placement=placement_label(match))
    return _render_report(request, report, "", match.label, form)


FEET_PER_METER = 3.28084


def placement_label(match: lookup.AddressMatch) -> str:
    """Return how an address was located, and how accurately."""
    feet = max(30, round(match.accuracy * FEET_PER_METER, -1))
    if match.method == "point":
        return _("By the address itself, within about %(feet)d feet") % {"feet": feet}
    if match.method == "online":
        return _("By an online service, within about %(feet)d feet") % {"feet": feet}
    return _("By the numbers along its street, within about %(feet)d feet") % {"feet": feet}


def _render_report(
    request: HttpRequest, report: DistrictReport, zip_code: str, place: str, form: AddressForm
) -> HttpResponse:
    # A new form: the submitted address appears on this page only.
    context = {"report": report, "place": place, "zip_code": zip_code, "form": AddressForm(), "submitted": form}
    return render(request, "pages/who.html", context)
