"""A member's plan to vote, and reminders before the days that belong to it."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.jobs import jobs
from apps.notifications import services as notifications
from apps.officials.models import Deadline, Election
from apps.outreach.models import Pledge

from . import activity as outreach_activity

KIND = "outreach.reminder"
PORTION = 500
# A reminder a week before and one the day before; each once, also where the days between were missed.
AHEAD = (7, 1)
DAYS_OF: dict[str, tuple[str, ...]] = {
    Pledge.Method.DAY: (Deadline.Kind.REGISTRATION,),
    Pledge.Method.EARLY: (Deadline.Kind.REGISTRATION, Deadline.Kind.EARLY_FROM, Deadline.Kind.EARLY_TO),
    Pledge.Method.MAIL: (Deadline.Kind.REGISTRATION, Deadline.Kind.MAIL_REQUEST, Deadline.Kind.MAIL_RETURN),
}
ELECTION_DAY = "election_day"


@transaction.atomic
def make(*, member: Any, election: Election, method: str, **plan: Any) -> Pledge:
    """Keep or change a member's plan for an election."""
    pledge, new = Pledge.objects.update_or_create(
        member=member, election=election, defaults={"method": Pledge.Method(method), **plan}
    )
    if new:
        outreach_activity.of_member(member, "pledge.made", f"pledge:{pledge.pk}", {"election": election.pk})
    return pledge


@transaction.atomic
def take_back(*, pledge: Pledge) -> None:
    """Forget a plan; its reminders stop."""
    pledge.delete()


def queue_reminders() -> None:
    """Queue the reminders of the day; called hourly, accepted once a day."""
    _queue(timezone.localdate().isoformat(), 0)


def _queue(day: str, after: int) -> None:
    jobs.enqueue("default.remind", key=f"{day}:{after}", args={"day": day, "after": after}, priority=7)


def remind(*, day: str, after: int) -> None:
    """Tell the next members what is due for their plan; each notice has a key, so that it is told once."""
    today = date.fromisoformat(day)
    soon = Pledge.objects.filter(pk__gt=after, remind=True, election__date__gte=today, member__is_active=True)
    rows = soon.filter(election__date__lte=today + timedelta(days=120)).select_related("election", "member")
    pledges = list(rows.prefetch_related("election__deadlines").order_by("pk")[:PORTION])
    for pledge in pledges:
        for kind, ahead in due(pledge, today):
            facts: dict[str, int | str] = {"election": pledge.election_id, "deadline": kind}
            notifications.notify(member=pledge.member, kind=KIND, key=f"{pledge.pk}:{kind}:{ahead}", facts=facts)
    if len(pledges) == PORTION:
        _queue(day, pledges[-1].pk)


def due(pledge: Pledge, today: date) -> list[tuple[str, int]]:
    """Return the days of a plan that are near: the kind of deadline, and which of its reminders it is."""
    days = {one.kind: one.date for one in pledge.election.deadlines.all() if one.kind in DAYS_OF[pledge.method]}
    days[ELECTION_DAY] = pledge.on_day or pledge.election.date
    found = []
    for kind, day in days.items():
        left = (day - today).days
        ahead = next((ahead for ahead in reversed(AHEAD) if 0 <= left <= ahead), None)
        if ahead is not None:
            found.append((str(kind), ahead))
    return found


def context(notice: Any) -> dict[str, Any]:
    """Return what the words of a reminder need."""
    election = Election.objects.filter(pk=notice.facts["election"]).first()
    kind = str(notice.facts["deadline"])
    deadline = Deadline.objects.filter(election=election, kind=kind).first()
    day = deadline.date if deadline else (election.date if election else None)
    return {"election": election, "day": day, "what": deadline.get_kind_display() if deadline else ""}
