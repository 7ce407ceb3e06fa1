"""Encodings are detected, also where one changes within a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls

Load = Callable[..., Any]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_encodings_are_detected(load_file: Load, tmp_path: Path, encoding: str) -> None:
    text = "voter_id,first_name,last_name,state\r\n1,Zoë,Muñoz,HD\r\n2,Ada,Arbor,HD\r\n" + (
        "3,Bela,O’Hara,HD\r\n" if encoding != "latin-1" else "3,Bela,Hara,HD\r\n"
    )
    path = tmp_path / "roll.csv"
    path.write_bytes(text.encode(encoding))
    assert load_file(path).loaded == 3
    row = rolls.get_voter("HD", "1")
    assert row is not None
    assert (row.record.first_name, row.record.last_name) == ("Zoë", "Muñoz")


def test_a_change_of_encoding_within_a_file_is_handled(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    head = "voter_id,last_name,state\n1,Muñoz,HD\n".encode()
    path.write_bytes(head + "2,Peña,HD\n".encode("latin-1") + "3,Cañas,HD\n".encode())
    load_file(path)
    rows = [rolls.get_voter("HD", number) for number in "123"]
    assert [row.record.last_name for row in rows if row] == ["Muñoz", "Peña", "Cañas"]
