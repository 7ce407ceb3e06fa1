"""Plain, gzip and zip files read the same."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_packed_files_read_the_same(load_file: Load, write: Write, tmp_path: Path) -> None:
    plain, more = write(voters(30)), write(voters(20, 100), "more.csv")
    packed = tmp_path / "roll.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert load_file(packed).loaded == 30
    both = tmp_path / "rolls.zip"
    with zipfile.ZipFile(both, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rolls/", "")
        archive.writestr("rolls/readme.pdf", b"%PDF")
        archive.writestr("__MACOSX/._roll.csv", b"\0\1\2")
        archive.write(plain, "rolls/a.csv")
        archive.write(more, "rolls/b.csv")
    assert load_file(both, accept="a test").loaded == 50
