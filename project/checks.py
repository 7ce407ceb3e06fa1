"""System checks of the installation: demo mode on loopback only, no unsafe settings in production."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from apps.core.types import PassedThrough

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


@register(Tags.security)
def demo_on_loopback(**_: PassedThrough) -> list[CheckMessage]:
    """Refuse a demo that other machines can reach: it shows email and skips the second factor."""
    if not settings.DEMO:
        return []
    hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname or ""}
    if hosts <= LOOPBACK | {"testserver", ""}:
        return []
    return [
        Error(
            "DEMO=1 is set, but ALLOWED_HOSTS or SITE_URL name a host that other machines can reach.",
            hint="The demo shows its email and skips the second factor. Unset DEMO, or use 127.0.0.1.",
            id="project.E001",
        )
    ]


@register(Tags.security, deploy=True)
def no_unsafe_defaults(**_: PassedThrough) -> list[CheckMessage]:
    """Refuse default passwords, DEBUG and plain http in production."""
    errors: list[CheckMessage] = []
    if "guest:guest@" in settings.BROKER_URL:
        errors.append(Error("BROKER_URL uses guest:guest.", hint="Create a user of your own.", id="project.E002"))
    if settings.DEBUG:
        errors.append(Error("DEBUG is on.", hint="Unset DEBUG.", id="project.E003"))
    if not settings.SITE_URL.startswith("https://"):
        errors.append(Error("SITE_URL is not https.", hint="Set SITE_URL=https://…", id="project.E004"))
    return errors
