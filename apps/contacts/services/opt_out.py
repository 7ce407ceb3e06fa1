"""People who want to be in nobody's contacts here: honoured when an import runs, and for what is there already."""

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


def request_opt_out(*, mail: str) -> None:
    """Mail a link to an address, once a day; whoever asks is told the same whatever is known of it."""
    mail = mail.strip().lower()
    day = OptOutRequest.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if day.count() >= MAX_REQUESTS_PER_DAY:
        raise Refused(_("Too many people asked today. Ask again tomorrow."))
    with transaction.atomic():
        if day.filter(hash=opt_out_hash("mail", mail)).exists():
            return
        token = secrets.token_urlsafe(24)
        OptOutRequest.objects.create(token=_token_hash(token), mail=mail, hash=opt_out_hash("mail", mail))
        link = settings.SITE_URL + reverse("contacts:confirm_off", args=[token])
        words = {
            "title": _("Stay out of people’s contacts here?"),
            "text": _(
                "Somebody asked that this mail address be in nobody’s contacts on this site. If that was you, open "
                "the link and press the button. If not, do nothing."
            ),
            "why": _("You get this because this address was typed on our page “Take me off”."),
        }
        html = post_office.html_page(**words, link=link, button=_("Take me off"))
        post_office.post(to=mail, subject=words["title"], text=post_office.text_page(**words, link=link), html=html)


def pending_request(token: str) -> OptOutRequest | None:
    """Return the request that a mailed link belongs to, while it holds."""
    since = timezone.now() - timedelta(days=REQUEST_DAYS)
    return OptOutRequest.objects.filter(token=_token_hash(token), created_at__gt=since).first()


def confirm_request(*, request: OptOutRequest) -> None:
    """Do what was asked, and forget the address."""
    opt_out(mail=request.mail)
    request.delete()


def purge_requests(before: datetime) -> int:
    """Drop requests whose link was never opened."""
    return OptOutRequest.objects.filter(created_at__lt=before).delete()[0]


def _token_hash(token: str) -> bytes:
    return keyed_hash(settings.CONTACT_KEY, "opt-out link", token)


def opt_out(*, mail: str = "", phone: str = "") -> int:
    """Keep the keyed hash of a mail address or phone number, and drop who is reached by it from every book.

    Hashes are salted with the owner, so this makes one hash a member: about 3 microseconds each. Returns how many
    contacts went.
    """
    kind, value = ("mail", mail.strip().lower()) if mail else ("phone", phone_digits(phone))
    with transaction.atomic():
        OptOut.objects.get_or_create(hash=opt_out_hash(kind, value))
    gone = 0
    owners = list(get_user_model().objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(owners), OWNER_BATCH):
        hashes = [owner_hash(owner_id, kind, value) for owner_id in owners[start : start + OWNER_BATCH]]
        met = ContactKey.objects.filter(owner_id__in=owners[start : start + OWNER_BATCH], hash__in=hashes)
        for contact in Contact.objects.filter(pk__in=met.values("contact")):
            erasure.erase_contact(contact=contact)
            gone += 1
    return gone
