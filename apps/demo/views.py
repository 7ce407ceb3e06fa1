"""The demo's inbox, and the sheet of all page components."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from apps.core.flags import is_preview, require_flag

from . import component_sheet

SHOWN = 50


class InboxEmail(NamedTuple):
    """One email as the page shows it."""

    sent_to: str
    subject: str
    at: datetime | None
    body: SafeString


def _read(raw: bytes) -> InboxEmail:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    part = message.get_body(("plain", "html"))
    text = part.get_content() if part else ""
    # autoescape: an email may contain user input.
    body = SafeString(urlize(re.sub(r"\n{3,}", "\n\n", text.strip()), autoescape=True))
    # A UTC date without an offset of its own ("-0000") is parsed without a time zone.
    at = message["date"].datetime if message["date"] else None
    at = at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
    return InboxEmail(str(message["to"]), str(message["subject"]), at, body)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the newest emails that the demo sent; 404 unless DEMO is on."""
    if not settings.DEMO:
        raise Http404
    newest = sorted(settings.MAIL_FOLDER.glob("[0-9]*.eml"), reverse=True)[:SHOWN]
    mails = [_read(path.read_bytes()) for path in newest]
    return render(request, "demo/inbox.html", {"mails": mails})


@require_safe
@require_flag("components")
def components(request: HttpRequest) -> HttpResponse:
    """Show every component of the design system on one page."""
    preview = is_preview(request, "components")
    return render(request, "demo/components.html", {**component_sheet.context(), "preview": preview})
