"""Rechecks after new rolls and new quotas."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from tests.contacts.helpers import WIM, import_people

pytestmark = pytest.mark.django_db


def test_contacts_are_matched_when_the_first_roll_goes_live(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    (wim,) = import_people(member, WIM, run_jobs)
    assert (wim.status, wim.agreeing_fields) == ("no_roll", [])
    load_roll()
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"
