"""Template tags of the design system: icons, marks and words for a status, dates in words.

A builtin of every template. Words come from one table here, so that no page invents its own.
"""

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm, BoundField, Field
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "templates" / "icons"


class Sign(NamedTuple):
    """How a state looks and reads: the drawing's file, its colour class, its word."""

    drawing: str
    colour: str
    word: str | Promise


# Marks fill as certainty grows; shape and word say it, colour only repeats it.
STATUSES = {
    "registered": Sign("mark-registered", "ok", _("Registered")),
    "likely": Sign("mark-likely", "ok", _("Likely")),
    "unclear": Sign("mark-choose", "pick", _("Add a detail")),
    "not_found": Sign("mark-not-found", "none", _("Not found")),
    "no_roll": Sign("mark-no-roll", "none", _("No roll here")),
    "protected": Sign("mark-protected", "none", _("Protected")),  # staff totals only, never beside a person
    "waiting": Sign("clock", "none", _("Waiting")),
    "running": Sign("loader", "pick", _("Running")),
    "done": Sign("check", "ok", _("Done")),
    "stopped": Sign("circle-alert", "bad", _("Stopped")),
}
EVIDENCE = {
    "same": Sign("mark-registered", "ok", _("Same")),
    "close": Sign("mark-likely", "ok", _("Close")),
    "differs": Sign("mark-differs", "bad", _("Differs")),
    "skipped": Sign("mark-not-found", "none", _("Skipped")),
}


@cache
def _drawing(name: str) -> tuple[str, str]:
    """Return (viewBox, inner markup) of our own file `name`.svg; an unknown name is a mistake in a template."""
    if not re.fullmatch(r"[a-z0-9-]+", name) or not (ICONS / f"{name}.svg").is_file():
        raise template.TemplateSyntaxError(f"There is no icon named {name!r} in {ICONS.name}/.")
    found = re.search(r'viewBox="([^"]+)">(.*)</svg>', (ICONS / f"{name}.svg").read_text())
    if found is None:
        raise template.TemplateSyntaxError(f"The icon {name!r} is not one svg element with a viewBox on one line.")
    return found[1], found[2]


def _svg(name: str, classes: str) -> SafeString:
    box, inner = _drawing(name)
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        box,
        mark_safe(inner),  # noqa: S308 - our own files, see _drawing
    )


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw a Lucide icon inline; it is decoration, the word stands beside it."""
    return _svg(name, f"i {extra}".strip())


def _sign_svg(sign: Sign) -> SafeString:
    kind = "m" if sign.drawing.startswith("mark-") else "i"
    return _svg(sign.drawing, f"{kind} {sign.colour}")


@register.simple_tag
def mark(status: str) -> SafeString:
    """Draw the mark of a status without its word (the word must stand beside it)."""
    return _sign_svg(STATUSES[status])


@register.simple_tag(name="status")
def status_word(status: str, word: str = "") -> SafeString:
    """Draw a status: mark and word. `word` replaces the word, for a count or a sentence beside the mark."""
    sign = STATUSES[status]
    return format_html('<span class="st {}">{}{}</span>', sign.colour, _sign_svg(sign), word or sign.word)


@register.simple_tag
def evidence(outcome: str, word: str = "") -> SafeString:
    """Draw how one detail compared: same, close, differs, skipped."""
    sign = EVIDENCE[outcome]
    return format_html('<span class="st {}">{}{}</span>', sign.colour, _sign_svg(sign), word or sign.word)


DAY_FORMATS = {
    "en": {"day": "F j, Y", "weekday": "l, F j, Y", "short": "F j"},
    "es": {"day": r"j \d\e F \d\e Y", "weekday": r"l j \d\e F \d\e Y", "short": r"j \d\e F"},
}
TIME_FORMATS = {"en": "P", "es": "g:i a"}


def _in_words(value: Any, form: str = "day") -> str:
    """Return a date or a moment in words of the reader's language: `day`, `weekday` or `short` (without year)."""
    if not value:
        return ""
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    language = (get_language() or "en").split("-")[0]
    words = DAY_FORMATS.get(language, DAY_FORMATS["en"])[form]
    if not isinstance(value, dt.datetime):
        return str(formats.date_format(value, words))
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = formats.date_format(here, TIME_FORMATS.get(language, "P"))
    if language == "es":  # Spanish sets a space inside "a. m."; it must not break over a line.
        hour = re.sub(r"([ap])\.m\.$", "\\1.\u00a0m.", hour)
    return f"{formats.date_format(here, words)}, {hour}"


