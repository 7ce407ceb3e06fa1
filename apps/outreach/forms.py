"""Forms of outreach: a member's plan; an organiser's campaign and ask."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.officials.models import Election

from . import message_templates
from .models import Ask, Campaign, Pledge
from .selectors import ASKABLE
from .services.campaigns import AskDraft


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "dt"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """When, where and how."""

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
        help_text=_("In your inbox and by mail: a week before and the day before."),
    )  # fmt: skip

    def __init__(self, *args: Any, election: Election, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.election = election

    def clean_on_day(self) -> Any:
        """Return a day between today and the election."""
        day = self.cleaned_data["on_day"]
        if day and not timezone.localdate() <= day <= self.election.date:
            raise forms.ValidationError(_now("Choose a day from today to the election."))
        return day


def _coming() -> Any:
    return Election.objects.from_day(timezone.localdate())


class CampaignForm(forms.Form):
    """What a campaign is about."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["election"].queryset = _coming()  # type: ignore[attr-defined]
        if settings.NONPARTISAN:
            del self.fields["supports"]


class AskForm(forms.Form):
    """Who is asked, when, in which words."""

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
        choices=[(one.value, one.label) for one in ASKABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )
    opens = forms.DateField(label=_("Opens on"), widget=DayInput())
    closes = forms.DateField(label=_("Closes on"), widget=DayInput())

    def __init__(self, *args: Any, campaign: Campaign, ask: Ask | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(campaign, ask))
        super().__init__(*args, **kwargs)
        shown = ", ".join(f"{{{name}}}: {meaning}" for name, meaning in message_templates.known_placeholders().items())
        for code, name in settings.LANGUAGES:
            self.fields[f"words_{code}"] = forms.CharField(
                label=_now("Message in %(language)s") % {"language": name},
                required=False,
                max_length=message_templates.MOST,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
                help_text=shown,
            )

    def clean_divisions(self) -> list[str]:
        """Return the divisions, each once."""
        lines = list(dict.fromkeys(self.cleaned_data["divisions"].split()))
        wrong = next((line for line in lines if not line.startswith("ocd-division/country:us")), None)
        if wrong:
            raise forms.ValidationError(
                _now("“%(id)s” is no division: it begins with ocd-division/country:us.") % {"id": wrong[:60]}
            )
        return lines

    def clean(self) -> dict[str, Any]:
        """Check the words where they stand, so that the field says what is wrong with them."""
        cleaned: dict[str, Any] = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            try:
                message_templates.check(cleaned.get(f"words_{code}", ""))
            except Refused as error:
                self.add_error(f"words_{code}", str(error))
        return cleaned

    def wanted(self) -> AskDraft:
        """Return what the service takes."""
        typed = self.cleaned_data
        texts = {code: typed.get(f"words_{code}", "") for code, _name in settings.LANGUAGES}
        names = ("title", "divisions", "statuses", "opens", "closes")
        return AskDraft(**{name: typed[name] for name in names}, texts=texts)


def _initial(campaign: Campaign, ask: Ask | None) -> dict[str, Any]:
    if ask is None:
        texts = {f"words_{code}": message_templates.DEFAULTS.get(code, "") for code, _name in settings.LANGUAGES}
        return {"opens": timezone.localdate(), "closes": campaign.election.date, **texts}
    texts = {f"words_{code}": ask.words.get(code, "") for code, _name in settings.LANGUAGES}
    plain = {"title": ask.title, "statuses": ask.statuses, "opens": ask.opens, "closes": ask.closes}
    return {**plain, "divisions": "\n".join(ask.divisions), **texts}
