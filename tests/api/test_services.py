"""Keys are stored as hashes only and can be revoked."""

import json
from collections.abc import Callable

import pytest

from apps.api import services
from apps.api.models import ApiKey
from apps.core.errors import Refused


@pytest.mark.django_db
def test_only_a_hash_of_a_key_is_stored(new_key: Callable[..., str]) -> None:
    key = new_key()
    row = ApiKey.objects.values().get()
    assert key[12:] not in json.dumps(row, default=str)
    assert row["prefix"] in key
    assert services.get_live_key(key) == ApiKey.objects.get()
    assert services.get_live_key(key + "\n") is None


@pytest.mark.django_db
def test_an_unknown_prefix_is_refused() -> None:
    with pytest.raises(Refused, match="00000000"):
        services.revoke_key(prefix="00000000")
