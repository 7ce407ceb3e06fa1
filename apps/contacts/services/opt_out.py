"""Opt-out: a person with this email address or phone number reads as "Not found" in everyone's contacts."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts import quotas
from apps.contacts.dedupe import opt_out_hash
from apps.contacts.models import OptOut, OptOutRequest
from apps.core import quotas as core_quotas
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused
from apps.core.quotas import QuotaExceeded
from apps.notifications import emails as post_office

REQUEST_DAYS = 2


def request_opt_out(*, email: str, network: str) -> None:
    """Email a confirmation link, at most once a day per address; the outcome never depends on stored data.

    Raises Refused if the requests of the network, or of the whole site, are used up for today.
    """
    email = email.strip().lower()
    try:
        core_quotas.spend(*quotas.opt_out_requests(network))
    except QuotaExceeded as error:
        raise Refused(_("Too many people asked today. Ask again tomorrow.")) from error
    with suppress(QuotaExceeded):
        _send_link(email)


def _send_link(email: str) -> None:
    with transaction.atomic():
        core_quotas.spend(quotas.opt_out_recipient(email))
        token = secrets.token_urlsafe(24)
        OptOutRequest.objects.create(token=_token_hash(token), email=email)
        link = settings.SITE_URL + reverse("contacts:confirm_off", args=[token])
        words = {
            "title": _("Stay out of people’s contacts here?"),
            "text": _(
                "Someone asked us to take this email address out of everyone’s contacts on this site. "
                "If that was you, open the link and press the button. If not, do nothing."
            ),
            "why": _("You get this because this address was typed on our page “Take me off”."),
        }
        html = post_office.html_page(**words, link=link, button=_("Take me off"))
        post_office.post(to=email, subject=words["title"], text=post_office.text_page(**words, link=link), html=html)


def pending_request(token: str) -> OptOutRequest | None:
    """Return the unexpired request of an emailed token, or None."""
    since = timezone.now() - timedelta(days=REQUEST_DAYS)
    return OptOutRequest.objects.filter(token=_token_hash(token), created_at__gt=since).first()


def confirm_request(*, request: OptOutRequest) -> None:
    """Opt the address out and delete the request."""
    opt_out(email=request.email)
    request.delete()


def purge_requests(before: datetime) -> int:
    """Delete unconfirmed requests older than `before`; return the number."""
    return OptOutRequest.objects.filter(created_at__lt=before).delete()[0]


def _token_hash(token: str) -> bytes:
    return keyed_hash(settings.CONTACT_KEY, "opt-out link", token)


def opt_out(*, email: str = "", phone: str = "") -> None:
    """Store the keyed hash of an email address or phone number: contacts with it read as "Not found".

    Existing contacts change at their owner's next re-check, or expire: a change on the day of the request would tell
    the owner who asked.
    """
    kind, value = ("mail", email.strip().lower()) if email else ("phone", phone)
    OptOut.objects.get_or_create(hash=opt_out_hash(kind, value))
