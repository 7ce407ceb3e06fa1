"""Opt-out of contacts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import quotas
from apps.contacts.models import Contact, OptOut
from apps.contacts.services import opt_out, rechecks
from apps.core.errors import Refused
from tests.contacts.helpers import import_file

pytestmark = pytest.mark.django_db
NETWORK = "192.0.2.0/24"


def test_an_opt_out_changes_no_contact_before_the_recheck(
    member: User, other_member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    rows = b"Name,Email,Phone\nWim Thorsby,wim@example.org,\nIda Thorsby,,919-555-0102\n"
    import_file(member, rows, run_jobs)
    before = dict(Contact.objects.owned_by(member).values_list("pk", "status"))
    assert "not_found" not in before.values()
    opt_out.opt_out(email="Wim@example.org")
    opt_out.opt_out(phone="+1 (919) 555-0102")
    run_jobs()
    assert dict(Contact.objects.owned_by(member).values_list("pk", "status")) == before
    one = import_file(other_member, rows, run_jobs)
    one.refresh_from_db()
    assert (one.new, one.same, one.counts) == (2, 0, {"not_found": 2})
    rechecks.recheck_all(member.pk)
    run_jobs()
    assert {one.status for one in Contact.objects.all()} == {"not_found"}


def test_a_request_is_emailed_once_a_day_and_confirmed(
    run_jobs: Callable[[], int], mailoutbox: list[EmailMessage], db: None
) -> None:
    for _attempt in range(2):
        opt_out.request_opt_out(email="Ann@example.org", network=NETWORK)
    run_jobs()
    assert [email.to for email in mailoutbox] == [["ann@example.org"]]
    token = re.findall(r"take-me-off/([\w-]+)/", str(mailoutbox[0].body))[0]
    request = opt_out.pending_request(token)
    assert request
    assert opt_out.pending_request("another") is None
    opt_out.confirm_request(request=request)
    assert OptOut.objects.count() == 1
    assert opt_out.pending_request(token) is None


@pytest.mark.parametrize(
    ("limit", "network"), [("OPT_OUTS_OF_SITE", "198.51.100.0/24"), ("OPT_OUTS_OF_NETWORK", NETWORK)]
)
def test_requests_of_a_network_and_of_a_day_are_limited(
    db: None, monkeypatch: pytest.MonkeyPatch, limit: str, network: str
) -> None:
    monkeypatch.setattr(quotas, limit, 1)
    opt_out.request_opt_out(email="ann@example.org", network=NETWORK)
    with pytest.raises(Refused, match="today"):
        opt_out.request_opt_out(email="bob@example.org", network=network)


def test_old_requests_are_deleted(db: None) -> None:
    opt_out.request_opt_out(email="ann@example.org", network=NETWORK)
    assert opt_out.purge_requests(timezone.now() - timedelta(days=2)) == 0
    assert opt_out.purge_requests(timezone.now() + timedelta(seconds=1)) == 1
