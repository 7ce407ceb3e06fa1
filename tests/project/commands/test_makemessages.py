"""`makemessages`: the catalog has no creation date, so that two branches merge."""

from pathlib import Path

import pytest
from django.core.management.commands import makemessages

from project.management.commands.makemessages import Command


def test_the_creation_date_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)

    def write(_self: object, _potfile: str, _locale: str) -> None:
        catalog.write_text('msgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-11-28 10:00+0000\\n"\n"Language: es\\n"\n')

    monkeypatch.setattr(makemessages.Command, "write_po_file", write)
    command = Command()
    command.domain = "django"
    command.write_po_file(str(tmp_path / "django.pot"), "es")
    assert catalog.read_text() == 'msgid ""\nmsgstr ""\n"Language: es\\n"\n'


def test_messages_are_sorted_and_never_guessed() -> None:
    assert {"--sort-output", "--no-fuzzy-matching"} <= set(Command.msgmerge_options)
