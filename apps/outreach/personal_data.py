"""Registers the personal data of outreach: plans, and the friends whom a member asked."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from .models import FriendAsk, Pledge


def _export_friend_ask(friend_ask: FriendAsk) -> dict[str, Any]:
    return {
        "ask": friend_ask.ask.title,
        "channel": friend_ask.channel,
        "outcome": friend_ask.outcome,
        "picked_at": friend_ask.picked_at.isoformat(),
        "sent_at": friend_ask.sent_at.isoformat() if friend_ask.sent_at else "",
    }


def _export_pledge(pledge: Pledge) -> dict[str, Any]:
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
    """Register the models of this app; called by AppConfig.ready."""
    privacy.register(
        FriendAsk,
        title=_("Friends you asked: when, how, what came of it"),
        owner="owner",
        row=_export_friend_ask,
        keep=_("Until your account goes; the friend’s name until the election"),
    )
    privacy.register(
        Pledge,
        title=_("Your plans to vote"),
        row=_export_pledge,
        keep=_("Until your account goes"),
    )
