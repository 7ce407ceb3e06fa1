"""Limits of contacts: look-ups of an account, and wrong details of a name."""

from collections.abc import Callable
from io import BytesIO

import pytest

from apps.accounts.models import User
from apps.contacts import quotas
from apps.contacts.imports import previews
from apps.contacts.models import Contact
from apps.contacts.quotas import Guesser
from apps.core import quotas as core_quotas
from apps.core.models import QuotaUse
from apps.jobs.models import Job
from tests.contacts.helpers import FIRST, import_people, lookups_today

pytestmark = pytest.mark.django_db


def test_later_imports_share_the_lookups_of_30_days(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(quotas, "LOOKUPS", 3)
    first = import_people(member, "".join(f"{name},Ferrow,,,Tarn,HD,,\n" for name in FIRST[:3]), run_jobs)
    assert not [one for one in first if one.status == "waiting"]
    later = import_people(member, "".join(f"{name},Ansel,,,Tarn,HD,,\n" for name in FIRST[:5]), run_jobs)[3:]
    assert sum(contact.status == "waiting" for contact in later) == 2
    assert lookups_today(member) == 6


def test_a_first_import_has_the_full_size(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(quotas, "LOOKUPS", 3)
    contacts = import_people(member, "".join(f"{name},Ferrow,,,Tarn,HD,,\n" for name in FIRST), run_jobs)
    assert sum(contact.status == "waiting" for contact in contacts) == 7
    assert core_quotas.left(quotas.lookups(member.pk)) == 3


def test_a_failing_quota_matches_nothing(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    monkeypatch.setattr(core_quotas, "_locked_uses", lambda _limits: 1 / 0)
    data = b"First Name,Last Name\nWim,Thorsby\n"
    one = previews.confirm(draft=previews.start_file(owner=member, stream=BytesIO(data)))
    for _attempt in range(6):
        Job.objects.filter(task="import.chunk").update(not_before=None)
        run_jobs()
    one.refresh_from_db()
    assert (one.state, Contact.objects.count()) == ("waiting", 0) or one.state in {"running", "stopped"}
    assert not Contact.objects.exclude(status="waiting").exists()


def test_a_wrong_detail_counts_once_and_a_right_one_never(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    import_people(member, "Abena,Thorsby,,100 Elm St,Tarn,HD,00410,\n", run_jobs)
    assert not QuotaUse.objects.filter(scope="contacts.address_of_all").exists()
    for _attempt in range(2):
        contacts = import_people(member, "Abena,Thorsby,,1 Far Rd,Tarn,HD,00499,\n", run_jobs)
        contacts[-1].delete()
    assert [use.used for use in QuotaUse.objects.filter(scope="contacts.address_of_all")] == [1]


def test_wrong_details_grow_with_the_voters_of_a_name(member: User) -> None:
    own, of_all = quotas.wrong_addresses(Guesser(member.pk), ("ANN", "LEE"), 3)
    assert (own.maximum, of_all.maximum, quotas.wrong_years(Guesser(member.pk), ("ANN", "LEE"), 3).maximum) == (
        15,
        60,
        3,
    )
