"""Campaigns and asks, written by organisers; each change is in the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.officials.models import Election
from apps.outreach import message_templates
from apps.outreach.models import Ask, Asking, Campaign

from .activity import of_campaign


@transaction.atomic
def write_campaign(
    *, actor: Any, campaign: Campaign | None = None, name: str, text: str, election: Election, supports: str = ""
) -> Campaign:
    """Make or change a campaign; in nonpartisan mode it supports nobody."""
    one = campaign or Campaign(slug=_free_slug(name))
    one.name, one.text, one.election = name, message_templates.check(text), election
    one.supports = "" if settings.NONPARTISAN else supports
    one.save()
    audit.log_write(actor=actor, action="campaign.written", subject=one)
    return one


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slugs = (f"{base}-{number}" if number > 1 else base for number in count(1))
    return next(slug for slug in slugs if slug not in taken)


@transaction.atomic
def set_state(*, actor: Any, campaign: Campaign, state: str) -> Campaign:
    """Open or end a campaign; one without an ask has nothing to open."""
    if state == Campaign.State.LIVE and not campaign.asks.exists():
        raise Refused(_("Write an ask first: without one members have nothing to do."))
    campaign.state = Campaign.State(state)
    campaign.save(update_fields=["state"])
    audit.log_write(actor=actor, action="campaign.state", subject=campaign, facts={"state": state})
    of_campaign(campaign, f"campaign.{state}", key=f"state:{state}")
    return campaign


@dataclass(frozen=True)
class AskDraft:
    """What an ask says: whom it is about, its days, its message by language."""

    title: str
    divisions: Sequence[str]
    statuses: Sequence[str]
    opens: date
    closes: date
    texts: Mapping[str, str]


@transaction.atomic
def write_ask(*, actor: Any, campaign: Campaign, wanted: AskDraft, ask: Ask | None = None) -> Ask:
    """Make or change an ask; Refused where its words or its days cannot be."""
    if wanted.closes < wanted.opens:
        raise Refused(_("It closes before it opens."))
    if wanted.opens > campaign.election.date:
        raise Refused(_("It opens after the election."))
    checked = {language: message_templates.check(text) for language, text in wanted.texts.items() if text.strip()}
    if not checked:
        raise Refused(_("Write the message in one language at least."))
    one = ask or Ask(campaign=campaign)
    one.title, one.divisions, one.statuses = wanted.title, list(wanted.divisions), list(wanted.statuses)
    one.opens, one.closes, one.words = wanted.opens, wanted.closes, checked
    one.save()
    audit.log_write(actor=actor, action="ask.written", subject=one)
    return one


@transaction.atomic
def drop_ask(*, actor: Any, ask: Ask) -> None:
    """Drop an ask that nobody has picked a friend for."""
    if Asking.objects.filter(ask=ask).exists():
        raise Refused(_("Members work with this ask. End the campaign instead."))
    audit.log_write(actor=actor, action="ask.dropped", subject=ask)
    ask.delete()
