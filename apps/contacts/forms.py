"""Forms of contacts: file upload, pasted list, one person, an added detail, opt-out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import ZipField

from .parsing import RawContact, TableChoices, cleaning
from .parsing.contact_names import read_contact_name
from .parsing.headers import MAPPABLE_FIELDS
from .parsing.phones import clean_phones

FIELD_LABELS = {
    "first": _("First name"),
    "middle": _("Middle name"),
    "last": _("Last name"),
    "last2": _("Second last name"),
    "suffix": _("Suffix (Jr, Sr)"),
    "full": _("Whole name"),
    "name": _("Whole name"),
    "display": _("Whole name"),
    "nickname": _("Nickname"),
    "email": _("Email"),
    "phone": _("Phone"),
    "street": _("Street and number"),
    "street2": _("Apartment or unit"),
    "city": _("City"),
    "state": _("State"),
    "zip": _("ZIP code"),
    "country": _("Country"),
    "formatted": _("Whole address"),
    "birthday": _("Birth date"),
    "birth_year": _("Birth year"),
    "street_part": _("Part of the street"),
    "zip4": _("Last four digits of the ZIP code"),
    "phone_country": _("Country code of the phone"),
    "kind": _("Person or organization"),
    "organization": _("Organization"),
    "household": _("Household"),
}
DATE_ORDER_LABELS = {
    "month": _("Month first: 12/31/1980"),
    "day": _("Day first: 31/12/1980"),
    "year": _("Year first: 80-12-31"),
}
KIND_LABELS = {
    "organization": _("organization"),
    "household": _("household"),
    "group": _("group or list"),
    "place": _("place or device"),
}
# Groups of fields in the preview's summary of columns.
COLUMN_GROUPS = {
    _("Name"): {"first", "middle", "last", "last2", "suffix", "full", "display", "nickname"},
    _("Email"): {"email"},
    _("Phone"): {"phone"},
    _("Address"): {"street", "street2", "street_part", "city", "state", "zip", "zip4", "country", "formatted"},
    _("Birth year"): {"birthday", "birth_year"},
}


class FileForm(forms.Form):
    """Accept a contact file; its content, not its name, decides the format."""

    file = forms.FileField(
        label=_("Contact file"),
        help_text=_("CSV or vCard (.vcf), up to 100 MB. From Google, Outlook, iCloud, a phone or a spreadsheet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.vcf,.txt,.tsv,text/csv,text/vcard"}),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": _("Choose a file first.")},
    )


class PasteForm(forms.Form):
    """Accept a pasted list."""

    text = forms.CharField(
        label=_("Your list"),
        help_text=_("One person a line, in any order: Ann Lee, Springfield, 919-555-0101"),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
        max_length=1_000_000,
    )


def birth_year_field() -> forms.CharField:
    """Return a birth-year field; contacts never need a full birth date."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "w4"}
    return forms.CharField(
        label=_("Birth year, if you know it"), required=False, max_length=4, widget=forms.TextInput(attrs=attrs)
    )


def _validate_birth_year(text: str) -> str:
    if not text:
        return ""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise forms.ValidationError(_now("Type all four digits of the year."))
    if not timezone.localdate().year - 120 <= int(text) <= timezone.localdate().year:
        raise forms.ValidationError(_now("Check the year: nobody on a roll was born then."))
    return text


class PersonForm(forms.Form):
    """Accept one person entered by hand."""

    first = forms.CharField(label=_("First name"), max_length=80, required=False)
    middle = forms.CharField(label=_("Middle name"), max_length=80, required=False)
    last = forms.CharField(label=_("Last name"), max_length=80, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    street = forms.CharField(label=_("Street and number"), max_length=120, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    state = forms.CharField(label=_("State"), max_length=40, required=False)
    zip = ZipField(required=False)
    birth_year = birth_year_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Autofill would enter the member's own name and address.
            field.widget.attrs["autocomplete"] = "off"

    def clean_birth_year(self) -> str:
        """Return four digits or an empty string."""
        return _validate_birth_year(self.cleaned_data["birth_year"])

    def clean(self) -> dict[str, Any]:
        """Require a name, an email address or a phone number."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("first", "last", "email", "phone")):
            raise forms.ValidationError(_now("Type a name, an email address or a phone number."))
        return cleaned

    def contact(self) -> RawContact:
        """Return the entered person as a RawContact."""
        entered = self.cleaned_data
        place = cleaning.clean_place(entered["street"], entered["city"], entered["state"], entered["zip"])
        name = read_contact_name(entered["first"], entered["middle"], entered["last"])
        return RawContact(
            line=1,
            first=name.first,
            middle=name.middle,
            last=name.last,
            suffix=name.suffix,
            emails=cleaning.clean_emails([entered["email"]]),
            phones=clean_phones([entered["phone"]]),
            places=(place,) if any(place) else (),
            birth_year=entered["birth_year"],
        )


class DetailForm(forms.Form):
    """Accept one more detail that may settle who a contact is."""

    zip = ZipField(required=False)
    birth_year = birth_year_field()
    middle = forms.CharField(label=_("Middle name"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_birth_year(self) -> str:
        """Return four digits or an empty string."""
        return _validate_birth_year(self.cleaned_data["birth_year"])

    def clean(self) -> dict[str, Any]:
        """Require at least one detail."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_now("Type a ZIP code, a birth year or a middle name."))
        return cleaned


def choices_from_post(data: Mapping[str, Any], columns: list[list[Any]]) -> TableChoices:
    """Return what a member says about a table: field by column number, header, order of dates; ignore anything else."""
    chosen = {number: data[name] for number, *_rest in columns if (name := f"column-{number}") in data}
    fields = {number: field for number, field in chosen.items() if field in MAPPABLE_FIELDS or not field}
    order = data.get("date_order", "")
    has_header = {"header": True, "person": False}.get(data.get("first_row", ""))
    return TableChoices(fields, has_header, order if order in DATE_ORDER_LABELS else "")


class OptOutForm(forms.Form):
    """Accept the email address of a person who wants to stay out of all contacts."""

    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We email you a link, and keep no address: only a code that cannot be read back."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
