"""Ask a friend: seen by staff with a ribbon; to others not even its address answers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from waffle import get_waffle_flag_model

from apps.accounts.models import User
from apps.outreach import forms, services

ASK = reverse("outreach:ask")


def test_to_a_member_and_to_a_stranger_it_does_not_exist(member: User, client_of: Callable[[User], Client]) -> None:
    for client in (client_of(member), Client()):
        assert client.get(ASK).status_code == 404
        assert client.post(ASK, {"tone": "plan"}).status_code == 404


def test_a_hidden_feature_looks_like_a_page_that_never_was(member: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(member)
    hidden, missing = client.get(ASK), client.get("/no-such-page/")
    assert hidden.content.replace(ASK.encode(), b"") == missing.content.replace(b"/no-such-page/", b"")
    assert hidden.status_code == missing.status_code


@pytest.mark.parametrize("who", ["steward", "organiser", "auditor", "owner"])
def test_staff_see_it_with_a_ribbon(
    who: str, request: pytest.FixtureRequest, db: None, client_of: Callable[[User], Client]
) -> None:
    page = client_of(request.getfixturevalue(who)).get(ASK)
    assert b'class="ribbon"' in page.content


def test_once_it_is_open_to_all_the_ribbon_goes(member: User, client_of: Callable[[User], Client]) -> None:
    flag = get_waffle_flag_model().objects.get(name="ask_a_friend")
    flag.everyone = True
    flag.save()
    page = client_of(member).get(ASK)
    assert page.status_code == 200
    assert b'class="ribbon"' not in page.content


def test_without_its_row_the_flag_is_off(owner: User, client_of: Callable[[User], Client]) -> None:
    get_waffle_flag_model().objects.get(name="ask_a_friend").delete()
    assert client_of(owner).get(ASK).status_code == 404


def test_a_message_to_copy(steward: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(steward).post(ASK, {"tone": "plan", "friend": "Sam <3"})
    assert b"Hi Sam &lt;3," in page.content


def test_what_to_say_has_to_be_chosen(steward: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(steward).post(ASK, {"friend": "Sam"})
    assert b"Choose what you would like to say" in page.content


@pytest.mark.parametrize("tone", sorted(forms.TONES))
def test_every_tone_has_its_words(tone: str) -> None:
    assert services.message(tone=tone).startswith("Hi, ")
