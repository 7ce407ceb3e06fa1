"""`boundaries` lists, rolls back and removes vintages."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.districts.models import Vintage
from tests.districts.files import parquet
from tests.districts.management.commands.reports import run
from tests.districts.samples import halves

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("loaded")
def test_vintages_are_listed_rolled_back_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = parquet(tmp_path / "one.parquet", halves(-99)[:1], ocdid=["x"])
    run(capsys, "load_boundaries", str(one), "--layer", "cd", "--vintage", "2024")
    assert run(capsys, "boundaries", "list")["cd 2024"].startswith("1 divisions, ... to ..., one.parquet, loaded ")
    words = ("--layer", "cd", "--vintage", "2024")
    run(capsys, "boundaries", "rollback", *words)
    assert run(capsys, "boundaries", "list")["cd 2024"].startswith("2 divisions")
    assert run(capsys, "boundaries", "remove", *words)["removed"]
    assert list(run(capsys, "boundaries", "list")) == ["area 2024"]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("boundaries", "rollback", "--layer", "cd", "--vintage", "1999"), 1, "cd 1999 has no earlier load"),
        (("boundaries", "remove", "--layer", "sldu", "--vintage", "2024"), 1, "no vintage 2024 of the layer sldu"),
        (
            ("lookup_districts", "--input", "{here}", "--output", "{here}.out", "--on", "soon"),
            2,
            "--on soon: not a date",
        ),
    ],
)
def test_an_unknown_layer_vintage_or_date_is_refused(words: tuple[str, ...], status: int, message: str) -> None:
    with pytest.raises(CommandError, match=message) as stopped:
        call_command(*(word.format(here=__file__) for word in words))
    assert stopped.value.returncode == status
    assert Vintage.objects.live().count() == 2
