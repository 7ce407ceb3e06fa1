"""Reads of outreach: asks that are open, who of a member's contacts they are about, progress, public counts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from apps.contacts import segments
from apps.contacts.models import Status
from apps.core.disclosure import FLOOR, floored

from .managers import AskingQuerySet
from .models import PLEDGED, Ask, Asking, Campaign, Pledge

ASKABLE = (Status.REGISTERED, Status.LIKELY, Status.UNCLEAR, Status.NOT_FOUND, Status.NO_ROLL)


def open_asks() -> "QuerySet[Ask]":
    """Return the asks that members may work on today."""
    today = timezone.localdate()
    return (
        Ask.objects.filter(campaign__state=Campaign.State.LIVE, opens__lte=today, closes__gte=today)
        .filter(campaign__election__date__gte=today)
        .select_related("campaign__election")
    )


def eligible(member: Any, ask: Ask) -> set[int]:
    """Return the member's contacts whom an ask is about and who were not picked for it yet."""
    groups = [[segments.status_segment(status) for status in ask.statuses or ASKABLE]]
    if ask.divisions:
        groups.append([segments.division_segment(division) for division in ask.divisions])
    return segments.members_of_any(member.pk, groups, [asked(ask.pk)])


def asked(ask_id: int) -> str:
    """Return the name of the set of contacts picked for an ask."""
    return f"asked:{ask_id}"


def pledged(election_id: int) -> str:
    """Return the name of the set of contacts who said that they will vote in an election."""
    return f"pledged:{election_id}"


def sets_of(owner_id: int) -> dict[str, set[int]]:
    """Return the sets that outreach adds to the contact graph."""
    found: dict[str, set[int]] = {}
    rows = Asking.objects.filter(owner_id=owner_id, contact__isnull=False)
    for contact_id, ask_id, election_id, outcome in rows.values_list(
        "contact_id", "ask_id", "ask__campaign__election_id", "outcome"
    ):
        found.setdefault(asked(ask_id), set()).add(contact_id)
        if outcome in PLEDGED:
            found.setdefault(pledged(election_id), set()).add(contact_id)
    return found


@dataclass(frozen=True)
class Progress:
    """How far a member is with an ask, or everybody with a campaign."""

    picked: int
    sent: int
    answered: int
    will_vote: int


def progress(askings: AskingQuerySet) -> Progress:
    """Count a funnel in one query."""
    counts = askings.aggregate(
        picked=Count("pk"),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        answered=Count("pk", filter=~Q(outcome="")),
        will_vote=Count("pk", filter=Q(outcome__in=PLEDGED)),
    )
    return Progress(**counts)


def public_counts(campaign: Campaign) -> dict[str, int]:
    """Return what everybody may know of a campaign: counts from ten up."""
    everybody = progress(Asking.objects.filter(ask__campaign=campaign))
    plans = Pledge.objects.filter(election=campaign.election).count()
    counts = {"sent": everybody.sent, "will_vote": everybody.will_vote, "plans": plans}
    return {name: number for name, number in counts.items() if number >= FLOOR}


@dataclass(frozen=True)
class Funnel:
    """A campaign's ask as staff see it: counts, each hidden below ten."""

    ask: Ask
    members: int | None
    steps: list[tuple[str, int | None]]


def funnel(ask: Ask) -> Funnel:
    """Return how far all members together are with an ask."""
    askings = Asking.objects.filter(ask=ask)
    found = progress(askings)
    steps = [(name, floored(getattr(found, name))) for name in ("picked", "sent", "answered", "will_vote")]
    members = askings.values("owner").distinct().count()
    return Funnel(ask, floored(members), steps)
