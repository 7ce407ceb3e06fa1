"""Every migration after the first of an app leaves tables on which the previous release still works."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements, get_sql_analyser_class

# By name: the virtual environment may be in the checkout, too.
OWN_APPS = [config.label for config in apps.get_app_configs() if config.name.startswith("apps.")]
# The name of a migration that removes what the previous release no longer uses.
CONTRACT = "_contract_"


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Allow reads without a transaction, in which SQLite cannot show the SQL of a migration."""
    with django_db_blocker.unblock():
        yield


@pytest.mark.usefixtures("database")
def test_new_migrations_only_expand_the_tables() -> None:
    """The first migration of an app is the release that everyone has; docs/upgrading.md describes the exceptions."""
    linter = MigrationLinter(
        str(settings.ROOT),
        include_apps=OWN_APPS,
        ignore_name_contains=CONTRACT,
        ignore_initial_migrations=True,
        no_cache=True,
        no_output=True,
    )
    linter.lint_all_migrations()
    assert not linter.has_errors, "see 'Migrations of a release' in docs/upgrading.md"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("operation", "compatible"),
    [
        (migrations.AddField("flag", "added", models.TextField(null=True)), True),
        (migrations.AddField("flag", "added", models.IntegerField(default=0)), False),
        (migrations.RemoveField("flag", "note"), False),
        (migrations.RenameField("flag", "note", "remark"), False),
        (migrations.DeleteModel("flag"), False),
    ],
    ids=["nullable column", "required column", "column removed", "column renamed", "table gone"],
)
def test_what_breaks_the_previous_release_is_found(operation: Operation, compatible: bool) -> None:
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.AutoField(primary_key=True)),
        ("note", models.TextField(null=True)),
    ]
    before = ProjectState()
    migrations.CreateModel("flag", fields).state_forwards("sample", before)
    after = before.clone()
    operation.state_forwards("sample", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("sample", editor, before, after)
        statements = [str(line) for line in editor.collected_sql]
    errors, _, _ = analyse_sql_statements(get_sql_analyser_class(connection.vendor), statements)
    assert bool(errors) != compatible, statements
