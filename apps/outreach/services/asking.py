"""Members pick friends, send from their own phone or mail, and say what came of it. Nothing is sent from here."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts import locking
from apps.contacts.models import Contact
from apps.contacts.services import retention
from apps.core.errors import Refused
from apps.outreach import selectors
from apps.outreach.models import Ask, Asking, Campaign

from . import activity as outreach_activity

MOST_AT_ONCE = 100
MILESTONES = (10, 100, 1_000, 10_000, 100_000)


def pick(*, member: Any, ask: Ask, contacts: Iterable[int]) -> list[Asking]:
    """Pick friends for an ask: they are kept until the election. Whoever is no friend of this ask is left out."""
    wanted = list(contacts)[:MOST_AT_ONCE]
    fitting = selectors.eligible(member, ask) & set(wanted)
    if not fitting:
        raise Refused(_("Choose at least one friend."))
    with transaction.atomic():
        Asking.objects.bulk_create(
            [Asking(owner=member, ask=ask, contact_id=pk) for pk in sorted(fitting)], ignore_conflicts=True
        )
        retention.extend_expiry(contacts=fitting, until=_kept_until(ask))
        locking.bump_generation(member.pk)
        made = list(Asking.objects.filter(owner=member, ask=ask, contact__in=fitting).order_by("pk"))
        outreach_activity.of_member(member, "ask.picked", f"picked:{made[0].pk}", {"ask": ask.pk, "friends": len(made)})
    return made


def _kept_until(ask: Ask) -> datetime:
    """Return the end of the election's day: until then a picked friend stays."""
    day = ask.campaign.election.date + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time()))


@transaction.atomic
def sent(*, asking: Asking, channel: str) -> Asking:
    """Note that the member sent it, and how; twice is once."""
    first = Asking.objects.filter(pk=asking.pk, sent_at=None).update(
        sent_at=timezone.now(), channel=Asking.Channel(channel)
    )
    if first:
        outreach_activity.of_member(asking.owner, "ask.sent", f"sent:{asking.pk}", {"ask": asking.ask_id})
        _milestone(asking.ask.campaign)
    asking.refresh_from_db()
    return asking


def _milestone(campaign: Campaign) -> None:
    """Write into the campaign's feed when a round number of friends was asked: never a single one of them."""
    number = Asking.objects.filter(ask__campaign=campaign, sent_at__isnull=False).count()
    if number in MILESTONES:
        outreach_activity.of_campaign(campaign, "campaign.reached", f"reached:{number}", {"friends": number})


@transaction.atomic
def answered(*, asking: Asking, outcome: str) -> Asking:
    """Keep what came back; the last word counts."""
    asking.outcome, asking.answered_at = Asking.Outcome(outcome), timezone.now()
    asking.sent_at = asking.sent_at or asking.answered_at
    asking.channel = asking.channel or Asking.Channel.TALK
    asking.save(update_fields=["outcome", "answered_at", "sent_at", "channel"])
    locking.bump_generation(asking.owner_id)
    outreach_activity.of_member(asking.owner, "ask.answered", f"answered:{asking.pk}", {"ask": asking.ask_id})
    return asking


@transaction.atomic
def put_back(*, asking: Asking) -> None:
    """Take a friend off the list again, unless they were asked already; they are kept no longer than before."""
    contact_id, owner_id = asking.contact_id, asking.owner_id
    if not Asking.objects.filter(pk=asking.pk, sent_at=None).delete()[0]:
        return
    others = Asking.objects.filter(Q(contact=contact_id)).exists()
    if contact_id and not others:
        retention.restore_expiry(contacts=Contact.objects.filter(pk=contact_id))
    locking.bump_generation(owner_id)
