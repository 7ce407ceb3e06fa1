"""Picks friends and records what came of it. Members send from their own phone or email; nothing is sent from here."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts import locking
from apps.contacts.models import Contact
from apps.contacts.services import retention
from apps.core.errors import Refused
from apps.outreach import selectors
from apps.outreach.models import Ask, Campaign, FriendAsk

from . import activity as outreach_activity

MAX_PICKS = 100
MILESTONES = (10, 100, 1_000, 10_000, 100_000)


def pick_friends(*, member: User, ask: Ask, contacts: Iterable[int]) -> list[FriendAsk]:
    """Pick friends for an ask and keep their contacts until the election; ignore contacts that do not match.

    Raises Refused if none matches.
    """
    requested = list(contacts)[:MAX_PICKS]
    eligible = selectors.eligible_contacts(member, ask) & set(requested)
    if not eligible:
        raise Refused(_("Choose at least one friend."))
    with transaction.atomic():
        FriendAsk.objects.bulk_create(
            [FriendAsk(owner=member, ask=ask, contact_id=pk) for pk in sorted(eligible)], ignore_conflicts=True
        )
        retention.extend_expiry(contacts=eligible, until=_end_of_election(ask))
        locking.bump_generation(member.pk)
        picked = list(FriendAsk.objects.filter(owner=member, ask=ask, contact__in=eligible).order_by("pk"))
        outreach_activity.note_member_activity(
            member, "ask.picked", f"picked:{picked[0].pk}", {"ask": ask.pk, "friends": len(picked)}
        )
    return picked


def _end_of_election(ask: Ask) -> datetime:
    """Return the end of election day."""
    day = ask.campaign.election.date + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time()))


@transaction.atomic
def mark_sent(*, friend_ask: FriendAsk, channel: str) -> FriendAsk:
    """Record that the member sent the message, and how; safe to call twice."""
    first = FriendAsk.objects.filter(pk=friend_ask.pk, sent_at=None).update(
        sent_at=timezone.now(), channel=FriendAsk.Channel(channel)
    )
    if first:
        outreach_activity.note_member_activity(
            friend_ask.owner, "ask.sent", f"sent:{friend_ask.pk}", {"ask": friend_ask.ask_id}
        )
        _note_milestone(friend_ask.ask.campaign)
    friend_ask.refresh_from_db()
    return friend_ask


def _note_milestone(campaign: Campaign) -> None:
    """Note a round number of asked friends in the campaign's feed, never a single friend."""
    number = FriendAsk.objects.filter(ask__campaign=campaign, sent_at__isnull=False).count()
    if number in MILESTONES:
        outreach_activity.note_campaign_activity(campaign, "campaign.reached", f"reached:{number}", {"friends": number})


@transaction.atomic
def record_outcome(*, friend_ask: FriendAsk, outcome: str) -> FriendAsk:
    """Record what the friend said; the last outcome wins."""
    friend_ask.outcome, friend_ask.responded_at = FriendAsk.Outcome(outcome), timezone.now()
    friend_ask.sent_at = friend_ask.sent_at or friend_ask.responded_at
    friend_ask.channel = friend_ask.channel or FriendAsk.Channel.TALK
    friend_ask.save(update_fields=["outcome", "responded_at", "sent_at", "channel"])
    locking.bump_generation(friend_ask.owner_id)
    outreach_activity.note_member_activity(
        friend_ask.owner, "ask.answered", f"answered:{friend_ask.pk}", {"ask": friend_ask.ask_id}
    )
    return friend_ask


@transaction.atomic
def unpick_friend(*, friend_ask: FriendAsk) -> None:
    """Remove a friend who was not asked yet and restore the contact's usual expiry."""
    contact_id, owner_id = friend_ask.contact_id, friend_ask.owner_id
    if not FriendAsk.objects.filter(pk=friend_ask.pk, sent_at=None).delete()[0]:
        return
    others = FriendAsk.objects.filter(Q(contact=contact_id)).exists()
    if contact_id and not others:
        retention.restore_expiry(contacts=Contact.objects.filter(pk=contact_id))
    locking.bump_generation(owner_id)
