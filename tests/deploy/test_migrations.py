"""Every migration after the first of an app leaves tables on which the previous release still works."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

CONTRACT = "_contract_"
NAME = re.compile(r"(\d{4})_\w+")


def newer_than_the_release() -> list[str]:
    """Return the migrations after each app's first one: the first is the release that everyone has."""
    found: list[str] = []
    for config in apps.get_app_configs():
        folder = Path(config.path) / "migrations"
        if Path(config.path).is_relative_to(settings.ROOT / "apps"):
            found += [path.stem for path in folder.glob("[0-9]*.py") if not path.stem.startswith("0001_")]
    return found


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Allow reads without a transaction, in which SQLite cannot show the SQL of a migration."""
    with django_db_blocker.unblock():
        yield


@pytest.mark.usefixtures("database")
def test_new_migrations_only_expand_the_tables(tmp_path: Path) -> None:
    """A migration that contracts tables says so in its name, and docs/upgrading.md says when it may come."""
    linter = MigrationLinter(
        str(settings.ROOT), ignore_name_contains=CONTRACT, ignore_initial_migrations=True, no_cache=True, no_output=True
    )
    linter.lint_all_migrations()
    assert not linter.has_errors, "docs/upgrading.md, 'Migrations of a release', says what to do"
    assert all(NAME.fullmatch(name) for name in newer_than_the_release())


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("operation", "compatible"),
    [
        (migrations.AddField("flag", "added", models.TextField(null=True)), True),
        (migrations.AddField("flag", "added", models.IntegerField(db_default=0)), True),
        (migrations.RemoveField("flag", "note"), False),
        (migrations.RenameField("flag", "note", "remark"), False),
        (migrations.DeleteModel("flag"), False),
    ],
    ids=["nullable column", "column with a default of the database", "column removed", "column renamed", "table gone"],
)
def test_what_breaks_the_previous_release_is_found(operation: migrations.operations.base.Operation, compatible: bool) -> None:
    fields = [("id", models.AutoField(primary_key=True)), ("note", models.TextField(null=True))]
    before = ProjectState()
    migrations.CreateModel("flag", fields).state_forwards("sample", before)
    after = before.clone()
    operation.state_forwards("sample", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("sample", editor, before, after)
        statements = [str(line) for line in editor.collected_sql]
    errors, _, _ = analyse_sql_statements(get_sql_analyser_class(connection.vendor), statements)
    assert bool(errors) != compatible, statements
