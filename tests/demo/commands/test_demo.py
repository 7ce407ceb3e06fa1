"""`demo`: runs with DEMO=1 and on loopback only; says what to try first."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.demo.management.commands.demo import first_person


def test_without_demo_mode_it_is_refused() -> None:
    with pytest.raises(CommandError, match="DEMO=1") as error:
        call_command("demo")
    assert error.value.returncode == 1


def test_an_address_that_other_machines_reach_is_refused(settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match=r"127\.0\.0\.1"):
        call_command("demo", "--host", "0.0.0.0")  # noqa: S104 - refused


def test_the_greeting_gives_the_details_of_a_voter(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "first_name,last_name,dob,address,city,zip\nAda,Arbor,1984-03-11,418 Coopers Row,Tarn,00417\n"
    )
    assert first_person(tmp_path) == "Ada Arbor, born March 11, 1984, 418 Coopers Row, Tarn 00417"
