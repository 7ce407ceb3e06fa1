"""What `records` itself holds about a member, and for how long."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from . import audit, personal
from .models import AuditEntry, Case, Notice, OutgoingMail
from .notices import page_of

BATCH = 500


def register() -> None:
    """Fill the registry; called once at start."""
    personal.register(
        Notice,
        title=_("Notices in your inbox"),
        export=_notices,
        erase=lambda member: Notice.objects.filter(member=member).delete()[0],
        keep=_("one year"),
    )
    personal.register(
        Case,
        title=_("Questions about you that a person of our staff looked at"),
        export=_cases,
        erase=_forget_cases,
        keep=_("until your account goes; after that only their number and kind"),
    )
    personal.register(
        AuditEntry,
        title=_("Who looked at your data, and why"),
        export=_looked_at,
        erase=lambda _member: 0,
        keep=_("two years; it holds numbers instead of names"),
    )
    personal.register_retention("records.notices", days=365, purge=_purge_notices)
    personal.register_retention("records.mail", days=2, purge=_purge_mail)
    personal.register_retention("records.audit", days=730, purge=audit.purge)


def _notices(member: Any) -> Iterator[dict[str, Any]]:
    for notice in Notice.objects.of(member):
        page = page_of(notice)
        yield {
            "title": page.title,
            "text": "\n\n".join(page.paragraphs),
            "made_at": notice.made_at,
            "read_at": notice.read_at,
            "mailed_at": notice.mailed_at,
        }


def _cases(member: Any) -> Iterator[dict[str, Any]]:
    for case in Case.objects.filter(member=member).order_by("id"):
        yield {
            "kind": case.kind,
            "state": case.state,
            "opened_at": case.opened_at,
            "closed_at": case.closed_at,
            "answer": case.answer,
        }


def _looked_at(member: Any) -> Iterator[dict[str, Any]]:
    subject = f"{get_user_model()._meta.label_lower}:{member.pk}"
    for entry in AuditEntry.objects.filter(subject=subject).order_by("number"):
        yield {
            "at": entry.at,
            "role": entry.role,
            "action": entry.action,
            "fields": entry.fields,
            "reason": entry.reason,
        }


def _forget_cases(member: Any) -> int:
    """Open cases about a member are dropped; closed ones stay without the member, the facts and the note."""
    mine = Case.objects.filter(member=member)
    dropped = mine.exclude(state=Case.State.CLOSED).delete()[0]
    return dropped + mine.update(member=None, facts={}, note="")


def _purge_notices(before: datetime) -> int:
    return _in_batches(Notice.objects.filter(made_at__lt=before))


def _purge_mail(before: datetime) -> int:
    return _in_batches(OutgoingMail.objects.filter(made_at__lt=before))


def _in_batches(rows: Any) -> int:
    """Delete in short transactions, so that no page waits for the retention."""
    total = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        total += rows.model.objects.filter(pk__in=ids).delete()[0]
    return total
