"""Cases of disputes and unclear matches."""

import re
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.verification.models import Attempt, Claim
from tests.verification.helpers import TWINS, ClientOf, RunJobs, claim_me, look_up
from tests.voters.synthetic_rows import voters


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize(("answer", "states"), [("first", "cr"), ("second", "rc"), ("neither", "rr")])
def test_staff_decide_a_dispute(member: User, other_member: User, steward: User, answer: str, states: str) -> None:
    claim_me(member)
    claim_me(other_member)
    case = cases.take(Case.objects.get(), steward)
    cases.close(case, steward, answer)
    found = [Claim.objects.get(member=user).state[0] for user in (member, other_member)]
    assert "".join(found) == states


def test_an_unclear_match_is_a_case_without_a_choice_of_record(
    member: User, steward: User, client_of: ClientOf, run_jobs: RunJobs, load_rows: Any
) -> None:
    """One person twice on the roll, or two of one name and birth date: nothing a member types tells them apart."""
    load_rows(
        [
            *voters(600),
            *(TWINS[0] | {"voter_id": number, "address": "9 Mill Street"} for number in ("TWIN-901", "TWIN-903")),
        ]
    )
    client = client_of(member)
    look_up(client, run_jobs, TWINS[0], address="9 Mill Street")
    attempt = Attempt.objects.get()
    if attempt.state == "detail":
        url = f"/registration/looks/{attempt.pk}/detail/"
        assert client.post(url, {attempt.requested_detail: TWINS[0]["middle_name"]}).status_code == 302
        run_jobs()
        attempt.refresh_from_db()
    assert attempt.state == "review"
    case = Case.objects.get(kind="unclear_match")
    assert b"A person looks at it" in client.get(f"/registration/looks/{attempt.pk}/").content
    cases.take(case, steward)
    shown = client_of(steward).get(reverse("staff:case", args=["unclear_match", case.pk])).content.decode()
    assert "75% of those who look are registered" in shown
    assert "Another voter fits nearly as well." in shown
    assert re.search(r"Birth date</th>\s*<td[^>]*>the same</td>\s*<td[^>]*>strongly for it</td>", shown)
    assert "TWIN-901" not in shown
    assert attempt.decisions.latest("turn").snapshot_hash[:12] in shown
    cases.close(case, steward, "not_found")
    attempt.refresh_from_db()
    assert attempt.state == "not_found"
    assert not Claim.objects.exists()
