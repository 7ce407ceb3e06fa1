"""The audit page: entries by id, state of the chain, counts of the week."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit import services as audit


def test_entries_show_ids_and_counts_per_account(
    auditor: User, steward: User, member: User, client_of: Callable[[User], Client]
) -> None:
    audit.log_read(actor=steward, subject=member, fields=["email"], reason="Ticket <12>")
    audit.log_write(actor=auditor, action="test.done", subject="test:1")
    page = client_of(auditor).get(reverse("staff:audit")).content
    assert f"accounts.user:{member.pk}".encode() in page
    assert b"Ticket &lt;12&gt;" in page
    assert b'<span class="pill you">You</span>' in page
    assert member.email.encode() not in page


def test_entries_can_be_filtered(auditor: User, steward: User, client_of: Callable[[User], Client]) -> None:
    audit.log_read(actor=steward, subject="test:1", fields=["email"], reason="seen-read")
    audit.log_write(actor=auditor, action="test.done", subject="test:2", reason="seen-write")
    client = client_of(auditor)
    reads = client.get(reverse("staff:audit"), {"kind": "read"}).content
    assert b"seen-read" in reads
    assert b"seen-write" not in reads
    mine = client.get(reverse("staff:audit"), {"actor": auditor.pk}).content
    assert b"seen-write" in mine
    assert b"seen-read" not in mine
    assert client.get(reverse("staff:audit"), {"actor": "x", "kind": "y", "page": "z"}).status_code == 200


def test_the_chain_is_verified_on_request(
    auditor: User, as_superuser: Callable[[str], None], client_of: Callable[[User], Client]
) -> None:
    for number in range(3):
        audit.log_write(actor=None, action="test.done", subject=f"test:{number}")
    client = client_of(auditor)
    assert b"The chain is sound: 3 entries." in client.post(reverse("staff:check_chain"), follow=True).content
    as_superuser("UPDATE audit_auditentry SET reason = 'other' WHERE number = 2")
    assert b"The chain breaks at entry 2." in client.post(reverse("staff:check_chain"), follow=True).content
