"""The app `contacts`."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.contacts"
