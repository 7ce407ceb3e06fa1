"""The app `outreach`: campaigns, asks, pledges."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.outreach"
