"""My districts, one division, and the files they come from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.districts import lookup
from apps.districts.models import Vintage
from apps.officials.representation import seats_for_divisions

from .. import registration_context, services
from ..district_report import answer_at
from ..forms import DayForm, WhoForm
from ..labels import MAPPED, division_word, layer_rank, layer_word, missing_words
from ..maps import layer_map, source_words
from ..page_caching import public_page
from .representatives import placed_words
from .static_pages import PUBLIC


@login_required
def districts(request: HttpRequest) -> HttpResponse:
    """Every division of the member's place on a day: as registered, or as typed for this one answer."""
    question = Question.of(request)
    if request.method == "POST":
        if not question.form.is_valid():
            return _ask(request, question)
        return _located(request, question, question.form.cleaned_data["q"], None)
    registered = registration_context.place_of(request.user)
    return _located(request, question, registered.address, registered) if registered else _ask(request, question)


@dataclass(frozen=True)
class Question:
    """What the page was asked: a place typed for this answer (perhaps), and a day."""

    form: WhoForm
    day_form: DayForm
    on: date | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Question":
        """Read a request; a day that cannot be read is today, and its form says so."""
        day_form = DayForm(request.GET if "on" in request.GET else None, initial={"on": lookup.today()})
        on = day_form.cleaned_data["on"] if day_form.is_bound and day_form.is_valid() else None
        return cls(WhoForm(request.POST if request.method == "POST" else None), day_form, on)

    def context(self) -> dict[str, Any]:
        """Return what every answer's template needs."""
        return {"form": self.form, "day_form": self.day_form, "on": self.on}


def _ask(request: HttpRequest, question: Question, why: str = "") -> HttpResponse:
    return render(request, "pages/districts_ask.html", {**question.context(), "why": why})


def _located(
    request: HttpRequest, question: Question, address: str, registered: registration_context.RegisteredPlace | None
) -> HttpResponse:
    found = lookup.find_address(address)
    if isinstance(found, lookup.Choices):
        shown: dict[str, Any] = {"choices": found, "action": "pages:districts"}
        return render(request, "pages/choices.html", {**question.context(), **shown})
    if isinstance(found, lookup.NotFound):
        if registered:
            return _ask(request, question, missing_words(found.missing))
        question.form.add_error("q", missing_words(found.missing))
        return _ask(request, question)
    answer = answer_at(
        found.lon, found.lat, question.on, placed_words(found), registered.listed() if registered else None
    )
    shown = {"answer": answer, "place": found.label, "registered": registered is not None}
    if registered and answer.maps:
        # The map's links work without a script where the address can say which layer is meant.
        asked = request.GET.get("map")
        shown["drawn"] = next((each for each in answer.maps if each.layer == asked), answer.maps[0])
    return render(request, "pages/districts.html", {**question.context(), **shown})


@require_POST
@login_required
def wrong(request: HttpRequest) -> HttpResponse:
    """Take a member's word that a division is wrong: a steward looks at it."""
    hit = lookup.division(request.POST.get("division", ""))
    if hit is None:
        raise Http404
    services.report_wrong_division(member=request.user, hit=hit)
    messages.success(request, _("A person will look at it. The answer comes to your inbox."))
    return redirect("pages:districts")


@require_safe
@public_page
def division(request: HttpRequest, path: str) -> HttpResponse:
    """One division: its shape, who holds its seats, its neighbours. The same for everybody."""
    hit = lookup.division(f"ocd-division/{path}")
    if hit is None:
        raise Http404
    drawn = layer_map(str(MAPPED.get(hit.layer, layer_word(hit.layer))), hit)
    context = {
        "hit": hit,
        "name": division_word(hit),
        "kind": layer_word(hit.layer),
        "seats": [seat for seat in seats_for_divisions([hit.ocd_id]) if seat.office.division == hit.ocd_id],
        "neighbours": [(division_word(each), _path(each)) for each in lookup.neighbors(hit.ocd_id)],
        "maps": [drawn] if drawn else [],
        "map_data": {drawn.layer: drawn.as_json()} if drawn else {},
        "source": source_words(hit),
    }
    response = render(request, "pages/division.html", context)
    response.headers["Cache-Control"] = PUBLIC
    # The words follow the language's cookie, and the header the reader's session.
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _path(hit: lookup.DistrictHit) -> str:
    return hit.ocd_id.removeprefix("ocd-division/")


@require_safe
@public_page
def sources(request: HttpRequest) -> HttpResponse:
    """Every file that an answer here can come from, with its dates."""
    vintages = sorted(Vintage.objects.live(), key=lambda each: (layer_rank(each.layer), each.valid_from or date.min))
    rows = [(layer_word(each.layer), each) for each in vintages]
    return render(request, "pages/sources.html", {"rows": rows, "rolls": registration_context.rolls()})
