"""The words of an ask: a friend writes to a friend, without pressure and without a list."""

from django.utils.translation import gettext as _


def message(*, tone: str, friend: str = "") -> str:
    """Return a message to copy; `tone` is one of forms.TONES."""
    hello = _("Hi %(friend)s,") % {"friend": friend} if friend else _("Hi,")
    middle = {
        "plan": _("the election is coming up. Do you know yet when and where you will vote? I am making my plan now."),
        "company": _("the election is coming up. Shall we go and vote together? Tell me what day suits you."),
        "help": _("are you registered to vote where you live now? It takes five minutes to check, and I can help."),
    }[tone]
    return f"{hello} {middle}"
