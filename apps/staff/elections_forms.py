"""The form of an election and its deadlines."""

import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.types import PassedThrough
from apps.officials.models import Deadline, Election

from .forms import ReasonForm

ELECTION_FIELDS = ("name", "kind", "date", "division", "lines_on", "polls_open", "polls_close", "source")
# Deadlines that may follow the election: only the arrival of ballots.
DEADLINES_AFTER_ELECTION = (Deadline.Kind.MAIL_RETURN,)


class DayField(forms.DateField):
    """Accept a day from the browser's date picker, or as 2026-11-03."""

    def __init__(self, **options: PassedThrough) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "dt"}),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Type the date like 2026-11-03.")},
            **options,
        )


class ElectionForm(ReasonForm):
    """Accept an election with all deadlines of voters."""

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

    def __init__(self, *args: PassedThrough, **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in Deadline.Kind.choices:
            self.fields[kind] = DayField(label=label, required=False)
        self.order_fields([*ELECTION_FIELDS, *Deadline.Kind.values, "reason"])

    @staticmethod
    def initial_values(election: Election | None) -> dict[str, Any]:
        """Return the form's initial values for an election."""
        if election is None:
            return {}
        days = {deadline.kind: deadline.date for deadline in election.deadlines.all()}
        return {name: getattr(election, name) for name in ELECTION_FIELDS} | days

    def clean(self) -> dict[str, Any]:
        """Require days in order; each error is shown at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day = cleaned.get("date")
        for kind in Deadline.Kind:
            if day and cleaned.get(kind.value) and cleaned[kind.value] > day and kind not in DEADLINES_AFTER_ELECTION:
                self.add_error(kind.value, _("This day is after the election."))
        if cleaned.get("lines_on") and day and cleaned["lines_on"] < day:
            self.add_error("lines_on", _("This day is before the election."))
        self._check_order("early_from", "early_to", _("Early voting ends before it begins."))
        self._check_order("polls_open", "polls_close", _("The polls close before they open."))
        return cleaned

    def _check_order(self, first: str, last: str, message: str | Promise) -> None:
        start, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if start and end and end < start:
            self.add_error(last, str(message))

    def election_values(self) -> dict[str, Any]:
        """Return the election's own fields."""
        return {name: self.cleaned_data[name] for name in ELECTION_FIELDS}

    def deadlines(self) -> dict[str, datetime.date]:
        """Return the entered deadlines by kind."""
        return {kind: self.cleaned_data[kind] for kind in Deadline.Kind.values if self.cleaned_data.get(kind)}
