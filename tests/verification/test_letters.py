"""Letters and their codes."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import Refused
from apps.notifications.models import Notice
from apps.verification import claims, letters, services
from apps.verification.models import Claim, Letter
from apps.voters import rolls
from tests.verification.helpers import ME, ClientOf, claim_me


@pytest.mark.usefixtures("roll")
def test_the_code_of_a_letter_confirms_a_claim(
    member: User, other_member: User, steward: User, client_of: ClientOf, committed_audit: None
) -> None:
    claim_me(member)
    second = claim_me(other_member)
    letter = letters.request_letter(member=other_member)
    assert letters.request_letter(member=other_member).pk == letter.pk
    staff = client_of(steward)
    assert str(letter.pk) in staff.get("/registration/letters/").content.decode()
    refused = staff.post(f"/registration/letters/{letter.pk}/", {"reason": " "})
    assert refused.status_code == 302
    page = staff.post(f"/registration/letters/{letter.pk}/", {"reason": "letters of Monday"})
    text = page.content.decode()
    assert ME["address"] in text
    read = AuditEntry.objects.get(kind="read")
    assert (read.actor_id, read.fields, read.reason) == (steward.pk, ["mailing address", "name"], "letters of Monday")
    code = text.partition('<p class="lead num"><b>')[2].partition("<")[0]
    letter.refresh_from_db()
    assert code.encode() not in bytes(letter.code_hash)
    owner = client_of(other_member)
    wrong = owner.post("/registration/code/", {"code": "BBBB-BBBB"}, follow=True)
    assert "This is not the code" in wrong.content.decode()
    right = owner.post("/registration/code/", {"code": code.lower().replace("-", " ")}, follow=True)
    assert "Proved." in right.content.decode()
    second.refresh_from_db()
    assert second.state == "confirmed"
    assert Claim.objects.get(member=member).state == "released"
    assert Notice.objects.get(kind="claim_ended").member == member
    assert services.current_registration(member) is None


@pytest.mark.usefixtures("roll", "committed_audit")
def test_five_wrong_codes_end_a_letter(member: User, steward: User) -> None:
    claim_me(member)
    printed = letters.print_letter(letter=letters.request_letter(member=member), actor=steward, reason="Monday")
    assert "…" in repr(printed)
    for _ in range(5):
        assert not letters.confirm_code(member=member, code="BBBBBBBB")
    with pytest.raises(Refused, match="Ask for a new letter"):
        letters.confirm_code(member=member, code=printed.code)
    assert Claim.objects.get().state == "claimed"
    for _ in range(2):
        letters.print_letter(letter=letters.request_letter(member=member), actor=steward, reason="Tuesday")
        Letter.objects.filter(state="printed").update(state="ended")
    with pytest.raises(Refused, match="Three letters were sent"):
        letters.request_letter(member=member)


@pytest.mark.usefixtures("roll", "committed_audit")
def test_a_letter_is_addressed_to_the_mailing_address(member: User, steward: User, load_rows: Any) -> None:
    claim_me(member)
    row = rolls.get_voter("HD", ME["voter_id"])
    assert row is not None
    object.__setattr__(row, "mailing_address", "PO BOX 7\nPORT ANSEL HD 00471")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "claimed_record", lambda _claim: row)
        printed = letters.print_letter(letter=letters.request_letter(member=member), actor=steward, reason="Monday")
    assert printed.lines == ["PO BOX 7", "PORT ANSEL HD 00471"]
