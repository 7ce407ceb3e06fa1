"""Export and erasure of lookups and claims."""

import pytest

from apps.accounts.models import User
from apps.privacy import registry as privacy
from apps.verification.models import Attempt, Claim
from tests.verification.helpers import ME, PROTECTED, ClientOf, RunJobs, post


@pytest.mark.usefixtures("roll")
def test_personal_data_is_exported_and_erased(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    post(client_of(member), ME)
    run_jobs()
    held = privacy.export_all(member)
    (row,) = held["verification.Attempt"]["rows"]
    assert row["typed"]["last_name"] == ME["last_name"]
    assert held["verification.Claim"]["rows"][0]["roll"] == "HD"
    privacy.erase_all(member)
    assert not Attempt.objects.exists()
    assert not Claim.objects.exists()
    assert privacy.unregistered() == []
    assert PROTECTED["last_name"] not in str(held)
