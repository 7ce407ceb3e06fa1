"""The demo's inbox and the component sheet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from apps.core.file_email import FileEmailBackend

pytestmark = pytest.mark.django_db


def test_the_inbox_exists_in_the_demo_only(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MAIL_FOLDER = tmp_path / "mail"
    assert client.get(reverse("demo:inbox")).status_code == 404
    settings.DEMO = True
    assert client.get(reverse("demo:inbox")).status_code == 200


def test_an_email_is_shown_as_escaped_text_with_links(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MAIL_FOLDER, settings.DEMO = tmp_path / "mail", True
    message = EmailMessage("Hello <b>", "Look: https://example.org/x and <script>", to=["nora@example.org"])
    FileEmailBackend().send_messages([message])
    html = client.get(reverse("demo:inbox")).content.decode()
    assert "Hello &lt;b&gt;" in html
    assert '<a href="https://example.org/x"' in html
    assert "&lt;script&gt;" in html


def test_the_component_sheet_is_for_staff(
    client: Client, member: Any, steward: Any, client_of: Callable[[Any], Client]
) -> None:
    url = reverse("demo:components")
    assert client.get(url).status_code == 404
    assert client_of(member).get(url).status_code == 404
    assert "Only staff see this." in client_of(steward).get(url).content.decode()
