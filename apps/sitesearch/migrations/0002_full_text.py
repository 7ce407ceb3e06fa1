"""The full-text table beside the documents: FTS5 where SQLite has it, a tsvector on PostgreSQL, else plain words."""

from django.db import migrations

FTS5 = (
    "CREATE VIRTUAL TABLE sitesearch_text USING fts5"
    "(title, text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4')"
)
PLAIN = "CREATE TABLE sitesearch_text (rowid INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL)"
POSTGRES = (
    "CREATE TABLE sitesearch_text (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX sitesearch_text_words ON sitesearch_text USING GIN (words)",
)


def make(apps, editor):
    if editor.connection.vendor == "postgresql":
        for statement in POSTGRES:
            editor.execute(statement)
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        fts5 = cursor.fetchone()[0]
    editor.execute(FTS5 if fts5 else PLAIN)


def drop(apps, editor):
    editor.execute("DROP TABLE sitesearch_text")


class Migration(migrations.Migration):
    dependencies = [("sitesearch", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
