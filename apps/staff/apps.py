"""The app `staff`."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.staff"
