"""The name of a browser in words, for the list of one's own sessions."""

from django import template
from django.utils.translation import gettext

register = template.Library()

# In this order: each browser also names those it is made from, and each phone its desktop's system.
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
    """Say "Firefox, Android" for what a browser sends about itself; what nothing is known of is shown as it came."""
    named = [next((name for sign, name in names.items() if sign in agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, named)) or agent[:90] or gettext("A browser without a name")
