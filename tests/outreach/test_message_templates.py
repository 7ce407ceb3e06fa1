"""Messages of asks."""

from typing import Any

import pytest

from apps.core.errors import Refused
from apps.outreach import message_templates
from apps.outreach.models import Ask, Campaign

pytestmark = pytest.mark.django_db


def test_unknown_languages_fall_back(ask: Ask) -> None:
    assert message_templates.render_message(ask, "es", "Ana") == "Hola, Ana"
    assert message_templates.render_message(ask, "fr", "Ann").startswith("Hi Ann, General Election is on ")
    assert message_templates.render_message(ask, "en", "<b>{link}").count("{link}") == 1


@pytest.mark.parametrize(
    "text",
    ["Vote and win a prize", "A free pizza for every voter", "Get $5 when you vote", "una rifa para quienes voten",
     "Hi {name}", "Vote for {supports}", "x" * 601],
)  # fmt: skip
def test_forbidden_messages_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        message_templates.validate_message(text)


def test_nonpartisan_mode_removes_the_supported_measure(ask: Ask, settings: Any) -> None:
    settings.NONPARTISAN = False
    assert message_templates.validate_message("We are for {supports}, {friend}") == "We are for {supports}, {friend}"
    Ask.objects.update(messages={"en": "We are for {supports}."})
    Campaign.objects.update(supports="Measure 4")
    fresh = Ask.objects.select_related("campaign__election").get()
    assert message_templates.render_message(fresh, "en", "Ann") == "We are for Measure 4."
    settings.NONPARTISAN = True
    assert "Measure" not in message_templates.render_message(fresh, "en", "Ann")
