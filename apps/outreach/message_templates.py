"""Messages of asks: placeholders, and what the law forbids to promise for a vote."""

import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import Refused

from .models import Ask

MAX_LENGTH = 600
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = {
    "friend": gettext_lazy("the friend’s first name"),
    "election": gettext_lazy("the election’s name"),
    "day": gettext_lazy("its day"),
    "link": gettext_lazy("the campaign’s page"),
}
# Available unless the installation is nonpartisan.
PARTISAN_PLACEHOLDERS = {"supports": gettext_lazy("whom or what the campaign supports")}
# Federal law (52 U.S.C. 10307(c), 18 U.S.C. 597) forbids giving anything of value for voting or registering.
THING_OF_VALUE = re.compile(
    r"\b(gift ?cards?|gifts?|prizes?|raffles?|sweepstakes|lotter(?:y|ies)|rewards?|coupons?|vouchers?|discounts?|cash|"
    r"free (?:food|pizza|drinks?|beer|coffee|donuts?|tickets?|ride ?credits?)|giveaways?|"
    r"regalos?|premios?|rifas?|sorteos?|recompensas?|cupones|cupón|vales?|descuentos?|dinero|efectivo|gratis)\b"
    r"|[$€£]\s?\d",
    re.IGNORECASE,
)
DEFAULT_MESSAGES = {
    "en": "Hi {friend}, {election} is on {day}. Do you know yet when and where you vote? I am making my plan: {link}",
    "es": "Hola, {friend}: {election} es el {day}. ¿Ya sabe cuándo y dónde va a votar? Yo hago mi plan aquí: {link}",
}


def known_placeholders() -> dict[str, Any]:
    """Return the placeholders of this installation with their meaning."""
    return PLACEHOLDERS if settings.NONPARTISAN else {**PLACEHOLDERS, **PARTISAN_PLACEHOLDERS}


def validate_message(text: str) -> str:
    """Return a message that may be sent; raise Refused naming what it must not contain."""
    text = text.strip()
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in known_placeholders()]
    if unknown:
        shown = ", ".join(f"{{{name}}}" for name in known_placeholders())
        raise Refused(
            _("{%(name)s} is no placeholder here. These are: %(known)s.") % {"name": unknown[0], "known": shown}
        )
    if forbidden := THING_OF_VALUE.search(text):
        words = _("“%(word)s” reads like something of value for voting, which the law forbids. Leave it out.")
        raise Refused(words % {"word": forbidden.group()})
    if len(text) > MAX_LENGTH:
        raise Refused(_("A message has at most 600 signs."))
    return text


def message_languages(ask: Ask) -> list[str]:
    """Return the languages in which an ask has a message."""
    return [code for code, _name in settings.LANGUAGES if ask.messages.get(code)]


def render_message(ask: Ask, language: str, friend: str) -> str:
    """Return the message for a friend; an unknown language falls back to the first available one."""
    available = message_languages(ask)
    language = language if language in available else next(iter(available), "en")
    text = ask.messages.get(language) or DEFAULT_MESSAGES["en"]
    values = _values(ask, language) | {"friend": friend}
    rendered = PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
    return re.sub(r"[ ]{2,}", " ", rendered.replace(" ,", ",")).strip()


def _values(ask: Ask, language: str) -> dict[str, str]:
    campaign = ask.campaign
    with translation.override(language):
        day = date_format(campaign.election.date, r"j \d\e F" if language == "es" else "F j")
    return {
        "election": campaign.election.name,
        "day": day,
        "link": settings.SITE_URL + reverse("outreach:campaign", args=[campaign.slug]),
        "supports": "" if settings.NONPARTISAN else campaign.supports,
    }
