"""Reads and changes the files of generated state rolls."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command


def rows_of(text: str, delimiter: str = "\t") -> list[dict[str, str]]:
    """Read a table with a header."""
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def carolina(state_rolls: Path, tmp_path: Path, name: str, change: Callable[[dict[str, str]], dict[str, str]]) -> Path:
    """Write the current form with every row changed."""
    rows = [change(row) for row in rows_of((state_rolls / "ncvoter_HD.txt").read_text(encoding="latin-1"))]
    path = tmp_path / name
    with path.open("w", encoding="latin-1", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def members(path: Path) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def is_utf8(data: bytes) -> bool:
    """Return whether bytes are UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def check_layout(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Run check_layout and return its output."""
    capsys.readouterr()
    call_command("check_layout", str(path), *options)
    return capsys.readouterr().out
