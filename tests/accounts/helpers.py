"""Clients of the account pages."""

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import PASSWORD


def reauthenticated_client(member: User) -> Client:
    """Return a client in which the member signed in and entered the password again."""
    client = Client()
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client
