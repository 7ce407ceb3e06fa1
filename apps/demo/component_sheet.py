"""Context of the component sheet: one form with every kind of field, valid and invalid."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.form_fields import BirthDateField, PhoneField, ZipField


class ShowcaseForm(forms.Form):
    """Every kind of field."""

    city = forms.CharField(label=_("City"), help_text=_("As on your voter card."))
    zip_code = ZipField()
    birth_date = BirthDateField()
    phone = PhoneField(required=False, help_text=_("Helps when two people share a name."))
    state = forms.ChoiceField(label=_("State"), choices=[("HD", "Halden")])
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    which = forms.ChoiceField(
        label=_("Where shall the code go?"),
        choices=[("email", pgettext_lazy("delivery", "By email")), ("letter", pgettext_lazy("delivery", "By letter"))],
        widget=forms.RadioSelect,
    )
    remind = forms.BooleanField(
        label=_("Remind me on election day"), required=False, help_text=_("One email, in the morning.")
    )


def context() -> dict[str, Any]:
    """Return the template context of the component sheet."""
    wrong = {"zip_code": "0041", "birth_date_month": "3", "birth_date_day": "11", "birth_date_year": "84"}
    return {
        "form": ShowcaseForm(auto_id="right_%s", initial={"which": "mail"}),
        "wrong": ShowcaseForm(wrong, auto_id="wrong_%s"),
        "statuses": ["registered", "likely", "unclear", "not_found", "no_roll", "protected"],
        "work": ["waiting", "running", "done", "stopped"],
        "outcomes": ["same", "close", "differs", "skipped"],
        "page": Paginator(range(180), 20).page(4),
        "pledges": [41, 55, 51, 74, 92, 84, 123, 168],
        "counts": {"registered": 131, "likely": 38, "unclear": 9, "not_found": 34},
        "funnel": [(_("Signed up"), 4812), (_("Registration found"), 3644), (_("Brought contacts"), 1207)],
        "icons": [
            *(
                "search",
                "map-pin",
                "users",
                "user",
                "upload",
                "download",
                "lock",
                "calendar",
                "clock",
                "phone",
                "mail",
            ),
            *("external-link", "plus", "printer", "languages", "landmark", "flag", "inbox", "undo-2", "trash-2"),
            *("pencil", "eye", "share-2", "refresh-cw", "settings", "unplug", "vote", "badge-check", "file-text"),
            *("check", "info", "circle-alert", "triangle-alert", "circle-help", "ban", "x", "arrow-right"),
        ],
    }
