"""Accuracy cards of a roll: certified bound, groups, calibration, and missing certificates."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.matching.certificate import Certificate, Stratum, write
from apps.voters.loading.store import INDEX_FOLDER
from apps.voters.models import Snapshot

Look = Callable[[], str]


@pytest.fixture
def snapshot(db: None, settings: Any, tmp_path: Path) -> Snapshot:
    settings.DATA_DIR = tmp_path
    facts = {"state": "HD", "layout": "generic", "file_name": "roll.csv", "file_hash": "ab" * 32, "folder": "HD/1"}
    made = Snapshot.objects.create(**facts, counts={"loaded": 90_000}, status="retired", as_of=date(2026, 9, 1))
    (made.path / INDEX_FOLDER).mkdir(parents=True)
    return made


@pytest.fixture
def look(snapshot: Snapshot, steward: User, client_of: Callable[[User], Client]) -> Look:
    def page() -> str:
        return client_of(steward).get(reverse("staff:roll", args=[snapshot.pk])).content.decode()

    return page


def certificate(**changed: Any) -> Certificate:
    facts: dict[str, Any] = {
        "kind": "form", "model": "2", "snapshot": "x", "seed": 1, "people": 30_000, "target": 0.001,
        "certified": True, "false": 13, "upper": 0.00069, "recall": 0.9886,
        "strata": {"dob": Stratum(0.95, 13, 29_000)},
        "recall_by": {
            "surname": {"common": {"people": 8_846, "recall": 0.9872}, "rare": {"people": 12, "recall": 0.5}},
            "moved": {"yes": {"people": 3_600, "recall": 0.9297}},
        },
        "calibration": [{"from": 0.99, "people": 1_360, "stated": 0.9969, "true": 0.9951}],
    }  # fmt: skip
    return Certificate(**(facts | changed))


def test_the_card_shows_bound_groups_and_calibration(snapshot: Snapshot, look: Look) -> None:
    write(snapshot.path / INDEX_FOLDER, [certificate()])
    page = look()
    for text in (
        "30,000 sampled voters",
        "fewer than 0.069%",
        "98.7%",
        "93.0%",
        "Probability from 99.0%",
        "99.5%",
    ):
        assert text in page, text
    # Half of twelve people is not significant.
    assert "50.0%" not in page


def test_a_small_roll_is_not_certified(snapshot: Snapshot, look: Look) -> None:
    write(snapshot.path / INDEX_FOLDER, [certificate(certified=False, people=0, recall_by={}, calibration=[])])
    assert "Not certified: this roll is too small" in look()


def test_a_missing_certificate_is_explained(look: Look) -> None:
    assert "certify_matcher" in look()
