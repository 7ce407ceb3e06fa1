"""Forms of outreach."""

from django import forms
from django.utils.translation import gettext_lazy as _

TONES = {
    "plan": _("Ask about their plan"),
    "company": _("Offer to go together"),
    "help": _("Offer help with registering"),
}


class AskForm(forms.Form):
    """What a message needs. Nothing of it is stored."""

    friend = forms.CharField(
        label=_("What you call your friend"),
        max_length=40,
        required=False,
        help_text=_("Only for the message below. It is not kept."),
    )
    tone = forms.ChoiceField(
        label=_("What you would like to say"),
        choices=tuple(TONES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you would like to say.")},
    )
