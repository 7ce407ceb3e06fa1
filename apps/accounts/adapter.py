"""What we decide about allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up may be closed; a user's name is never shown by the framework."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether new members may join."""
        del request
        return bool(settings.SIGNUP_OPEN)

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name."""
