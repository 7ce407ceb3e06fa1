"""Command set_role: how a single owner changes roles."""

import io

import pytest
from django.core.management import CommandError, call_command

from apps.accounts import role_changes
from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import Refused


def test_a_single_owner_changes_roles_by_command(owner: User, member: User) -> None:
    with pytest.raises(Refused, match="set_role"):
        role_changes.request_change(actor=owner, member=member, role="steward", reason="Joined the team")
    call_command("set_role", member.email.upper(), "steward", "--reason", "Joined the team", stdout=io.StringIO())
    member.refresh_from_db()
    assert member.role == "steward"
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert (entry.actor_id, entry.reason) == (None, "Joined the team")


def test_an_unknown_account_is_an_error(owner: User) -> None:
    with pytest.raises(CommandError, match="No account"):
        call_command("set_role", "nobody@example.org", "steward", "--reason", "x", stdout=io.StringIO())


def test_the_last_owner_stays(owner: User) -> None:
    with pytest.raises(CommandError, match="last owner"):
        call_command("set_role", owner.email, "member", "--reason", "x", stdout=io.StringIO())
