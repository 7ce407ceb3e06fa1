"""One record, one account: disputes, letters, giving up; and the watch over new rolls."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused
from apps.notifications.models import Notice
from apps.privacy import registry as privacy
from apps.verification import claims, letters, registration_changes, services
from apps.verification.models import Attempt, Claim, Letter
from apps.verification.query import Typed
from apps.voters import rolls, snapshots, suppression
from tests.voters.synthetic_rows import voter, voters

from .conftest import ABSENT, ME, PROTECTED, TWINS, post

ClientOf = Callable[[User], Client]
RunJobs = Callable[[], int]


def claim_me(member: User) -> Claim:
    """Claim the record of ME for a member, as the worker does."""
    row = rolls.get_voter("HD", ME["voter_id"])
    assert row is not None
    typed = Typed(ME["first_name"], ME["last_name"], ME["dob"], ME["address"], ME["city"], ME["zip"])
    evidence = claims.Evidence(typed, ["last_name", "address"], True, "v1", rolls.live_snapshots()["HD"].pk)
    return claims.claim(member=member, row=row, evidence=evidence)


@pytest.mark.usefixtures("roll")
def test_a_second_claim_is_disputed_and_both_are_told(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    for user in (member, other_member):
        post(client_of(user), ME)
        run_jobs()
    first, second = Claim.objects.get(member=member), Claim.objects.get(member=other_member)
    assert (first.state, second.state) == ("claimed", "disputed")
    case = Case.objects.get(kind="second_claim")
    assert case.subject_id == second.pk
    assert {n.member for n in Notice.objects.filter(kind="second_claim")} == {member, other_member}
    page = client_of(other_member).get("/registration/").content.decode()
    assert "Somebody else says this registration is theirs" in page
    assert member.email not in page
    current = services.current(other_member)
    assert current is not None
    assert current.districts == {}


@pytest.mark.django_db(transaction=True)
def test_two_who_claim_at_once_are_one_match_and_one_dispute(
    make_member: Callable[..., User], load_rows: Callable[..., None]
) -> None:
    """S8: the constraint holds in threads."""
    load_rows([*voters(60)])
    members = [make_member(f"asks{n}@example.org") for n in range(2)]
    gate = threading.Barrier(2)
    errors: list[BaseException] = []

    def run(member: User) -> None:
        try:
            gate.wait(10)
            claim_me(member)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["claimed", "disputed"]
    assert Case.objects.filter(kind="second_claim").count() == 1


@pytest.mark.usefixtures("roll")
def test_a_mailed_code_decides(
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
    assert services.current(member) is None


@pytest.fixture
def committed_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a read be logged inside a test's own transaction."""
    from django.db import transaction

    real = transaction.atomic

    def lenient(using: Any = None, savepoint: bool = True, durable: bool = False) -> Any:
        del using, savepoint, durable
        return real()

    monkeypatch.setattr("apps.audit.services.transaction.atomic", lenient)


@pytest.mark.usefixtures("roll", "committed_audit")
def test_five_wrong_codes_end_a_letter(member: User, steward: User) -> None:
    claim_me(member)
    printed = letters.print_letter(letter=letters.request_letter(member=member), actor=steward, reason="Monday")
    assert "…" in repr(printed)
    for _ in range(5):
        assert not letters.type_code(member=member, code="BBBBBBBB")
    with pytest.raises(Refused, match="Ask for a new letter"):
        letters.type_code(member=member, code=printed.code)
    assert Claim.objects.get().state == "claimed"
    for _ in range(2):
        letters.print_letter(letter=letters.request_letter(member=member), actor=steward, reason="Tuesday")
        Letter.objects.filter(state="printed").update(state="spent")
    with pytest.raises(Refused, match="Three letters were sent"):
        letters.request_letter(member=member)


@pytest.mark.usefixtures("roll", "committed_audit")
def test_a_letter_goes_to_the_mailing_address_where_there_is_one(member: User, steward: User, load_rows: Any) -> None:
    claim_me(member)
    row = rolls.get_voter("HD", ME["voter_id"])
    assert row is not None
    object.__setattr__(row, "mailing_address", "PO BOX 7\nPORT ANSEL HD 00471")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "record_of", lambda _claim: row)
        printed = letters.print_letter(letter=letters.request_letter(member=member), actor=steward, reason="Monday")
    assert printed.lines == ["PO BOX 7", "PORT ANSEL HD 00471"]


@pytest.mark.usefixtures("roll")
def test_only_stewards_print(member: User, organiser: User, client_of: ClientOf) -> None:
    claim_me(member)
    letter = letters.request_letter(member=member)
    for user in (member, organiser):
        client = client_of(user)
        assert client.get("/registration/letters/").status_code == 404
        assert client.post(f"/registration/letters/{letter.pk}/", {"reason": "x"}).status_code == 404
    letter.refresh_from_db()
    assert letter.state == "asked"


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize(("answer", "states"), [("first", "cr"), ("second", "rc"), ("neither", "rr")])
def test_staff_may_decide_a_dispute(member: User, other_member: User, steward: User, answer: str, states: str) -> None:
    claim_me(member)
    claim_me(other_member)
    case = cases.take(Case.objects.get(), steward)
    cases.close(case, steward, answer)
    found = [Claim.objects.get(member=user).state[0] for user in (member, other_member)]
    assert "".join(found) == states


