"""Forms of staff pages. Each form that shows or changes personal data requires a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.cases.models import Case
from apps.core.roles import Role
from apps.core.types import PassedThrough
from apps.voters import rolls

from .flags import STATE_LABELS

SHORTEST_REASON = 15


class ReasonForm(forms.Form):
    """Require a reason; the audit log stores it, so it must name no one."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("The reason is kept. Name a ticket or a case, no person."),
        error_messages={"required": _("Say why. Without a reason nothing is shown or changed.")},
    )


def _roll_statuses() -> list[tuple[str, str]]:
    """Return the statuses of the live rolls, as their layouts name them."""
    statuses = {
        status for snapshot in rolls.live_snapshots().values() for status in snapshot.counts.get("by_status", {})
    }
    return [(status, status) for status in sorted(statuses)]


class PersonReasonForm(ReasonForm):
    """Require why a person on the roll is looked up: a case that the steward has taken, or 15 characters and more."""

    case = forms.IntegerField(label=_("Case"), required=False, min_value=1)
    field_order: tuple[str, ...] = ("case", "reason")

    def __init__(self, *args: PassedThrough, steward: User, **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        self.steward = steward
        self.fields["reason"].required = False

    def clean_case(self) -> int | None:
        """Require a case that the steward has taken."""
        number: int | None = self.cleaned_data["case"]
        taken = Case.objects.filter(pk=number or 0, state=Case.State.TAKEN, taken_by=self.steward)
        if number and not taken.exists():
            raise forms.ValidationError(_("This is no case that you have taken."), code="case")
        return number

    def clean_reason(self) -> str:
        """Require a meaningful reason, unless a case is named."""
        reason = " ".join(str(self.cleaned_data["reason"]).split())
        if len(reason) < SHORTEST_REASON and not self.cleaned_data.get("case"):
            raise forms.ValidationError(
                _("Say why, in %(count)d characters or more, or name your case.") % {"count": SHORTEST_REASON},
                code="reason",
            )
        return reason

    def stated_reason(self) -> str:
        """Return the reason for the audit log."""
        case = self.cleaned_data["case"]
        return " ".join(part for part in (f"Case {case}" if case else "", self.cleaned_data["reason"]) if part)


class VoterSearchForm(PersonReasonForm):
    """Accept a search of the roll."""

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
    status = forms.ChoiceField(label=_("Status"), required=False, choices=lambda: [("", _("Any")), *_roll_statuses()])
    field_order = ("case", "reason", "last_name", "first_name", "city", "zip", "birth_year", "state", "status")

    def query(self) -> dict[str, str]:
        """Return the search fields without case and reason."""
        return {name: value for name, value in self.cleaned_data.items() if value and name not in ("reason", "case")}


class OpenStreetForm(PersonReasonForm):
    """Accept a voter whose street is opened, with the reason of the search."""

    state = forms.CharField(widget=forms.HiddenInput, max_length=3, required=False)
    voter_id = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SuppressForm(ReasonForm):
    """Accept a voter to suppress."""

    state = forms.CharField(widget=forms.HiddenInput, max_length=3, required=False)
    voter_id = forms.CharField(widget=forms.HiddenInput, max_length=60)


class FindMemberForm(ReasonForm):
    """Accept the full email address of an account."""

    email = forms.EmailField(
        label=_("Email address"), error_messages={"invalid": _("An email address looks like name@example.org.")}
    )
    field_order = ("reason", "email")


class RoleForm(ReasonForm):
    """Accept another role for an account."""

    member_id = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    field_order = ("member_id", "role", "reason")


class DisableAccountForm(ReasonForm):
    """Accept an account to disable."""

    member_id = forms.IntegerField(widget=forms.HiddenInput)


class FlagForm(ReasonForm):
    """Accept who sees a feature."""

    state = forms.ChoiceField(label=_("Who sees it"), choices=tuple(STATE_LABELS.items()), widget=forms.RadioSelect)
    field_order = ("state", "reason")


class FailedJobsForm(forms.Form):
    """Accept a selection of failed jobs."""

    ids = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Choose at least one line of the list.")}
    )
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: PassedThrough, job_ids: list[int], **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"].choices = [(number, str(number)) for number in job_ids]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Accept the decision of a case, with a note for colleagues."""

    answer = forms.CharField(max_length=40)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
