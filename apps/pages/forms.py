"""Forms of the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .labels import DOCUMENT_KINDS


class AddressForm(forms.Form):
    """Accept an address or a ZIP code for one answer; nothing is stored."""

    q = forms.CharField(
        label=_("Street address or ZIP code"),
        max_length=200,
        error_messages={
            "required": _("Type an address or a ZIP code."),
            "max_length": _("That is longer than any address. Type number, street, city and ZIP code."),
        },
        help_text=_(
            "We use it for this answer, then forget it. A ZIP code can cross district lines, so an address is exact."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class SearchForm(forms.Form):
    """Accept words for site search."""

    q = forms.CharField(
        label=_("Words to look for"),
        max_length=200,
        error_messages={
            "required": _("Type a word or two."),
            "max_length": _("That is longer than we can search for. A few words are enough."),
        },
        help_text=_("Search the public pages. Nobody's registration can be found here."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    kind = forms.ChoiceField(choices=[("", ""), *DOCUMENT_KINDS.items()], required=False, widget=forms.HiddenInput)
    page = forms.TypedChoiceField(
        choices=[(number, number) for number in range(1, 51)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )


class DayForm(forms.Form):
    """Accept the day for which districts are shown; a date is not personal, so it may be part of the URL."""

    on = forms.DateField(
        label=_("On date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "dt", "min": "2000-01-01", "max": "2099-12-31"}),
        error_messages={"invalid": _("Type the date like 2026-11-03.")},
    )
