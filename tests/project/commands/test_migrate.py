"""`migrate`: runs on the owner's connection if there is one."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands import migrate


@pytest.mark.django_db
@pytest.mark.parametrize(("databases", "expected"), [({"default"}, "default"), ({"default", "owner"}, "owner")])
def test_it_migrates_as_the_owner_of_the_tables(
    databases: set[str], expected: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []
    monkeypatch.setattr(migrate.Command, "handle", lambda _self, *_args, **options: used.append(options["database"]))
    monkeypatch.setitem(settings.DATABASES, "default", settings.DATABASES["default"])
    for name in databases:
        monkeypatch.setitem(settings.DATABASES, name, settings.DATABASES["default"])
    call_command("migrate", "--skip-checks")
    assert used == [expected]
