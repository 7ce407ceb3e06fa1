"""Notify members once per event, in the inbox and by email, in their language.

`facts` contain ids only. The body is a plain-text template with paragraphs separated by empty lines. It can use
`notice`, `facts` and what `context(notice)` returns. A notice never names a contact or quotes the voter roll.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from apps.core.metadata import Facts, checked
from apps.core.types import StrOrPromise
from apps.jobs import jobs, task_names
from apps.jobs.models import Job

from . import emails as mails
from .models import Notice

if TYPE_CHECKING:
    from apps.accounts.models import User


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice. `link` is the URL name of the page where the member can act on it."""

    name: str
    title: StrOrPromise
    body_template: str
    mail: bool
    link: str | None = None
    button: StrOrPromise = ""
    context: Callable[[Notice], dict[str, Any]] | None = None


_kinds: dict[str, NoticeKind] = {}


def register_notice(
    kind: str,
    *,
    title: StrOrPromise,
    body_template: str,
    mail: bool,
    link: str | None = None,
    button: StrOrPromise = "",
    context: Callable[[Notice], dict[str, Any]] | None = None,
) -> None:
    """Register a kind of notice; call from AppConfig.ready. `body_template` ends in .txt."""
    _kinds[kind] = NoticeKind(kind, title, body_template, mail, link, button, context)


def notify(*, member: "User", kind: str, key: str, facts: Facts | None = None) -> Notice | None:
    """Create a notice in the caller's transaction; return None if one of this kind and key exists.

    Raises ValueError for a kind that is not registered.
    """
    if kind not in _kinds:
        raise ValueError(f"No app registered the kind of notice {kind!r}.")
    by_mail = _kinds[kind].mail
    row = {"facts": checked(facts), "mail": Notice.Mail.WAITING if by_mail else Notice.Mail.NONE}
    with transaction.atomic():
        notice, made = Notice.objects.get_or_create(member=member, kind=kind, key=key, defaults=row)
        if made and by_mail:
            jobs.enqueue(task_names.SEND_NOTICE, key=str(notice.pk), args={"notice_id": notice.pk}, priority=3)
    return notice if made else None


@dataclass(frozen=True)
class RenderedNotice:
    """A notice rendered in the reader's language: title, paragraphs and one button."""

    notice: Notice
    title: str
    paragraphs: list[str]
    url: str
    button: str


def page_of(notice: Notice) -> RenderedNotice:
    """Return a notice rendered in the active language."""
    kind = _kinds.get(notice.kind)
    if kind is None:
        return RenderedNotice(notice, gettext("A notice of a part that is gone"), [], "", "")
    url = reverse(kind.link) if kind.link else ""
    return RenderedNotice(notice, str(kind.title), mails.paragraphs(_body(kind, notice)), url, str(kind.button))


def _body(kind: NoticeKind, notice: Notice) -> str:
    loaded = kind.context(notice) if kind.context else {}
    context = {"notice": notice, "facts": notice.facts, "site_name": settings.SITE_NAME, **loaded}
    # Plain text: the page that shows the paragraphs escapes them.
    template: Any = get_template(kind.body_template)
    return str(template.template.render(Context(context, autoescape=False)))


def send(notice_id: int) -> None:
    """Send the email of one notice; a second run finds it sent. A missing row or account is no error."""
    notice = Notice.objects.select_related("member").filter(pk=notice_id, mail=Notice.Mail.WAITING).first()
    if notice is None:
        return
    member = notice.member
    if not member.is_active:
        Notice.objects.filter(pk=notice_id).update(mail=Notice.Mail.NONE)
        return
    with translation.override(member.language):
        _deliver(notice, member.email)
    Notice.objects.filter(pk=notice_id, mail=Notice.Mail.WAITING).update(
        mail=Notice.Mail.SENT, mailed_at=timezone.now()
    )


def _deliver(notice: Notice, address: str) -> None:
    page = page_of(notice)
    link = f"{settings.SITE_URL}{page.url or reverse('notifications:notice', args=[notice.pk])}"
    button = page.button or gettext("Open your inbox")
    why = gettext("Sent because you have an account with this address.")
    body = "\n\n".join(page.paragraphs)
    mails.deliver(
        to=address,
        subject=page.title,
        text=mails.text_page(title=page.title, text=body, why=why, link=link),
        html=mails.html_page(title=page.title, text=body, why=why, link=link, button=button),
        number=f"notice-{notice.pk}",
    )


def mail_stopped(job: Job) -> None:
    """Record that the email of a notice failed permanently; the inbox still shows the notice."""
    waiting = Notice.objects.filter(pk=int(job.args["notice_id"]), mail=Notice.Mail.WAITING)
    waiting.update(mail=Notice.Mail.STOPPED)


def mark_read(*, member: "User", notice_id: int | None = None) -> int:
    """Mark one or all of a member's notices as read; return how many were unread."""
    unread = Notice.objects.of(member).unread()
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return int(unread.update(read_at=timezone.now()))
