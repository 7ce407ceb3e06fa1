"""Campaigns and asks of organizers; every change is in the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import Refused
from apps.officials.models import Election
from apps.outreach import message_templates
from apps.outreach.models import Ask, Campaign, FriendAsk

from .activity import note_campaign_activity


@transaction.atomic
def write_campaign(
    *,
    actor: User | None,
    campaign: Campaign | None = None,
    name: str,
    text: str,
    election: Election,
    supports: str = "",
) -> Campaign:
    """Create or change a campaign; in nonpartisan mode it supports no one."""
    saved = campaign or Campaign(slug=_free_slug(name))
    saved.name, saved.text, saved.election = name, message_templates.validate_message(text), election
    saved.supports = "" if settings.NONPARTISAN else supports
    saved.save()
    audit.log_write(actor=actor, action="campaign.written", subject=saved)
    return saved


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slugs = (f"{base}-{number}" if number > 1 else base for number in count(1))
    return next(slug for slug in slugs if slug not in taken)


@transaction.atomic
def set_state(*, actor: User | None, campaign: Campaign, state: str) -> Campaign:
    """Open or end a campaign; raise Refused if it has no ask."""
    if state == Campaign.State.LIVE and not campaign.asks.exists():
        raise Refused(_("Write an ask first: without one members have nothing to do."))
    campaign.state = Campaign.State(state)
    campaign.save(update_fields=["state"])
    audit.log_write(actor=actor, action="campaign.state", subject=campaign, facts={"state": state})
    note_campaign_activity(campaign, f"campaign.{state}", key=f"state:{state}")
    return campaign


@dataclass(frozen=True)
class AskDraft:
    """Hold the content of an ask: contacts, period, messages by language."""

    title: str
    divisions: Sequence[str]
    statuses: Sequence[str]
    opens: date
    closes: date
    messages: Mapping[str, str]


@transaction.atomic
def write_ask(*, actor: User | None, campaign: Campaign, draft: AskDraft, ask: Ask | None = None) -> Ask:
    """Create or change an ask; raise Refused for an impossible period or message."""
    if draft.closes < draft.opens:
        raise Refused(_("It closes before it opens."))
    if draft.opens > campaign.election.date:
        raise Refused(_("It opens after the election."))
    messages = {
        language: message_templates.validate_message(text) for language, text in draft.messages.items() if text.strip()
    }
    if not messages:
        raise Refused(_("Write the message in one language at least."))
    saved = ask or Ask(campaign=campaign)
    saved.title, saved.divisions, saved.statuses = draft.title, list(draft.divisions), list(draft.statuses)
    saved.opens, saved.closes, saved.messages = draft.opens, draft.closes, messages
    saved.save()
    audit.log_write(actor=actor, action="ask.written", subject=saved)
    return saved


@transaction.atomic
def drop_ask(*, actor: User | None, ask: Ask) -> None:
    """Delete an ask; raise Refused if a member has picked a friend for it."""
    if FriendAsk.objects.filter(ask=ask).exists():
        raise Refused(_("Members work with this ask. End the campaign instead."))
    audit.log_write(actor=actor, action="ask.dropped", subject=ask)
    ask.delete()
