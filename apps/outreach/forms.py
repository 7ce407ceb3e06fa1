"""Forms of outreach: a member's plan, an organizer's campaign and ask."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.types import PassedThrough
from apps.officials.models import Election

from . import message_templates
from .models import Ask, Campaign, Pledge
from .selectors import ASKABLE_STATUSES
from .services.campaigns import AskDraft


class DayInput(forms.DateInput):
    """Render a date as the browser's date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "dt"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """Accept when, where and how a member votes."""

    method = forms.ChoiceField(
        label=_("How will you vote?"),
        choices=Pledge.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you will vote.")},
    )
    on_day = forms.DateField(label=_("Which day?"), required=False, widget=DayInput())
    time = forms.CharField(
        label=_("What time?"), required=False, max_length=20, help_text=_("As you would say it: after work, 8 a.m.")
    )
    place = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=120,
        help_text=_("Your polling place or ballot box."),
    )
    travel = forms.ChoiceField(
        label=_("How do you get there?"), required=False, choices=[("", _("Not decided")), *Pledge.Travel.choices]
    )
    remind = forms.BooleanField(
        label=_("Remind me before the days that matter"), required=False, initial=True,
        help_text=_("In your inbox and by email: a week before and the day before."),
    )  # fmt: skip

    def __init__(self, *args: PassedThrough, election: Election, **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        self.election = election

    def clean_on_day(self) -> Any:
        """Require a day from today to the election."""
        day = self.cleaned_data["on_day"]
        if day and not timezone.localdate() <= day <= self.election.date:
            raise forms.ValidationError(_now("Choose a day from today to the election."))
        return day


def _coming_elections() -> Any:
    return Election.objects.from_day(timezone.localdate())


class CampaignForm(forms.Form):
    """Accept the content of a campaign."""

    name = forms.CharField(label=_("Name"), max_length=120)
    election = forms.ModelChoiceField(
        empty_label=_("Choose an election"),
        label=_("Election"),
        queryset=Election.objects.none(),
        error_messages={"required": _("Choose the election. Load elections first where there is none.")},
    )
    text = forms.CharField(
        label=_("What it is about"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody can read this on the campaign’s page."),
    )
    supports = forms.CharField(label=_("Whom or what it supports"), max_length=120, required=False)

    def __init__(self, *args: PassedThrough, **kwargs: PassedThrough) -> None:
        super().__init__(*args, **kwargs)
        self.fields["election"].queryset = _coming_elections()  # type: ignore[attr-defined]
        if settings.NONPARTISAN:
            del self.fields["supports"]


class AskForm(forms.Form):
    """Accept whom to ask, when, and the message per language."""

    title = forms.CharField(label=_("What you ask for"), max_length=120)
    divisions = forms.CharField(
        label=_("Districts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One division a line, such as ocd-division/country:us/state:hd/cd:4. Empty: everybody."),
    )
    statuses = forms.MultipleChoiceField(
        label=_("Statuses"),
        required=False,
        choices=[(status.value, status.label) for status in ASKABLE_STATUSES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )
    opens = forms.DateField(label=_("Opens on"), widget=DayInput())
    closes = forms.DateField(label=_("Closes on"), widget=DayInput())

    def __init__(
        self, *args: PassedThrough, campaign: Campaign, ask: Ask | None = None, **kwargs: PassedThrough
    ) -> None:
        kwargs.setdefault("initial", _ask_initial(campaign, ask))
        super().__init__(*args, **kwargs)
        placeholders = ", ".join(
            f"{{{name}}}: {meaning}" for name, meaning in message_templates.known_placeholders().items()
        )
        for code, name in settings.LANGUAGES:
            self.fields[f"message_{code}"] = forms.CharField(
                label=_now("Message in %(language)s") % {"language": name},
                required=False,
                max_length=message_templates.MAX_LENGTH,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
                help_text=placeholders,
            )

    def clean_divisions(self) -> list[str]:
        """Return the divisions without duplicates."""
        lines = list(dict.fromkeys(self.cleaned_data["divisions"].split()))
        invalid = next((line for line in lines if not line.startswith("ocd-division/country:us")), None)
        if invalid:
            raise forms.ValidationError(
                _now("“%(id)s” is no division: it begins with ocd-division/country:us.") % {"id": invalid[:60]}
            )
        return lines

    def clean(self) -> dict[str, Any]:
        """Validate each message at its own field."""
        cleaned: dict[str, Any] = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            try:
                message_templates.validate_message(cleaned.get(f"message_{code}", ""))
            except Refused as error:
                self.add_error(f"message_{code}", str(error))
        return cleaned

    def to_draft(self) -> AskDraft:
        """Return the ask for the service."""
        entered = self.cleaned_data
        messages = {code: entered.get(f"message_{code}", "") for code, _name in settings.LANGUAGES}
        names = ("title", "divisions", "statuses", "opens", "closes")
        return AskDraft(**{name: entered[name] for name in names}, messages=messages)


def _ask_initial(campaign: Campaign, ask: Ask | None) -> dict[str, Any]:
    if ask is None:
        messages = {
            f"message_{code}": message_templates.DEFAULT_MESSAGES.get(code, "") for code, _name in settings.LANGUAGES
        }
        return {"opens": timezone.localdate(), "closes": campaign.election.date, **messages}
    messages = {f"message_{code}": ask.messages.get(code, "") for code, _name in settings.LANGUAGES}
    plain = {"title": ask.title, "statuses": ask.statuses, "opens": ask.opens, "closes": ask.closes}
    return {**plain, "divisions": "\n".join(ask.divisions), **messages}
