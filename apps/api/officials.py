"""The endpoint of officials: who represents a division on any date."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router

from apps.districts import lookup
from apps.officials import representation

from .authentication import ApiKeyAuth, charge
from .http_caching import private_json_response
from .problems import ProblemStatuses
from .schemas import responses
from .schemas.requests import OfficialsQuery, reject_unknown_parameters

router = Router(auth=ApiKeyAuth("officials"), tags=["officials"])


@router.get("", response={200: responses.OfficialsResponse, **ProblemStatuses.GET}, summary="Officials of a division")
def officials(request: HttpRequest, query: Query[OfficialsQuery]) -> HttpResponse:
    """Return everyone who represents the division or a division that contains it, and vacant seats. Costs 1."""
    reject_unknown_parameters(request, "division", "on")
    charge(request)
    on = query.on or lookup.today()
    # Titles stay in English because programs compare them; `role` is the stable identifier.
    with translation.override("en"):
        seats = [_seat(seat) for seat in representation.seats_for_divisions([query.division], on)]
    return private_json_response(request, responses.OfficialsResponse(on=on, division=query.division, seats=seats))


def _seat(seat: representation.Seat) -> responses.Seat:
    return responses.Seat(
        division=seat.office.division,
        role=seat.office.role,
        title=seat.title,
        vacant=seat.vacant,
        holders=[_holder(holder) for holder in seat.holders],
    )


def _holder(holder: representation.Holder) -> responses.Holder:
    official = holder.official
    return responses.Holder(
        name=official.name,
        party=None if settings.NONPARTISAN else official.party,
        since=holder.start,
        until=holder.end,
        links=official.links,
        source=official.source.name,
        as_of=holder.as_of,
        stale=holder.stale,
    )
