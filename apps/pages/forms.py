"""What the public pages ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WhoForm(forms.Form):
    """An address or a ZIP code, for one answer; nothing of it is kept."""

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
