"""Reads of outreach: open asks, eligible contacts, progress, public counts."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import segments
from apps.contacts.models import Status
from apps.core.disclosure import FLOOR, floored

from .managers import FriendAskQuerySet
from .models import PLEDGED_OUTCOMES, Ask, Campaign, FriendAsk, Pledge

ASKABLE_STATUSES = (Status.REGISTERED, Status.LIKELY, Status.UNCLEAR, Status.NOT_FOUND, Status.NO_ROLL)


def open_asks() -> "QuerySet[Ask]":
    """Return the asks that members may work on today."""
    today = timezone.localdate()
    return (
        Ask.objects.filter(campaign__state=Campaign.State.LIVE, opens__lte=today, closes__gte=today)
        .filter(campaign__election__date__gte=today)
        .select_related("campaign__election")
    )


def eligible_contacts(member: User, ask: Ask) -> set[int]:
    """Return the member's contacts that match an ask and are not picked for it."""
    groups = [[segments.status_segment(status) for status in ask.statuses or ASKABLE_STATUSES]]
    if ask.divisions:
        groups.append([segments.division_segment(division) for division in ask.divisions])
    return segments.members_of_any(member.pk, groups, [asked_segment(ask.pk)])


def asked_segment(ask_id: int) -> str:
    """Return the segment name of contacts picked for an ask."""
    return f"asked:{ask_id}"


def pledged_segment(election_id: int) -> str:
    """Return the segment name of contacts who will vote in an election."""
    return f"pledged:{election_id}"


def outreach_segments(owner_id: int) -> dict[str, set[int]]:
    """Return the segments that outreach adds to a member's contacts."""
    segments_by_name: dict[str, set[int]] = {}
    rows = FriendAsk.objects.filter(owner_id=owner_id, contact__isnull=False)
    for contact_id, ask_id, election_id, outcome in rows.values_list(
        "contact_id", "ask_id", "ask__campaign__election_id", "outcome"
    ):
        segments_by_name.setdefault(asked_segment(ask_id), set()).add(contact_id)
        if outcome in PLEDGED_OUTCOMES:
            segments_by_name.setdefault(pledged_segment(election_id), set()).add(contact_id)
    return segments_by_name


@dataclass(frozen=True)
class Progress:
    """Count the steps of one member's ask, or of a campaign."""

    picked: int
    sent: int
    responded: int
    will_vote: int


def count_progress(friend_asks: FriendAskQuerySet) -> Progress:
    """Count all steps in one query."""
    counts = friend_asks.aggregate(
        picked=Count("pk"),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        responded=Count("pk", filter=~Q(outcome="")),
        will_vote=Count("pk", filter=Q(outcome__in=PLEDGED_OUTCOMES)),
    )
    return Progress(**counts)


def public_counts(campaign: Campaign) -> dict[str, int]:
    """Return the counts that everyone may know of a campaign, without those below `FLOOR`."""
    progress = count_progress(FriendAsk.objects.filter(ask__campaign=campaign))
    plans = Pledge.objects.filter(election=campaign.election).count()
    counts = {"sent": progress.sent, "will_vote": progress.will_vote, "plans": plans}
    return {name: number for name, number in counts.items() if number >= FLOOR}


@dataclass(frozen=True)
class Funnel:
    """Hold an ask for staff, with counts below `FLOOR` suppressed."""

    ask: Ask
    members: int | None
    steps: list[tuple[str, int | None]]


def ask_funnel(ask: Ask) -> Funnel:
    """Return the progress of all members together."""
    friend_asks = FriendAsk.objects.filter(ask=ask)
    progress = count_progress(friend_asks)
    steps = [(name, floored(getattr(progress, name))) for name in ("picked", "sent", "responded", "will_vote")]
    members = friend_asks.values("owner").distinct().count()
    return Funnel(ask, floored(members), steps)
