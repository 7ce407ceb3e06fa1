"""`api_key` creates, lists and revokes keys."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.api import services
from apps.api.models import ApiKey
from apps.audit.models import AuditEntry


@pytest.mark.django_db
def test_keys_are_created_listed_and_revoked() -> None:
    def run(*arguments: str) -> str:
        out = StringIO()
        call_command("api_key", *arguments, stdout=out)
        return out.getvalue()

    key = run("create", "Map of Halden", "--scope", "districts", "--scope", "officials", "--budget", "500").split("\n")[
        -2
    ]
    row = services.get_live_key(key)
    assert row is not None
    assert (row.name, row.scopes, row.daily_budget) == ("Map of Halden", ["districts", "officials"], 500)
    listed = run("list")
    assert row.prefix in listed
    assert key not in listed
    assert json.loads(run("list", "--json"))["keys"][0]["spent"] == 0
    run("revoke", row.prefix)
    assert services.get_live_key(key) is None
    assert "revoked" in run("list")
    with pytest.raises(CommandError, match=row.prefix) as caught:
        run("revoke", row.prefix)
    assert caught.value.returncode == 1
    assert list(AuditEntry.objects.order_by("number").values_list("action", flat=True)) == [
        "api_key.create",
        "api_key.revoke",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scope=districts", "--budget=5"], "NAME"),
        ([" ", "--scope=districts", "--budget=5"], "NAME"),
        (["x" * 81, "--scope=districts", "--budget=5"], "NAME"),
        (["x", "--budget=5"], "--scope"),
        (["x", "--scope=voters", "--budget=5"], "--scope"),
        (["x", "--scope=districts"], "--budget"),
        (["x", "--scope=districts", "--budget=-1"], "--budget"),
    ],
)
def test_invalid_arguments_are_named(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as caught:
        call_command("api_key", "create", *arguments)
    assert caught.value.returncode == 2
    assert not ApiKey.objects.exists()
