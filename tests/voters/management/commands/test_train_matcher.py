"""`train_matcher`: a versioned file that the engine reads, trained on a list or on perturbed voters."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditEntry
from apps.matching import read_model, shipped_model
from apps.voters.snapshot_files import live_snapshots
from tests.voters.synthetic_rows import voters

pytestmark = pytest.mark.slow

Load = Callable[..., Any]
Write = Callable[..., Path]


@pytest.fixture
def roll(load_file: Load, write: Write) -> list[dict[str, str]]:
    rows = voters(2_400)
    load_file(write(rows))
    return rows


def learn(path: Path, *more: str) -> Path:
    call_command("train_matcher", "--output", str(path), *more)
    return path


def test_the_model_records_its_provenance(roll: list[dict[str, str]], tmp_path: Path) -> None:
    model = read_model(learn(tmp_path / "model.json"))
    assert model.version.startswith("learned-")
    assert model.provenance["from"] == shipped_model().version
    (snapshot,) = live_snapshots().values()
    assert model.provenance["snapshot"] == snapshot.hash
    assert model.m["dob"][0] > 0.8
    assert model.thresholds == shipped_model().thresholds
    # This roll has no email addresses, so their previous weights stay.
    assert model.m["email"].tolist() == shipped_model().m["email"].tolist()
    assert AuditEntry.objects.filter(action="voters.train_matcher").exists()


def test_the_same_seed_gives_the_same_bytes(roll: list[dict[str, str]], tmp_path: Path) -> None:
    assert learn(tmp_path / "a.json").read_bytes() == learn(tmp_path / "b.json").read_bytes()
    assert learn(tmp_path / "c.json", "--seed", "2").read_bytes() != (tmp_path / "a.json").read_bytes()


def test_weights_follow_the_errors_of_a_list(roll: list[dict[str, str]], tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", "first_name", "last_name", "dob", "address", "zip"])
        for n, row in enumerate(roll[:1_500]):
            dob = f"{row['dob'][:4]}-{row['dob'][8:]}-{row['dob'][5:7]}" if n % 3 == 0 else row["dob"]
            writer.writerow([n, row["first_name"], row["last_name"], dob, row["address"], row["zip"]])
    model = read_model(learn(tmp_path / "model.json", "--input", str(source)))
    assert model.m["dob"][1] > 3 * shipped_model().m["dob"][1]


def test_too_few_people_are_refused_and_nothing_is_written(roll: list[dict[str, str]], tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("query_id,last_name\n1,Lee\n")
    with pytest.raises(CommandError, match="1 people are too few"):
        learn(tmp_path / "model.json", "--input", str(source))
    assert not (tmp_path / "model.json").exists()
