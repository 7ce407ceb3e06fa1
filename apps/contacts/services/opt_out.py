"""Opt-out: keeps an email address or phone number out of all contacts, existing ones and future imports."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.dedupe import opt_out_hash, owner_hash, phone_digits
from apps.contacts.models import Contact, ContactKey, OptOut, OptOutRequest
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused
from apps.notifications import emails as post_office

from . import erasure

OWNER_BATCH = 500
REQUEST_DAYS = 2
MAX_REQUESTS_PER_DAY = 1000


def request_opt_out(*, email: str) -> None:
    """Email a confirmation link, at most once a day per address; the outcome never depends on what is stored.

    Raises Refused beyond `MAX_REQUESTS_PER_DAY` for the whole site.
    """
    email = email.strip().lower()
    recent = OptOutRequest.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if recent.count() >= MAX_REQUESTS_PER_DAY:
        raise Refused(_("Too many people asked today. Ask again tomorrow."))
    with transaction.atomic():
        if recent.filter(hash=opt_out_hash("mail", email)).exists():
            return
        token = secrets.token_urlsafe(24)
        OptOutRequest.objects.create(token=_token_hash(token), email=email, hash=opt_out_hash("mail", email))
        link = settings.SITE_URL + reverse("contacts:confirm_off", args=[token])
        words = {
            "title": _("Stay out of people’s contacts here?"),
            "text": _(
                "Somebody asked that this email address be in nobody’s contacts on this site. If that was you, open "
                "the link and press the button. If not, do nothing."
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
    """Opt the address out and forget it."""
    opt_out(email=request.email)
    request.delete()


def purge_requests(before: datetime) -> int:
    """Delete unconfirmed requests older than `before`; return the number."""
    return OptOutRequest.objects.filter(created_at__lt=before).delete()[0]


def _token_hash(token: str) -> bytes:
    return keyed_hash(settings.CONTACT_KEY, "opt-out link", token)


def opt_out(*, email: str = "", phone: str = "") -> int:
    """Store the keyed hash of an email address or phone number and delete every contact that carries it.

    Hashes are salted with the owner, so this computes one hash per member, about 3 microseconds each. Returns the
    number of deleted contacts.
    """
    kind, value = ("mail", email.strip().lower()) if email else ("phone", phone_digits(phone))
    with transaction.atomic():
        OptOut.objects.get_or_create(hash=opt_out_hash(kind, value))
    erased = 0
    owners = list(get_user_model().objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(owners), OWNER_BATCH):
        hashes = [owner_hash(owner_id, kind, value) for owner_id in owners[start : start + OWNER_BATCH]]
        keys = ContactKey.objects.filter(owner_id__in=owners[start : start + OWNER_BATCH], hash__in=hashes)
        for contact in Contact.objects.filter(pk__in=keys.values("contact")):
            erasure.erase_contact(contact=contact)
            erased += 1
    return erased
