"""Who represents a division, on any day."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router

from apps.districts import lookup
from apps.officials import represent

from . import answered
from .asked import OfficialsAsked, nothing_else
from .auth import KeyFor, pay
from .cached import private
from .problems import Problems

router = Router(auth=KeyFor("officials"), tags=["officials"])


@router.get("", response={200: answered.OfficialsAnswer, **Problems.GOT}, summary="Officials of a division")
def officials(request: HttpRequest, asked: Query[OfficialsAsked]) -> HttpResponse:
    """Everybody who represents the division or what contains it, and the seats that are empty. Costs 1."""
    nothing_else(request, "division", "on")
    pay(request)
    on = asked.on or lookup.today()
    # Programs compare titles, so these do not follow the caller's language; `role` is the stable word.
    with translation.override("en"):
        seats = [_seat(seat) for seat in represent.represents([asked.division], on)]
    return private(request, answered.OfficialsAnswer(on=on, division=asked.division, seats=seats))


def _seat(seat: represent.Seat) -> answered.Seat:
    return answered.Seat(
        division=seat.office.division,
        role=seat.office.role,
        title=seat.title,
        vacant=seat.vacant,
        holders=[_holder(each) for each in seat.holders],
    )


def _holder(holder: represent.Holder) -> answered.Holder:
    official = holder.official
    return answered.Holder(
        name=official.name,
        party=None if settings.NONPARTISAN else official.party,
        since=holder.start,
        until=holder.end,
        links=official.links,
        source=official.source.name,
        as_of=holder.as_of,
        stale=holder.stale,
    )
