"""What is held about a member here: plans, and the friends they asked."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.records import personal

from .models import Asking, Pledge


def _askings(member: Any) -> Iterator[dict[str, Any]]:
    for one in Asking.objects.filter(owner=member).select_related("ask").order_by("pk"):
        yield {
            "ask": one.ask.title,
            "channel": one.channel,
            "outcome": one.outcome,
            "picked_at": one.picked_at.isoformat(),
            "sent_at": one.sent_at.isoformat() if one.sent_at else "",
        }


def _pledges(member: Any) -> Iterator[dict[str, Any]]:
    for one in Pledge.objects.filter(member=member).select_related("election").order_by("pk"):
        yield {
            "election": one.election.name,
            "method": one.method,
            "on_day": one.on_day.isoformat() if one.on_day else "",
            "time": one.time,
            "place": one.place,
            "travel": one.travel,
            "reminders": one.remind,
        }


def register() -> None:
    """Fill the registry of personal data; called in AppConfig.ready."""
    personal.register(
        Asking,
        title=_("Friends you asked: when, how, what came of it"),
        export=_askings,
        erase=lambda member: Asking.objects.filter(owner=member).delete()[0],
        keep=_("Until your account goes; the friend’s name until the election"),
    )
    personal.register(
        Pledge,
        title=_("Your plans to vote"),
        export=_pledges,
        erase=lambda member: Pledge.objects.filter(member=member).delete()[0],
        keep=_("Until your account goes"),
    )
