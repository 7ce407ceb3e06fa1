"""The app `verification`."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.verification"
