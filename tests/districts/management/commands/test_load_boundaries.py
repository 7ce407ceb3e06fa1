"""`load_boundaries`: reports, dates and exit statuses."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.districts.models import Vintage
from tests.districts.files import parquet
from tests.districts.management.commands.reports import run
from tests.districts.samples import halves

pytestmark = pytest.mark.django_db


def test_a_load_is_reported_with_its_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = parquet(tmp_path / "cd.parquet", halves(-99), code=["1", None])
    report = run(
        capsys,
        *("load_boundaries", str(file), "--layer", "cd", "--vintage", "2024", "--id-column", "code"),
        *("--valid-from", "2023-01-03", "--valid-to", "2033-01-02"),
    )
    assert (report["read"], report["loaded"], report["skipped"]) == (2, 1, {"no id": 1})
    made = Vintage.objects.get()
    assert (str(made), str(made.valid_from), str(made.valid_to)) == ("cd 2024", "2023-01-03", "2033-01-02")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("{file}", "--layer", "CD", "--vintage", "1"), 2, "--layer"),
        (("{file}", "--layer", "cd", "--vintage", "1", "--valid-from", "soon"), 2, "--valid-from soon"),
        (("{file}.gone", "--layer", "cd", "--vintage", "1"), 2, "cannot be read"),
        (("{file}", "--layer", "cd", "--vintage", "1", "--id-column", "code"), 2, "no column 'code'"),
        (("{empty}", "--layer", "cd", "--vintage", "1"), 1, "no id: 2"),
    ],
)
def test_the_exit_status_follows_the_error(words: tuple[str, ...], status: int, message: str, tmp_path: Path) -> None:
    file = parquet(tmp_path / "cd.parquet", halves(-99), ocdid=["a", "b"])
    empty = parquet(tmp_path / "empty.parquet", halves(-99), ocdid=[None, None])
    with pytest.raises(CommandError, match=message) as stopped:
        call_command("load_boundaries", *(word.format(file=file, empty=empty) for word in words))
    assert stopped.value.returncode == status
    assert not Vintage.objects.exists()
