"""Forms of corrections; each requires the page that proves it."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from .elections_forms import DayField
from .forms import ReasonForm

OFFICE_ROLES: Final = (
    ("lower", _("State representative")),
    ("upper", _("State senator")),
    ("legislature", _("State legislator")),
    ("governor", _("Governor")),
    ("lt_governor", _("Lieutenant governor")),
    ("secretary of state", _("Secretary of state")),
    ("attorney general", _("Attorney general")),
    ("mayor", _("Mayor")),
)


class CorrectionForm(ReasonForm):
    """Accept the fields of every correction."""

    division = forms.RegexField(
        r"\Aocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*\Z",
        label=_("Division"),
        max_length=200,
        error_messages={"invalid": _("Type an identifier like ocd-division/country:us/state:hd.")},
    )
    name = forms.CharField(label=_("Right name"), max_length=200)
    source = forms.URLField(
        label=_("Page that proves it"),
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": _("Type an address like https://legislature.example.org/members.")},
    )


class DivisionForm(CorrectionForm):
    """Accept a correction of a division's name or validity."""

    valid_from = DayField(label=_("Exists from"), required=False)
    valid_through = DayField(label=_("Exists until"), required=False)
    same_as = forms.CharField(label=_("Same place as (identifier)"), required=False, max_length=200)
    field_order = ("division", "name", "valid_from", "valid_through", "same_as", "source", "reason")

    def clean(self) -> dict[str, Any]:
        """Require days in order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("valid_through")
        if first and last and last < first:
            self.add_error("valid_through", _("It ends before it begins."))
        return cleaned


class PersonForm(CorrectionForm):
    """Accept a correction of an office holder."""

    role = forms.ChoiceField(label=_("Office"), choices=OFFICE_ROLES)
    start = DayField(label=_("In office since"))
    end = DayField(label=_("In office until"), required=False)
    field_order = ("division", "name", "role", "start", "end", "source", "reason")

    def clean(self) -> dict[str, Any]:
        """Require days in order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("end") and cleaned.get("start") and cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("It ends before it begins."))
        return cleaned


CORRECTION_FORMS: Final[dict[str, type[CorrectionForm]]] = {"division": DivisionForm, "person": PersonForm}
