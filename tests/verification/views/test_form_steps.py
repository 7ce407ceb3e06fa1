"""The lookup form one step per page: no input is lost, or stored unencrypted."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.models import User
from apps.verification import form_steps
from apps.verification.models import Attempt
from tests.verification.helpers import ME, ClientOf, form_of

INPUT = form_of(ME)


FIND = "/registration/find/"


def answer_step(client: Client, question: str, **changed: str) -> Any:
    """Answer one question as its page would send it."""
    return client.post(f"{FIND}{question}/", form_steps.step_input(question, INPUT) | changed)


@pytest.mark.usefixtures("roll")
def test_steps_keep_the_input_and_end_in_a_lookup(member: User, client_of: ClientOf) -> None:
    client = client_of(member)
    asked = [answer_step(client, each)["Location"] for each in form_steps.STEPS[:-1]]
    assert asked == [f"{FIND}birth-date/", f"{FIND}address/", f"{FIND}number/"]
    for path, value in ((FIND, ME["last_name"]), (asked[0], INPUT["dob_year"]), (asked[1], ME["address"])):
        assert f'value="{value}"' in client.get(path).content.decode(), "the way back finds it as it was left"
    session = Session.objects.get(session_key=client.session.session_key)
    assert ME["last_name"] not in str(session.get_decoded())
    last = answer_step(client, "number")
    assert last["Location"] == f"/registration/looks/{Attempt.objects.get().pk}/"
    assert form_steps.SESSION_KEY not in client.session, "the look-up has it now"


@pytest.mark.usefixtures("roll")
def test_a_step_shows_its_errors_and_cannot_be_skipped(member: User, client_of: ClientOf) -> None:
    client = client_of(member)
    assert client.get(f"{FIND}address/")["Location"] == FIND
    answer_step(client, "name")
    wrong = answer_step(client, "birth-date", dob_year="84")
    assert wrong.status_code == 400
    assert "could be 1884 or 1984" in wrong.content.decode()
    assert client.get(f"{FIND}number/")["Location"] == f"{FIND}birth-date/"
    assert answer_step(client, "number")["Location"] == f"{FIND}birth-date/"
    assert not Attempt.objects.exists()
    assert client.get(f"{FIND}birth-date/?dob_year=1984").status_code == 405
    assert client.get(f"{FIND}shoes/").status_code == 404


@pytest.mark.usefixtures("roll")
def test_enter_in_the_one_page_form_submits_all_fields(member: User, client_of: ClientOf) -> None:
    """A browser presses the form's first button, which on a wide screen is not the visible one."""
    assert "/looks/" in client_of(member).post(f"{FIND}name/", INPUT)["Location"]


@pytest.mark.usefixtures("roll")
def test_input_expires_after_an_hour(member: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(member)
    answer_step(client, "name")
    monkeypatch.setattr(form_steps, "MAX_AGE_SECONDS", -1)
    answer_step(client, "name")
    assert client.get(f"{FIND}birth-date/")["Location"] == FIND
