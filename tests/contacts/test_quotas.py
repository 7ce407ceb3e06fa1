"""Look-up quotas."""

from collections.abc import Callable
from io import BytesIO

import pytest

from apps.accounts.models import User
from apps.contacts import quotas
from apps.contacts.imports import previews
from apps.contacts.models import Contact
from apps.contacts.parsing import PostalPlace, RawContact
from apps.jobs.models import Job
from tests.contacts.helpers import FIRST, import_people, lookups_today

pytestmark = pytest.mark.django_db


def test_invented_addresses_of_one_name_exhaust_its_quota(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    walk = "".join(f"Wim,Thorsby,,{number} Elm St,Port Ansel,HD,00411,\n" for number in range(90, 110))
    contacts = import_people(member, walk, run_jobs)
    assert sum(contact.status != "waiting" for contact in contacts) == quotas.LOOKUPS_PER_NAME_AND_WEEK


def test_the_daily_quota_is_spent_before_matching(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(quotas, "LOOKUPS_PER_DAY", 3)
    contacts = import_people(member, "".join(f"{first},Ferrow,,,Tarn,HD,,\n" for first in FIRST), run_jobs)
    assert sum(contact.status == "waiting" for contact in contacts) == 7
    assert lookups_today(member) == quotas.LOOKUPS_PER_DAY


def test_a_failing_quota_matches_nothing(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(quotas, "_usage", lambda *_: 1 / 0)
    data = b"First Name,Last Name\nWim,Thorsby\n"
    one = previews.confirm(draft=previews.start_file(owner=member, stream=BytesIO(data)))
    for _attempt in range(6):
        Job.objects.filter(task="import.chunk").update(not_before=None)
        run_jobs()
    one.refresh_from_db()
    assert (one.state, Contact.objects.count()) == ("waiting", 0) or one.state in {"running", "stopped"}
    assert not Contact.objects.exclude(status="waiting").exists()


def test_a_second_place_of_a_name_waits_a_week(member: User) -> None:
    ann, bob = (RawContact(first=name, last="Lee", places=(PostalPlace(zip="00417"),)) for name in ("Ann", "Bob"))
    elsewhere = RawContact(first="Ann", last="Lee", places=(PostalPlace(zip="00418"),))
    assert quotas.spend_place_guesses(owner_id=member.pk, contacts=[ann, elsewhere, bob, ann]) == [
        True,
        False,
        True,
        True,
    ]
    assert quotas.spend_place_guesses(owner_id=member.pk, contacts=[elsewhere, ann]) == [False, True]


def test_invented_names_exhaust_the_daily_quota(member: User) -> None:
    walk = [RawContact(first=f"A{number}", last="Lee") for number in range(quotas.LOOKUPS_PER_DAY + 50)]
    assert sum(quotas.spend(owner_id=member.pk, contacts=walk)) == quotas.LOOKUPS_PER_DAY
    assert not any(quotas.spend(owner_id=member.pk, contacts=walk[:5]))
