"""Opt-out of contacts."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts.models import (
    Contact,
)
from apps.contacts.services import opt_out
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
