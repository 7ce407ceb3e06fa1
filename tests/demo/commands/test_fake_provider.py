"""`fake_provider`: serves a contact file on loopback until the process ends."""

import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.demo.management.commands import fake_provider


def test_it_serves_the_rows_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "google.csv"
    book.write_text("First Name,Last Name,E-mail 1 - Value\nAda,Arbor,ada@example.org\n")
    served: list[tuple[int, int]] = []

    class Recorder:
        def __init__(self, rows: object) -> None:
            self.count = len(list(rows))  # type: ignore[call-overload]

        def serve(self, port: int) -> None:
            served.append((self.count, port))

    monkeypatch.setattr(fake_provider, "FakeProvider", Recorder)
    monkeypatch.setattr(threading.Event, "wait", lambda _self, _timeout=None: True)
    call_command("fake_provider", str(book), "--port", "4242")
    assert served == [(1, 4242)]


def test_a_missing_file_exits_with_2(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as error:
        call_command("fake_provider", str(tmp_path / "none.csv"), "--port", "4242")
    assert error.value.returncode == 2