@pytest.mark.usefixtures("roll")
def test_a_record_given_up_is_free_again(member: User, other_member: User, client_of: ClientOf) -> None:
    claim_me(member)
    client_of(member).post("/registration/not-me/")
    assert services.claim_of(member) is None
    assert claim_me(other_member).state == "claimed"


@pytest.mark.usefixtures("roll")
def test_a_new_roll_tells_what_changed_once(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    run_jobs()
    load_rows([*voters(600), *TWINS], "same.csv")
    run_jobs()
    assert not Notice.objects.filter(kind="registration_changed").exists()
    changed = [voter(40, status="inactive") if row["voter_id"] == ME["voter_id"] else row for row in voters(600)]
    load_rows(changed, "changed.csv")
    run_jobs()
    run_jobs()
    assert Notice.objects.filter(member=member, kind="registration_changed").count() == 1
    current = services.current(member)
    assert current is not None
    assert current.status == "inactive"
    snapshots.roll_back("HD")
    run_jobs()
    assert Notice.objects.filter(member=member, kind="registration_changed").count() == 2


@pytest.mark.usefixtures("roll")
def test_a_move_hides_the_new_districts(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    moved = voter(40, address="7 Elsewhere Road", precinct="39")
    load_rows([moved if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "moved.csv")
    run_jobs()
    current = services.current(member)
    assert current is not None
    assert (current.place_agreed, current.districts) == (False, {})


@pytest.mark.usefixtures("roll")
def test_a_confidential_change_is_never_told(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    hidden = [row | {"status": "confidential"} if row["voter_id"] == ME["voter_id"] else row for row in voters(600)]
    load_rows(hidden, "hidden.csv")
    run_jobs()
    assert suppression.is_suppressed("HD", ME["voter_id"])
    assert not Notice.objects.filter(kind="registration_changed").exists()
    assert services.current(member) is None


@pytest.mark.usefixtures("roll")
def test_who_was_not_found_is_looked_up_by_a_new_roll(
    member: User, client_of: ClientOf, load_rows: Any, run_jobs: RunJobs
) -> None:
    post(client_of(member), ABSENT)
    run_jobs()
    assert Attempt.objects.get().state == "not_found"
    load_rows([*voters(600), ABSENT], "new.csv")
    run_jobs()
    assert Attempt.objects.get().state == "matched"
    assert Claim.objects.get().member == member
    assert Notice.objects.get(kind="registration_found").member == member
    assert services.quotas.allowance(member).left == 2


@pytest.mark.usefixtures("roll")
def test_signing_in_compares_where_the_watch_has_not(
    member: User, load_rows: Any, run_jobs: RunJobs, client: Client
) -> None:
    claim_me(member)
    load_rows([*voters(600)], "b.csv")
    live = rolls.live_snapshots()["HD"].pk
    client.force_login(member)
    from apps.jobs.models import Job

    assert Job.objects.get(task="match.claim").args["snapshot_id"] == live
    run_jobs()
    assert Claim.objects.get().snapshot_id == live
    assert not Notice.objects.filter(kind="registration_changed").exists()


@pytest.mark.usefixtures("roll")
def test_everything_held_leaves_and_goes(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    post(client_of(member), ME)
    run_jobs()
    held = privacy.export_all(member)
    (row,) = held["verification.Attempt"]["rows"]
    assert row["typed"]["last_name"] == ME["last_name"]
    assert held["verification.Claim"]["rows"][0]["agreed"]
    privacy.erase_all(member)
    assert not Attempt.objects.exists()
    assert not Claim.objects.exists()
    assert privacy.unregistered() == []
    assert PROTECTED["last_name"] not in str(held)


@pytest.mark.usefixtures("roll")
def test_staff_see_how_many_were_told_and_of_what(
    member: User, other_member: User, load_rows: Any, run_jobs: RunJobs
) -> None:
    claim_me(member)
    changed = voter(40, status="inactive", precinct="39", cd="05")
    load_rows([changed if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "b.csv")
    run_jobs()
    run_jobs()
    assert registration_changes.counts_of(rolls.live_snapshots()["HD"].pk) == {
        "told": 1,
        "status": 1,
        "district": 1,
        "precinct": 1,
    }
    load_rows([row for row in voters(600) if row["voter_id"] != ME["voter_id"]], "c.csv")
    run_jobs()
    assert registration_changes.counts_of(rolls.live_snapshots()["HD"].pk) == {"told": 1, "gone": 1}
    assert Notice.objects.filter(member=member, kind="registration_changed").count() == 2


@pytest.mark.usefixtures("roll")
def test_a_move_is_not_told_to_who_only_typed_a_name_and_a_date(
    member: User, load_rows: Any, run_jobs: RunJobs
) -> None:
    claim_me(member)
    Claim.objects.update(place_agreed=False)
    moved = voter(40, address="7 Elsewhere Road")
    load_rows([moved if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "moved.csv")
    run_jobs()
    assert not Notice.objects.filter(kind="registration_changed").exists()
    Claim.objects.update(state="confirmed")
    load_rows([*voters(600)], "back.csv")
    run_jobs()
    assert Notice.objects.filter(kind="registration_changed").count() == 1
