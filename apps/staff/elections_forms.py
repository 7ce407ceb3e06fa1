"""The form of an election with its last days."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.officials.models import Deadline, Election

from .forms import ReasonForm

FIELDS = ("name", "kind", "date", "division", "lines_on", "polls_open", "polls_close", "source")
# After the election only a ballot may still arrive.
LATE = (Deadline.Kind.MAIL_RETURN,)


class DayField(forms.DateField):
    """A day, as browsers pick one; typed as 2026-11-03 without."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "dt"}),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Type the date like 2026-11-03.")},
            **options,
        )


class ElectionForm(ReasonForm):
    """An election: when, where, and every day that a voter must not miss."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("general", _("General election")),
            ("primary", _("Primary")),
            ("runoff", _("Run-off")),
            ("special", _("Special election")),
            ("local", _("Local election")),
        ],
    )
    date = DayField(label=_("Day of the election"))
    division = forms.RegexField(
        r"\Aocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*\Z",
        label=_("Where"),
        max_length=200,
        help_text=_("The identifier of the division, such as ocd-division/country:us/state:hd. Its page shows it."),
        error_messages={"invalid": _("Type an identifier like ocd-division/country:us/state:hd.")},
    )
    lines_on = DayField(
        label=_("Day whose districts are voted in"),
        required=False,
        help_text=_("Only where it is not the day of the election: the first day of the term, after new lines."),
    )
    polls_open = forms.TimeField(label=_("Polls open"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    polls_close = forms.TimeField(
        label=_("Polls close"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The page of the election office that says so.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, words in Deadline.Kind.choices:
            self.fields[kind] = DayField(label=words, required=False)
        self.order_fields([*FIELDS, *Deadline.Kind.values, "reason"])

    @staticmethod
    def facts_of(election: Election | None) -> dict[str, Any]:
        """Return what the form shows first; a kind that a file named and the form has not is a general one."""
        if election is None:
            return {}
        days = {each.kind: each.date for each in election.deadlines.all()}
        return {name: getattr(election, name) for name in FIELDS} | days

    def clean(self) -> dict[str, Any]:
        """Hold the days against each other; each mistake stands at its field."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        day = found.get("date")
        for kind in Deadline.Kind:
            if day and found.get(kind.value) and found[kind.value] > day and kind not in LATE:
                self.add_error(kind.value, _("This day lies after the election."))
        if found.get("lines_on") and day and found["lines_on"] < day:
            self.add_error("lines_on", _("This day lies before the election."))
        self._in_order("early_from", "early_to", _("Early voting ends before it begins."))
        self._in_order("polls_open", "polls_close", _("The polls close before they open."))
        return found

    def _in_order(self, first: str, last: str, words: Any) -> None:
        a, b = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if a and b and b < a:
            self.add_error(last, words)

    def values(self) -> dict[str, Any]:
        """Return the election's own fields."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def deadlines(self) -> dict[str, datetime.date]:
        """Return the last days that were given, by kind."""
        return {kind: self.cleaned_data[kind] for kind in Deadline.Kind.values if self.cleaned_data.get(kind)}
