"""The forms of a look-up: what a voter registration holds, one free detail, and the code of a letter."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import BirthDateField, PhoneField, ZipField
from apps.matching.normalize.address import parse_address
from apps.matching.normalize.address.house_numbers import split_house_number
from apps.matching.normalize.characters import APOSTROPHES, DASHES, fold

from .letters import LENGTH
from .query import Typed

# Wildcards and markup have no place in a name; letters of every script, marks, blanks, . , hyphens and apostrophes do.
NAME_SIGNS = frozenset(f"'.-, {APOSTROPHES}{DASHES}")
LONGEST_NAME = 60


def check_name(value: str) -> None:
    """Refuse what no name is written with."""
    for sign in value:
        if sign not in NAME_SIGNS and unicodedata.category(sign)[0] not in "LM":
            raise ValidationError(_("Type the name with letters only."), code="signs")
    if not any(unicodedata.category(sign).startswith("L") for sign in value):
        raise ValidationError(_("Type the name with letters only."), code="signs")


class NameField(forms.CharField):
    """A name; accepts letters of every script."""

    def __init__(self, **kwargs: Any) -> None:
        autocomplete = kwargs.pop("autocomplete", "off")
        super().__init__(max_length=LONGEST_NAME, validators=[check_name], **kwargs)
        self.widget.attrs["autocomplete"] = autocomplete


class LookUpForm(forms.Form):
    """What a member types to find their registration."""

    first_name = NameField(label=_("First name"), autocomplete="given-name")
    last_name = NameField(label=_("Last name"), autocomplete="family-name")
    dob = BirthDateField()
    address = forms.CharField(
        label=_("Street address"), max_length=120, widget=forms.TextInput({"autocomplete": "address-line1"})
    )
    city = forms.CharField(label=_("City"), max_length=60, widget=forms.TextInput({"autocomplete": "address-level2"}))
    zip = ZipField()
    phone = PhoneField(required=False, help_text=_("Helps when two people share a name."))

    def clean_address(self) -> str:
        """Ask for the house number: without it an address fits a whole street."""
        value = str(self.cleaned_data["address"])
        if not parse_address(value).number:
            raise ValidationError(_("Add the house number, like “418 Coopers Row”."), code="house")
        return value

    @property
    def typed(self) -> Typed:
        """The valid form as the rest of the app takes it."""
        return Typed(**{name: str(value or "") for name, value in self.cleaned_data.items()})


class HideForm(LookUpForm):
    """Who is not to be found, as their voter registration would have them."""

    phone = None  # type: ignore[assignment]


class BirthDateForm(forms.Form):
    """The detail that settles most: the whole birth date."""

    birth_date = BirthDateField(day_required=True)


class MiddleNameForm(forms.Form):
    """A middle name, or its first letter."""

    middle_name = NameField(label=_("Middle name"), help_text=_("The first letter will do."))


class HouseNumberForm(forms.Form):
    """The house number of the registered address."""

    house_number = forms.CharField(label=_("House number"), max_length=16)

    def clean_house_number(self) -> str:
        """Take 418, 418B, 12-40, 208½ and W148N9748."""
        value = str(self.cleaned_data["house_number"]).strip()
        number, rest = split_house_number(" ".join(fold(value).split()))
        if not number.number or rest:
            raise ValidationError(_("Type the house number alone, like 418, 418B or W148N9748."), code="house")
        return value


FORMS: dict[str, type[forms.Form]] = {
    "birth_date": BirthDateForm,
    "middle_name": MiddleNameForm,
    "house_number": HouseNumberForm,
}


class CodeForm(forms.Form):
    """The code of a letter."""

    code = forms.CharField(
        label=_("Code from the letter"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Take it with or without its hyphen, in any case."""
        code = "".join(sign for sign in str(self.cleaned_data["code"]).upper() if sign.isalnum())
        if len(code) != LENGTH:
            raise ValidationError(_("The code has eight letters and digits."), code="length")
        return code


class ReasonForm(forms.Form):
    """Why staff need to see a registered address."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("It is kept with your name and the hour."))
