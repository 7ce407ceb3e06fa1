"""Pages of letters to print."""

import pytest

from apps.accounts.models import User
from apps.verification import letters
from tests.verification.helpers import ME, ClientOf, RunJobs, query_of


@pytest.mark.usefixtures("roll")
def test_only_stewards_see_and_print_letters(
    member: User, organizer: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    letter = letters.request_letter(member=member, query=query_of(ME), network="n")
    run_jobs()
    for user in (member, organizer):
        client = client_of(user)
        assert client.get("/registration/letters/").status_code == 404
        assert client.post(f"/registration/letters/{letter.pk}/", {"reason": "x"}).status_code == 404
    letter.refresh_from_db()
    assert letter.state == "requested"


@pytest.mark.usefixtures("roll", "committed_audit")
def test_printing_requires_a_reason_and_shows_address_and_code(
    member: User, steward: User, fresh_client_of: ClientOf, run_jobs: RunJobs
) -> None:
    letter = letters.request_letter(member=member, query=query_of(ME), network="n")
    run_jobs()
    staff = fresh_client_of(steward)
    page = staff.get("/registration/letters/").content.decode()
    assert str(letter.pk) in page
    assert ME["address"] not in page
    address = f"/registration/letters/{letter.pk}/"
    assert staff.post(address, {"reason": ""}).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "requested"
    assert ME["address"] in staff.post(address, {"reason": "letters of Monday"}).content.decode()
    letter.refresh_from_db()
    assert letter.state == "printed"
