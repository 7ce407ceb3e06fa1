"""Members' plans to vote, and reminders before their days."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.types import PassedThrough
from apps.jobs import jobs, task_names
from apps.notifications import services as notifications
from apps.notifications.models import Notice
from apps.officials.models import Deadline, Election
from apps.outreach.models import Pledge

from . import activity as outreach_activity

NOTICE_KIND = "outreach.reminder"
BATCH = 500
# Days before a deadline at which a reminder is due; a missed one is sent later, up to the deadline.
DAYS_AHEAD = (7, 1)
DEADLINE_KINDS: dict[str, tuple[str, ...]] = {
    Pledge.Method.DAY: (Deadline.Kind.REGISTRATION,),
    Pledge.Method.EARLY: (Deadline.Kind.REGISTRATION, Deadline.Kind.EARLY_FROM, Deadline.Kind.EARLY_TO),
    Pledge.Method.MAIL: (Deadline.Kind.REGISTRATION, Deadline.Kind.MAIL_REQUEST, Deadline.Kind.MAIL_RETURN),
}
ELECTION_DAY = "election_day"


@transaction.atomic
def save_plan(*, member: User, election: Election, method: str, **plan: PassedThrough) -> Pledge:
    """Create or change a member's plan for an election."""
    pledge, created = Pledge.objects.update_or_create(
        member=member, election=election, defaults={"method": Pledge.Method(method), **plan}
    )
    if created:
        outreach_activity.note_member_activity(member, "pledge.made", f"pledge:{pledge.pk}", {"election": election.pk})
    return pledge


@transaction.atomic
def delete_plan(*, pledge: Pledge) -> None:
    """Delete a plan; its reminders stop."""
    pledge.delete()


def queue_reminders() -> None:
    """Queue the day's reminders; called hourly, accepted once a day."""
    _queue_reminders(timezone.localdate().isoformat(), 0)


def _queue_reminders(day: str, after: int) -> None:
    jobs.enqueue(task_names.SEND_REMINDERS, key=f"{day}:{after}", args={"day": day, "after": after}, priority=7)


def send_reminders(*, day: str, after: int) -> None:
    """Send due reminders of a batch of plans; keys make each one unique."""
    today = date.fromisoformat(day)
    pledges_due = Pledge.objects.filter(pk__gt=after, remind=True, election__date__gte=today, member__is_active=True)
    rows = pledges_due.filter(election__date__lte=today + timedelta(days=120)).select_related("election", "member")
    pledges = list(rows.prefetch_related("election__deadlines").order_by("pk")[:BATCH])
    for pledge in pledges:
        for kind, ahead in due_reminders(pledge, today):
            facts: dict[str, int | str] = {"election": pledge.election_id, "deadline": kind}
            notifications.notify(member=pledge.member, kind=NOTICE_KIND, key=f"{pledge.pk}:{kind}:{ahead}", facts=facts)
    if len(pledges) == BATCH:
        _queue_reminders(day, pledges[-1].pk)


def due_reminders(pledge: Pledge, today: date) -> list[tuple[str, int]]:
    """Return due reminders as (kind of deadline, days ahead)."""
    days = {
        deadline.kind: deadline.date
        for deadline in pledge.election.deadlines.all()
        if deadline.kind in DEADLINE_KINDS[pledge.method]
    }
    days[ELECTION_DAY] = pledge.on_day or pledge.election.date
    reminders = []
    for kind, day in days.items():
        days_left = (day - today).days
        ahead = next((ahead for ahead in reversed(DAYS_AHEAD) if 0 <= days_left <= ahead), None)
        if ahead is not None:
            reminders.append((str(kind), ahead))
    return reminders


def reminder_context(notice: Notice) -> dict[str, Any]:
    """Return the template context of a reminder."""
    election = Election.objects.filter(pk=notice.facts["election"]).first()
    kind = str(notice.facts["deadline"])
    deadline = Deadline.objects.filter(election=election, kind=kind).first()
    day = deadline.date if deadline else (election.date if election else None)
    return {"election": election, "day": day, "what": deadline.get_kind_display() if deadline else ""}
