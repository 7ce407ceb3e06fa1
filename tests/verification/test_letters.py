"""Letters and their codes."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import Refused
from apps.verification import letters, services
from apps.verification.models import Claim, Letter
from apps.voters import rolls
from tests.verification.helpers import ABSENT, ME, REMOVED, ClientOf, RunJobs, claim_me, query_of

MOVED = {"address": "7 Elsewhere Road", "city": "Elsewhere", "zip": "00499"}


def _request(member: User, row: dict[str, str] = ME, **typed: str) -> Letter:
    return letters.request_letter(member=member, query=query_of(row, **typed), network=f"network of {member.pk}")


@pytest.mark.usefixtures("roll", "committed_audit")
def test_the_code_of_a_letter_links_a_voter_who_entered_another_address(
    member: User,
    other_member: User,
    steward: User,
    client_of: ClientOf,
    fresh_client_of: ClientOf,
    run_jobs: RunJobs,
) -> None:
    claim_me(other_member)
    letter = _request(member, ME | MOVED)
    run_jobs()
    staff = fresh_client_of(steward)
    assert str(letter.pk) in staff.get("/registration/letters/").content.decode()
    page = staff.post(f"/registration/letters/{letter.pk}/", {"reason": "letters of Monday"})
    text = page.content.decode()
    assert ME["address"] in text
    read = AuditEntry.objects.get(kind="read")
    assert (read.actor_id, read.fields, read.reason) == (steward.pk, ["mailing address", "name"], "letters of Monday")
    code = text.partition('<p class="lead num"><b>')[2].partition("<")[0]
    letter.refresh_from_db()
    assert code.encode() not in bytes(letter.code_hash)
    owner = client_of(member)
    wrong = owner.post("/registration/code/", {"code": "BBBB-BBBB"}, follow=True)
    assert "This is not the code" in wrong.content.decode()
    right = owner.post("/registration/code/", {"code": code.lower().replace("-", " ")}, follow=True)
    assert "Confirmed: the code" in right.content.decode()
    assert Claim.objects.get(member=member).state == "confirmed"
    assert Claim.objects.get(member=other_member).state == "claimed"
    assert services.current_registration(other_member) is not None


@pytest.mark.usefixtures("roll")
def test_a_letter_needs_the_right_name_and_date(member: User, run_jobs: RunJobs) -> None:
    states = {}
    for name, row in (("date", ME | {"dob": "1950-01-01"}), ("nobody", ABSENT), ("removed", REMOVED)):
        letter = _request(member, row)
        run_jobs()
        letter.refresh_from_db()
        states[name] = letter.state
    assert states == {"date": "ended", "nobody": "ended", "removed": "ended"}
    with pytest.raises(Refused, match="No more letters"):
        _request(member)


@pytest.mark.usefixtures("roll")
def test_letters_to_one_address_are_limited_silently(make_member: Any, run_jobs: RunJobs) -> None:
    made = [_request(make_member(f"asks{n}@example.org")) for n in range(4)]
    run_jobs()
    assert [Letter.objects.get(pk=letter.pk).state for letter in made] == ["requested"] * 3 + ["ended"]


@pytest.mark.usefixtures("roll", "committed_audit")
def test_at_most_ten_codes_are_accepted(member: User, steward: User, run_jobs: RunJobs) -> None:
    letter = _request(member)
    run_jobs()
    letter.refresh_from_db()
    printed = letters.print_letter(letter=letter, actor=steward, reason="letters of Monday")
    assert "…" in repr(printed)
    for _ in range(10):
        assert not letters.confirm_code(member=member, code="BBBBBBBB")
    with pytest.raises(Refused, match="Too many codes"):
        letters.confirm_code(member=member, code=printed.code)
    assert not Claim.objects.exists()


def test_a_code_without_a_letter_reads_as_a_wrong_one(member: User) -> None:
    assert letters.confirm_code(member=member, code="BBBBBBBB") is False


@pytest.mark.usefixtures("roll", "committed_audit")
def test_a_letter_is_addressed_to_the_mailing_address(
    member: User, steward: User, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = _request(member)
    run_jobs()
    letter.refresh_from_db()
    row = rolls.get_own_voter("HD", ME["voter_id"])
    assert row is not None
    object.__setattr__(row, "mailing_address", "PO BOX 7\nPORT ANSEL HD 00471")
    monkeypatch.setattr(rolls, "get_own_voter", lambda *_: row)
    printed = letters.print_letter(letter=letter, actor=steward, reason="letters of Monday")
    assert printed.lines == ["PO BOX 7", "PORT ANSEL HD 00471"]
