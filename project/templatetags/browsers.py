"""Template filter that names a browser, for the list of a member's sessions."""

from django import template
from django.utils.translation import gettext

register = template.Library()

# Order matters: a user agent also names the browsers it derives from, and a phone its desktop system.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
}
BROWSERS |= {"SamsungBrowser": "Samsung Internet", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "CrOS": "ChromeOS"}
SYSTEMS |= {"Mac OS X": "Mac", "Linux": "Linux"}


@register.filter
def browser(agent: str) -> str:
    """Return "Firefox, Android" for a user agent; return an unknown one unchanged, up to 90 characters."""
    named = [next((name for sign, name in names.items() if sign in agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, named)) or agent[:90] or gettext("A browser without a name")
