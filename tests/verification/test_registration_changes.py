"""Fingerprints of records and what differs between two of them."""

from dataclasses import replace

import pytest

from apps.verification import registration_changes
from apps.voters import rolls
from tests.verification.helpers import ME


@pytest.mark.usefixtures("roll")
def test_each_kind_of_change_is_detected() -> None:
    row = rolls.get_own_voter("HD", ME["voter_id"])
    assert row is not None
    before = registration_changes.row_fingerprint(row)
    for kind, changed in {
        "status": replace(row, record=row.record._replace(status="inactive")),
        "address": replace(row, record=row.record._replace(address="7 Elsewhere Road")),
        "district": replace(row, districts=dict(row.districts) | {"cd": "x"}),
        "precinct": replace(row, districts=dict(row.districts) | {"precinct": "x"}),
    }.items():
        assert registration_changes.changed_kinds(before, registration_changes.row_fingerprint(changed)) == {kind}
    assert registration_changes.changed_kinds(before, b"") == {"gone"}
    assert registration_changes.changed_kinds(b"", before) == {"listed"}
    assert registration_changes.changed_kinds(before, before) == set()
