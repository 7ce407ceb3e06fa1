"""Preparing the demo over the data of an older version."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import Refused
from apps.demo import setup


@pytest.fixture
def older_demo(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    (tmp_path / "demo.json").write_text(json.dumps({"done": ["Loading its roll"]}))
    (tmp_path / "db.sqlite3").write_bytes(b"older tables")
    (tmp_path / "rolls").mkdir()
    (tmp_path / "keys").mkdir()
    return tmp_path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace migrations, steps and accounts by a record of what ran."""
    ran: list[str] = []
    monkeypatch.setattr(setup, "call_command", lambda name, **_options: ran.append(name))
    monkeypatch.setattr(setup.Demo, "_steps", lambda _self: [("A step", lambda: ran.append("A step"))])
    monkeypatch.setattr(setup, "ACCOUNTS", ())
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own database is in memory
    return ran


@pytest.mark.django_db
def test_an_older_demo_is_deleted_and_created_again(older_demo: Path, steps: list[str]) -> None:
    lines: list[str] = []
    setup.Demo(lines.append).prepare()
    assert "older version" in lines[0]
    assert sorted(path.name for path in older_demo.iterdir()) == ["demo.json", "keys"]
    assert steps == ["migrate", "A step"]
    assert json.loads((older_demo / "demo.json").read_text()) == {"format": setup.FORMAT, "done": ["A step"]}


@pytest.mark.django_db
def test_a_demo_of_this_version_continues(older_demo: Path, steps: list[str]) -> None:
    (older_demo / "demo.json").write_text(json.dumps({"format": setup.FORMAT, "done": ["A step"]}))
    setup.Demo(lambda _line: None).prepare()
    assert (older_demo / "db.sqlite3").exists()
    assert steps == ["migrate"]


@pytest.mark.django_db
def test_an_installation_that_is_not_the_demo_is_refused(
    settings: Any, tmp_path: Path, steps: list[str], make_member: Callable[..., Any]
) -> None:
    settings.DATA_DIR = tmp_path
    make_member("ann@example.org")
    with pytest.raises(Refused, match="not the demo"):
        setup.Demo(lambda _line: None).prepare()
