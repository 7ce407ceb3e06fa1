"""Template tags of the design system: icons, status marks and labels, dates as text.

Available in every template. All pages take their status labels from the table in this module.
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

from apps.core.types import PassedThrough

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "templates" / "icons"


class Sign(NamedTuple):
    """The icon file, color class and label of a status."""

    drawing: str
    color: str
    word: str | Promise


# Marks fill as certainty grows. Shape and label carry the meaning; color only repeats it.
STATUSES = {
    "registered": Sign("mark-registered", "ok", _("Registered")),
    "likely": Sign("mark-likely", "ok", _("Likely")),
    "unclear": Sign("mark-choose", "pick", _("Add a detail")),
    "not_found": Sign("mark-not-found", "none", _("Not found")),
    "no_roll": Sign("mark-no-roll", "none", _("No roll here")),
    "protected": Sign("mark-protected", "none", _("Protected")),  # staff totals only, never for one person
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
    """Return (viewBox, inner markup) of the icon file `name`.svg; raise TemplateSyntaxError for an unknown name."""
    if not re.fullmatch(r"[a-z0-9-]+", name) or not (ICONS / f"{name}.svg").is_file():
        raise template.TemplateSyntaxError(f"There is no icon named {name!r} in {ICONS.name}/.")
    svg = re.search(r'viewBox="([^"]+)">(.*)</svg>', (ICONS / f"{name}.svg").read_text())
    if svg is None:
        raise template.TemplateSyntaxError(f"The icon {name!r} is not one svg element with a viewBox on one line.")
    return svg[1], svg[2]


def _svg(name: str, classes: str) -> SafeString:
    box, inner = _drawing(name)
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        box,
        mark_safe(inner),  # noqa: S308 - files of this project, see _drawing
    )


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw a Lucide icon inline. Hidden from screen readers: put a label next to it."""
    return _svg(name, f"i {extra}".strip())


def _sign_svg(sign: Sign) -> SafeString:
    kind = "m" if sign.drawing.startswith("mark-") else "i"
    return _svg(sign.drawing, f"{kind} {sign.color}")


@register.simple_tag
def mark(status: str) -> SafeString:
    """Draw the mark of a status without its label; the page must show the label next to it."""
    return _sign_svg(STATUSES[status])


@register.simple_tag(name="status")
def status_word(status: str, word: str = "") -> SafeString:
    """Draw a status: mark and label. `word` replaces the label with a count or a sentence."""
    sign = STATUSES[status]
    return format_html('<span class="st {}">{}{}</span>', sign.color, _sign_svg(sign), word or sign.word)


@register.simple_tag
def evidence(outcome: str, word: str = "") -> SafeString:
    """Draw the result of comparing one field: same, close, differs, skipped."""
    sign = EVIDENCE[outcome]
    return format_html('<span class="st {}">{}{}</span>', sign.color, _sign_svg(sign), word or sign.word)


DAY_FORMATS = {
    "en": {"day": "F j, Y", "weekday": "l, F j, Y", "short": "F j"},
    "es": {"day": r"j \d\e F \d\e Y", "weekday": r"l j \d\e F \d\e Y", "short": r"j \d\e F"},
}
TIME_FORMATS = {"en": "P", "es": "g:i a"}


def _as_text(value: Any, form: str = "day") -> str:
    """Return a date or time in the reader's language. `form` is `day`, `weekday` or `short` (without year)."""
    if not value:
        return ""
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    language = (get_language() or "en").split("-")[0]
    words = DAY_FORMATS.get(language, DAY_FORMATS["en"])[form]
    if not isinstance(value, dt.datetime):
        return str(formats.date_format(value, words))
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    hour = formats.date_format(local, TIME_FORMATS.get(language, "P"))
    if language == "es":  # Spanish writes "a. m." with a space, which must not break.
        hour = re.sub(r"([ap])\.m\.$", "\\1.\u00a0m.", hour)
    return f"{formats.date_format(local, words)}, {hour}"


@register.simple_tag(name="human_date")
def human_date_tag(value: Any, form: str = "day") -> str:
    """Write a date as text: {% human_date election.day "weekday" %}."""
    return _as_text(value, form)


@register.filter(name="human_date")
def human_date_filter(value: Any, form: str = "day") -> str:
    """Write a date as text in blocktranslate: {% blocktranslate with when=day|human_date %}."""
    return _as_text(value, form)


@register.filter
def count(value: int) -> str:
    """Write an integer with the language's thousands separator."""
    return str(formats.number_format(value, force_grouping=True))


@register.filter
def state_name(code: str) -> str:
    """Return the name of a state from the loaded boundaries, or its code."""
    from apps.districts.lookup import division

    hit = division(f"ocd-division/country:us/state:{code.lower()}", layer="state") if code else None
    return (hit and hit.name) or code


@register.simple_tag
def place_url(name: str, *args: PassedThrough) -> str:
    """Return the URL of a page, or an empty string if this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def installation() -> dict[str, Any]:
    """Return the site's name, URL and demo flag, for email templates, which have no request."""
    return {"name": settings.SITE_NAME, "url": settings.SITE_URL, "demo": settings.DEMO}


class Fix(NamedTuple):
    """One error of a form: the id of the field's control (empty for the whole form) and the message."""

    target: str
    text: str


def _message(error: ValidationError, label: str) -> str:
    """Return an error's message; Django's "This field is required" is replaced by one that names the field."""
    text = " ".join(str(message) for message in error.messages)
    if error.code == "required" and text == str(Field.default_error_messages["required"]):
        return gettext("%(label)s is missing") % {"label": label}
    return text


def _control(field: BoundField, code: str) -> str:
    """Return the id of the control that an error links to; in a group, of the part with the error."""
    if field.is_hidden:
        return ""
    if not field.use_fieldset:
        return field.id_for_label
    part_to_fix = getattr(field.field.widget, "part_to_fix", None)
    return f"{field.auto_id}_{part_to_fix(code) if part_to_fix else 0}"


@register.simple_tag
def fixes(form: BaseForm) -> list[Fix]:
    """Return the errors of a bound form, and mark the form so that its page shows a summary."""
    form.summary_shown = True  # type: ignore[attr-defined]
    errors = form.errors.as_data() if form.is_bound else {}
    fixes = [Fix("", _message(error, "")) for error in errors.get(NON_FIELD_ERRORS, ())]
    for field in form:
        fixes += [
            Fix(_control(field, error.code or ""), _message(error, str(field.label)))
            for error in errors.get(field.name, ())
        ]
    return fixes


@register.filter
def plainer(error: str) -> str:
    """Shorten Django's "This field is required" for use right under the field's label."""
    return gettext("Fill this in.") if error == str(Field.default_error_messages["required"]) else error


@register.simple_tag
def fixes_title(number: int) -> str:
    """Return the title of the error summary."""
    return ngettext("One thing to fix", "%(number)d things to fix", number) % {"number": number}


@register.filter
def widget_kind(field: Any) -> str:
    """Return the layout of a bound field: tick (one checkbox), choices (rows), group (fieldset) or line."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind == "checkbox" and not field.use_fieldset:
        return "tick"
    if kind in {"radio", "checkbox"}:
        return "choices"
    return "group" if field.use_fieldset else "line"
