"""The command `add_canaries`."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.api.models import Canary
from apps.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_names_are_stored_as_hashes_once(tmp_path: Path) -> None:
    file = tmp_path / "canaries.csv"
    file.write_text("first_name,last_name\nQuill,Marrow\nquill,MARROW\n")
    call_command("add_canaries", str(file))
    assert Canary.objects.count() == 1
    assert AuditEntry.objects.filter(action="canaries.added").exists()


def test_an_incomplete_row_is_named_and_nothing_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "canaries.csv"
    file.write_text("first_name,last_name\nQuill,Marrow\nAda,\n")
    with pytest.raises(CommandError, match="Line 3"):
        call_command("add_canaries", str(file))
    assert not Canary.objects.exists()
