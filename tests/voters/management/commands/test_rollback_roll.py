"""`rollback_roll` makes the previous roll live and reports it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_the_report_names_the_live_file(load_file: Load, write: Write, capsys: Any) -> None:
    load_file(write(voters(20), "a.csv"))
    load_file(write(voters(21), "b.csv"))
    call_command("rollback_roll", "--state", "hd", "--json")
    assert '"file": "a.csv"' in capsys.readouterr().out
