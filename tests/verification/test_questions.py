"""The look-up one question at a time: nothing typed is lost, nothing of a person is in an address or in the clear."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.models import User
from apps.verification import form_steps
from apps.verification.models import Attempt

from .conftest import ME, form_of

ClientOf = Callable[[User], Client]
TYPED = form_of(ME)
FIND = "/registration/find/"


def answer(client: Client, question: str, **changed: str) -> Any:
    """Answer one question as its page would send it."""
    return client.post(f"{FIND}{question}/", form_steps.inputs(question, TYPED) | changed)


@pytest.mark.usefixtures("roll")
def test_question_after_question_keeps_what_was_typed_and_looks_at_the_end(member: User, client_of: ClientOf) -> None:
    client = client_of(member)
    asked = [answer(client, each)["Location"] for each in form_steps.ORDER[:-1]]
    assert asked == [f"{FIND}birth-date/", f"{FIND}address/", f"{FIND}phone/"]
    for path, value in ((FIND, ME["last_name"]), (asked[0], TYPED["dob_year"]), (asked[1], ME["address"])):
        assert f'value="{value}"' in client.get(path).content.decode(), "the way back finds it as it was left"
    session = Session.objects.get(session_key=client.cookies["sessionid"].value)
    assert ME["last_name"] not in str(session.get_decoded())
    last = answer(client, "phone")
    assert last["Location"] == f"/registration/looks/{Attempt.objects.get().pk}/"
    assert form_steps.KEY not in client.session, "the look-up has it now"


@pytest.mark.usefixtures("roll")
def test_a_question_says_at_once_what_to_mend_and_none_is_jumped(member: User, client_of: ClientOf) -> None:
    client = client_of(member)
    assert client.get(f"{FIND}address/")["Location"] == FIND
    answer(client, "name")
    wrong = answer(client, "birth-date", dob_year="84")
    assert wrong.status_code == 400
    assert "could be 1884 or 1984" in wrong.content.decode()
    assert client.get(f"{FIND}phone/")["Location"] == f"{FIND}birth-date/"
    assert answer(client, "phone")["Location"] == f"{FIND}birth-date/"
    assert not Attempt.objects.exists()
    assert client.get(f"{FIND}birth-date/?dob_year=1984").status_code == 405
    assert client.get(f"{FIND}shoes/").status_code == 404


@pytest.mark.usefixtures("roll")
def test_enter_in_the_one_page_form_sends_all_of_it(member: User, client_of: ClientOf) -> None:
    """A browser presses the first button of the form, which on a wide screen is not the one that shows."""
    assert "/looks/" in client_of(member).post(f"{FIND}name/", TYPED)["Location"]


@pytest.mark.usefixtures("roll")
def test_answers_are_forgotten_after_an_hour(
    member: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(member)
    answer(client, "name")
    monkeypatch.setattr(form_steps, "KEEP_SECONDS", -1)
    answer(client, "name")
    assert client.get(f"{FIND}birth-date/")["Location"] == FIND
