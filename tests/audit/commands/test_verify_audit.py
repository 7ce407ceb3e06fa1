"""`verify_audit`: an intact chain exits with 0, a changed entry with 1, and is named."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.audit import services


@pytest.fixture
def entries(member: User, owner: User) -> None:
    for number in range(3):
        services.log_write(actor=owner, action="test.changed", subject=member, facts={"number": number})


def test_an_intact_chain_is_reported_with_its_length(entries: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit", "--json")
    assert '"entries": 3' in capsys.readouterr().out


def test_a_changed_entry_is_named(entries: None, as_superuser: Callable[[str], None]) -> None:
    as_superuser("UPDATE audit_auditentry SET action = 'test.other' WHERE number = 2")
    with pytest.raises(CommandError, match="2") as error:
        call_command("verify_audit")
    assert error.value.returncode == 1
