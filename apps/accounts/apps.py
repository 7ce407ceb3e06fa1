"""The app `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See docs/architecture.md for its place in the house."""

    name = "apps.accounts"
