"""Emails about an account: text and HTML say the same, the link appears in full, nothing is loaded."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

LINK = "https://votekin.example/c/8Hq2?a=1&b=2"
MAILS = {
    "email_confirmation": "activate_url",
    "email_confirmation_signup": "activate_url",
    "password_reset_key": "password_reset_url",
    "account_already_exists": "password_reset_url",
    "unknown_account": "signup_url",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", MAILS)
def test_a_mail_has_one_button_and_its_link_in_full(name: str, language: str) -> None:
    context = {MAILS[name]: LINK}
    with translation.override(language):
        html = render_to_string(f"account/email/{name}_message.html", context)
        text = render_to_string(f"account/email/{name}_message.txt", context)
        subject = render_to_string(f"account/email/{name}_subject.txt", context).strip()
    assert html.count('class="bt"') == 1
    assert html.count(LINK.replace("&", "&amp;")) == 3  # the button, and the link to copy with its label
    assert f"    {LINK}\n" in text
    assert re.search(rf"<title>\s*{re.escape(subject)}\s*</title>", html)
    assert text.startswith(subject)
    assert f'<html lang="{language}">' in html


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_loads_nothing(name: str) -> None:
    html = render_to_string(f"account/email/{name}_message.html", {MAILS[name]: LINK})
    assert not re.search(r"<img|<link|url\(|src=", html)


def test_spanish_mails_are_spanish() -> None:
    with translation.override("es"):
        assert "Confirme su correo" in render_to_string("account/email/email_confirmation_message.txt", {})
