"""The words of an ask: placeholders, and what may not be promised for a vote."""

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

MOST = 600
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = {
    "friend": gettext_lazy("the friend’s first name"),
    "election": gettext_lazy("the election’s name"),
    "day": gettext_lazy("its day"),
    "link": gettext_lazy("the campaign’s page"),
}
# Only where the installation is not nonpartisan.
PARTISAN = {"supports": gettext_lazy("whom or what the campaign supports")}
# Federal law (52 U.S.C. 10307(c), 18 U.S.C. 597) forbids to give anything of value for voting or registering.
OF_VALUE = re.compile(
    r"\b(gift ?cards?|gifts?|prizes?|raffles?|sweepstakes|lotter(?:y|ies)|rewards?|coupons?|vouchers?|discounts?|cash|"
    r"free (?:food|pizza|drinks?|beer|coffee|donuts?|tickets?|ride ?credits?)|giveaways?|"
    r"regalos?|premios?|rifas?|sorteos?|recompensas?|cupones|cupón|vales?|descuentos?|dinero|efectivo|gratis)\b"
    r"|[$€£]\s?\d",
    re.IGNORECASE,
)
DEFAULTS = {
    "en": "Hi {friend}, {election} is on {day}. Do you know yet when and where you vote? I am making my plan: {link}",
    "es": "Hola, {friend}: {election} es el {day}. ¿Ya sabe cuándo y dónde va a votar? Yo hago mi plan aquí: {link}",
}


def known_placeholders() -> dict[str, Any]:
    """Return the placeholders of this installation, with what they become."""
    return PLACEHOLDERS if settings.NONPARTISAN else {**PLACEHOLDERS, **PARTISAN}


def check(text: str) -> str:
    """Return a message that may be sent; Refused names what may not stand in it."""
    text = text.strip()
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in known_placeholders()]
    if unknown:
        shown = ", ".join(f"{{{name}}}" for name in known_placeholders())
        raise Refused(
            _("{%(name)s} is no placeholder here. These are: %(known)s.") % {"name": unknown[0], "known": shown}
        )
    if found := OF_VALUE.search(text):
        words = _("“%(word)s” reads like something of value for voting, which the law forbids. Leave it out.")
        raise Refused(words % {"word": found.group()})
    if len(text) > MOST:
        raise Refused(_("A message has at most 600 signs."))
    return text


def languages(ask: Ask) -> list[str]:
    """Return the languages in which an ask has words."""
    return [code for code, _name in settings.LANGUAGES if ask.words.get(code)]


def message(ask: Ask, language: str, friend: str) -> str:
    """Return the message for a friend; unknown languages read in the first that there is."""
    known = languages(ask)
    language = language if language in known else next(iter(known), "en")
    text = ask.words.get(language) or DEFAULTS["en"]
    values = _values(ask, language) | {"friend": friend}
    said = PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
    return re.sub(r"[ ]{2,}", " ", said.replace(" ,", ",")).strip()


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
