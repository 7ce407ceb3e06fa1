"""Forms of a lookup: the fields of a voter registration, one added detail, the code of a letter."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import BirthDateField, ZipField
from apps.matching.normalize.address import parse_address
from apps.matching.normalize.characters import APOSTROPHES, DASHES

from .letters import CODE_LENGTH
from .query import NO_SUFFIX, VoterQuery

# Allowed beside letters and marks of every script; no wildcards or markup.
NAME_PUNCTUATION = frozenset(f"'.-, {APOSTROPHES}{DASHES}")
MAX_NAME_LENGTH = 60


def validate_name(value: str) -> None:
    """Raise ValidationError for characters that no name contains."""
    for character in value:
        if character not in NAME_PUNCTUATION and unicodedata.category(character)[0] not in "LM":
            raise ValidationError(_("Type the name with letters only."), code="signs")
    if not any(unicodedata.category(character).startswith("L") for character in value):
        raise ValidationError(_("Type the name with letters only."), code="signs")


class NameField(forms.CharField):
    """Accept a name in letters of any script."""

    def __init__(self, **kwargs: Any) -> None:
        autocomplete = kwargs.pop("autocomplete", "off")
        super().__init__(max_length=MAX_NAME_LENGTH, validators=[validate_name], **kwargs)
        self.widget.attrs["autocomplete"] = autocomplete


class LookUpForm(forms.Form):
    """Accept what a member enters to find their registration."""

    first_name = NameField(label=_("First name"), autocomplete="given-name")
    last_name = NameField(label=_("Last name"), autocomplete="family-name")
    dob = BirthDateField()
    address = forms.CharField(
        label=_("Street address"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        help_text=_("With the apartment or unit, if there is one."),
    )
    city = forms.CharField(label=_("City"), max_length=60, widget=forms.TextInput({"autocomplete": "address-level2"}))
    zip = ZipField()
    voter_number = forms.CharField(
        label=_("Registration number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("From your voter card, if you have it: it counts in place of the address."),
    )
    has_moved = forms.BooleanField(label=_("I have moved since I registered"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The number of the voter card can replace the address.
        if str(self.data.get("voter_number", "")).strip():
            for name in ("address", "city", "zip"):
                self.fields[name].required = False

    def clean_address(self) -> str:
        """Require a house number: without it, an address fits a whole street."""
        value = str(self.cleaned_data["address"])
        if value and not parse_address(value).number:
            raise ValidationError(_("Add the house number, like “418 Coopers Row”."), code="house")
        return value

    @property
    def query(self) -> VoterQuery:
        """Return the valid form as a VoterQuery."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "has_moved"}
        return VoterQuery(**{name: str(value or "") for name, value in typed.items()})


class SuppressionForm(LookUpForm):
    """Accept a person who must not be found, as their voter registration lists them."""

    has_moved = None  # type: ignore[assignment]


class SuffixForm(forms.Form):
    """Accept a suffix, or that there is none."""

    suffix = forms.ChoiceField(
        label=_("Suffix"),
        choices=[(NO_SUFFIX, _("None")), *((suffix, suffix) for suffix in ("Jr", "Sr", "II", "III", "IV", "V"))],
    )


class MiddleNameForm(forms.Form):
    """Accept a middle name or its initial."""

    middle_name = NameField(label=_("Middle name"), help_text=_("The first letter will do."))


DETAIL_FORMS: dict[str, type[forms.Form]] = {
    "suffix": SuffixForm,
    "middle_name": MiddleNameForm,
}


class CodeForm(forms.Form):
    """Accept the code of a letter."""

    code = forms.CharField(
        label=_("Code from the letter"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Return the code without hyphen, in upper case."""
        code = "".join(character for character in str(self.cleaned_data["code"]).upper() if character.isalnum())
        if len(code) != CODE_LENGTH:
            raise ValidationError(_("The code has eight letters and digits."), code="length")
        return code


class ReasonForm(forms.Form):
    """Accept the reason for which staff view a registered address."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("It is kept with your name and the hour."))
