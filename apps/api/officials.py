"""Who represents a division, on any day."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router

from apps.districts import lookup
from apps.officials import representation

from .authentication import KeyFor, pay
from .http_caching import private_json_response
from .problems import Problems
from .schemas import responses
from .schemas.requests import OfficialsAsked, nothing_else

router = Router(auth=KeyFor("officials"), tags=["officials"])


@router.get("", response={200: responses.OfficialsAnswer, **Problems.GOT}, summary="Officials of a division")
def officials(request: HttpRequest, asked: Query[OfficialsAsked]) -> HttpResponse:
    """Everybody who represents the division or what contains it, and the seats that are empty. Costs 1."""
    nothing_else(request, "division", "on")
    pay(request)
    on = asked.on or lookup.today()
    # Programs compare titles, so these do not follow the caller's language; `role` is the stable word.
    with translation.override("en"):
        seats = [_seat(seat) for seat in representation.represents([asked.division], on)]
    return private_json_response(request, responses.OfficialsAnswer(on=on, division=asked.division, seats=seats))


def _seat(seat: representation.Seat) -> responses.Seat:
    return responses.Seat(
        division=seat.office.division,
        role=seat.office.role,
        title=seat.title,
        vacant=seat.vacant,
        holders=[_holder(each) for each in seat.holders],
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
