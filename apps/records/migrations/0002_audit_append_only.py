"""The database itself refuses to change the audit log, or to drop an entry younger than two years."""

from django.db import migrations

TABLE = "records_auditentry"
MESSAGE = "The audit log is append-only."

SQLITE = [
    f"""CREATE TRIGGER records_audit_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    # A day of slack: the retention works with the machine's clock, the trigger with the database's.
    f"""CREATE TRIGGER records_audit_no_delete BEFORE DELETE ON {TABLE}
        WHEN OLD.at > datetime('now', '-729 days')
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
SQLITE_BACK = ["DROP TRIGGER records_audit_no_update", "DROP TRIGGER records_audit_no_delete"]

POSTGRESQL = [
    f"""CREATE FUNCTION records_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.at <= now() - interval '729 days' THEN RETURN OLD; END IF;
            END IF;
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'insufficient_privilege';
        END $$""",
    f"""CREATE TRIGGER records_audit_append_only BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION records_audit_append_only()""",
    f"""CREATE TRIGGER records_audit_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION records_audit_append_only()""",
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER records_audit_append_only ON {TABLE}",
    f"DROP TRIGGER records_audit_no_truncate ON {TABLE}",
    "DROP FUNCTION records_audit_append_only()",
]


ON = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
OFF = {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}


def _run(statements):
    def act(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return act


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunPython(
            _run(ON),
            _run(OFF),
        )
    ]