@register.simple_tag(name="human_date")
def human_date_tag(value: Any, form: str = "day") -> str:
    """Write a date in words: {% human_date election.day "weekday" %}."""
    return _in_words(value, form)


@register.filter(name="human_date")
def human_date_filter(value: Any, form: str = "day") -> str:
    """The same as a filter, for blocktranslate: {% blocktranslate with when=day|human_date %}."""
    return _in_words(value, form)


@register.filter
def count(value: int) -> str:
    """Write a whole number with the language's thousands sign."""
    return str(formats.number_format(value, force_grouping=True))


@register.filter
def state_name(code: str) -> str:
    """Name the state of a roll as its boundaries do; its code where none are loaded."""
    from apps.districts.lookup import division

    hit = division(f"ocd-division/country:us/state:{code.lower()}", layer="state") if code else None
    return (hit and hit.name) or code


@register.simple_tag
def place_url(name: str, *args: Any) -> str:
    """Return the address of a page, or nothing where this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def installation() -> dict[str, Any]:
    """Return the installation's name, address and whether it is the demo, where no request is at hand (mail)."""
    return {"name": settings.SITE_NAME, "url": settings.SITE_URL, "demo": settings.DEMO}


class Fix(NamedTuple):
    """One thing to fix in a form: the id of the field's control (empty for the whole form) and the words."""

    target: str
    text: str


def _words(error: ValidationError, label: str) -> str:
    """Return an error's words; Django's own "This field is required" becomes one that names the field."""
    text = " ".join(str(message) for message in error.messages)
    if error.code == "required" and text == str(Field.default_error_messages["required"]):
        return gettext("%(label)s is missing") % {"label": label}
    return text


def _control(field: BoundField, code: str) -> str:
    """Return the id of the control that a line of the summary links to; of a group, the part that is wrong."""
    if field.is_hidden:
        return ""
    if not field.use_fieldset:
        return field.id_for_label
    part_to_fix = getattr(field.field.widget, "part_to_fix", None)
    return f"{field.auto_id}_{part_to_fix(code) if part_to_fix else 0}"


@register.simple_tag
def fixes(form: BaseForm) -> list[Fix]:
    """Return what is wrong in a bound form, and note on the form that its page says so on top."""
    form.summary_shown = True  # type: ignore[attr-defined]
    wrong = form.errors.as_data() if form.is_bound else {}
    found = [Fix("", _words(error, "")) for error in wrong.get(NON_FIELD_ERRORS, ())]
    for field in form:
        found += [
            Fix(_control(field, error.code or ""), _words(error, str(field.label)))
            for error in wrong.get(field.name, ())
        ]
    return found


@register.filter
def plainer(error: str) -> str:
    """Say Django's "This field is required" in our words, right under the label that names the field."""
    return gettext("Fill this in.") if error == str(Field.default_error_messages["required"]) else error


@register.simple_tag
def fixes_title(number: int) -> str:
    """Return the summary's title."""
    return ngettext("One thing to fix", "%(number)d things to fix", number) % {"number": number}


@register.filter
def widget_kind(field: Any) -> str:
    """Return how a bound field is laid out: tick (one checkbox), choices (rows), group (fieldset) or line."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind == "checkbox" and not field.use_fieldset:
        return "tick"
    if kind in {"radio", "checkbox"}:
        return "choices"
    return "group" if field.use_fieldset else "line"
