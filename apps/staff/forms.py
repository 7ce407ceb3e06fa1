"""Forms of staff pages. Each that looks at or changes something personal asks why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.roles import Role
from apps.voters import rolls

from .flags import STATES


class ReasonForm(forms.Form):
    """A form that asks why; the reason is kept in the audit log, so it names nobody."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("The reason is kept. Name a ticket or a case, no person."),
        error_messages={"required": _("Say why. Without a reason nothing is shown or changed.")},
    )


def _statuses() -> list[tuple[str, str]]:
    """The statuses of the live rolls, as their layouts name them."""
    found = {status for snapshot in rolls.live_snapshots().values() for status in snapshot.counts.get("by_status", {})}
    return [(status, status) for status in sorted(found)]


class PeopleForm(ReasonForm):
    """A search of the roll, for stewards."""

    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=60,
        error_messages={"required": _("Type the last name, as it is spelled on the roll.")},
    )
    city = forms.CharField(label=_("City"), max_length=60, required=False)
    zip = forms.RegexField(
        r"\A\d{5}\Z",
        label=_("ZIP code"),
        required=False,
        error_messages={"invalid": _("A ZIP code has five digits.")},
    )
    birth_year = forms.RegexField(
        r"\A(18|19|20)\d\d\Z",
        label=_("Birth year"),
        required=False,
        error_messages={"invalid": _("Type all four digits of the year.")},
    )
    state = forms.RegexField(
        r"\A[A-Za-z]{2}\Z",
        label=_("State"),
        required=False,
        error_messages={"invalid": _("Type the state's two letters.")},
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=lambda: [("", _("Any")), *_statuses()])
    field_order = ("reason", "last_name", "first_name", "city", "zip", "birth_year", "state", "status")

    def query(self) -> dict[str, str]:
        """Return what was typed, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "reason"}


class ProtectForm(ReasonForm):
    """Take a voter off: never found again by anybody."""

    state = forms.CharField(widget=forms.HiddenInput, max_length=3, required=False)
    voter_id = forms.CharField(widget=forms.HiddenInput, max_length=60)


class FindMemberForm(ReasonForm):
    """Look an account up by its whole address."""

    email = forms.EmailField(
        label=_("Mail address"), error_messages={"invalid": _("A mail address looks like name@example.org.")}
    )
    field_order = ("reason", "email")


class RoleForm(ReasonForm):
    """Give an account another role."""

    member_id = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    field_order = ("member_id", "role", "reason")


class CloseForm(ReasonForm):
    """Close an account."""

    member_id = forms.IntegerField(widget=forms.HiddenInput)


class FlagForm(ReasonForm):
    """Set who sees a feature."""

    state = forms.ChoiceField(label=_("Who sees it"), choices=tuple(STATES.items()), widget=forms.RadioSelect)
    field_order = ("state", "reason")


class WorkForm(forms.Form):
    """Choose stopped work by its numbers."""

    ids = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Choose at least one line of the list.")}
    )
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, known: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"].choices = [(number, str(number)) for number in known]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """One answer to a case, and a note for colleagues."""

    answer = forms.CharField(max_length=40)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
