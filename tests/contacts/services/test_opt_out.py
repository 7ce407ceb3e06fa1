"""Opt-out of contacts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import (
    Contact,
)
from apps.contacts.services import opt_out
from apps.core.errors import Refused
from tests.contacts.helpers import import_file

pytestmark = pytest.mark.django_db


def test_opt_outs_delete_contacts_and_block_imports(
    member: User, other_member: User, run_jobs: Callable[[], int]
) -> None:
    rows = b"Name,Email,Phone\nAnn Lee,Ann@Example.org,\nBob Ray,,919-555-0101\nCy Poe,cy@example.org,\n"
    import_file(member, rows, run_jobs)
    assert opt_out.opt_out(email="ann@example.org") == 1
    assert opt_out.opt_out(phone="+1 (919) 555-0101") == 1
    assert Contact.objects.count() == 1
    one = import_file(other_member, rows, run_jobs)
    one.refresh_from_db()
    assert (one.new, one.same, one.opted_out) == (1, 0, 2)


def test_a_request_is_emailed_once_a_day_and_confirmed(
    member: User, run_jobs: Callable[[], int], mailoutbox: list[EmailMessage]
) -> None:
    import_file(member, b"Name,Email\nAnn Lee,ann@example.org\n", run_jobs)
    for _attempt in range(2):
        opt_out.request_opt_out(email="Ann@example.org")
    run_jobs()
    assert [email.to for email in mailoutbox] == [["ann@example.org"]]
    token = re.findall(r"take-me-off/([\w-]+)/", str(mailoutbox[0].body))[0]
    request = opt_out.pending_request(token)
    assert request
    assert opt_out.pending_request("another") is None
    opt_out.confirm_request(request=request)
    assert not Contact.objects.exists()
    assert opt_out.pending_request(token) is None


def test_requests_of_one_day_are_limited(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opt_out, "MAX_REQUESTS_PER_DAY", 1)
    opt_out.request_opt_out(email="ann@example.org")
    with pytest.raises(Refused, match="today"):
        opt_out.request_opt_out(email="bob@example.org")


def test_old_requests_are_deleted(db: None) -> None:
    opt_out.request_opt_out(email="ann@example.org")
    assert opt_out.purge_requests(timezone.now() - timedelta(days=2)) == 0
    assert opt_out.purge_requests(timezone.now() + timedelta(seconds=1)) == 1
