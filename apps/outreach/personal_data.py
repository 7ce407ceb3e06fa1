"""Personal data of outreach: plans, and the friends whom a member asked."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from .models import Asking, Pledge


def _asking(asking: Asking) -> dict[str, Any]:
    return {
        "ask": asking.ask.title,
        "channel": asking.channel,
        "outcome": asking.outcome,
        "picked_at": asking.picked_at.isoformat(),
        "sent_at": asking.sent_at.isoformat() if asking.sent_at else "",
    }


def _pledge(pledge: Pledge) -> dict[str, Any]:
    return {
        "election": pledge.election.name,
        "method": pledge.method,
        "on_day": pledge.on_day.isoformat() if pledge.on_day else "",
        "time": pledge.time,
        "place": pledge.place,
        "travel": pledge.travel,
        "reminders": pledge.remind,
    }


def register_personal_data() -> None:
    """Fill the registry of personal data; called in AppConfig.ready."""
    privacy.register(
        Asking,
        title=_("Friends you asked: when, how, what came of it"),
        owner="owner",
        row=_asking,
        keep=_("Until your account goes; the friend’s name until the election"),
    )
    privacy.register(
        Pledge,
        title=_("Your plans to vote"),
        row=_pledge,
        keep=_("Until your account goes"),
    )
