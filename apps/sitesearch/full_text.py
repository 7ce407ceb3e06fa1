"""The full-text table beside the documents, with a dialect per database: FTS5, PostgreSQL's tsvector, or plain text.

All dialects index the folded words of apps.sitesearch.tokens. Terms contain letters and digits only and are passed as
parameters, so user input never reaches an engine's syntax.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from .tokens import Term

# A word in a title counts as much as ten in the text.
TITLE_WEIGHT = 10
# PostgreSQL's largest position of a lexeme.
MAX_POSITION = 16383


class IndexedText(NamedTuple):
    """A document's primary key and its folded words."""

    number: int
    title: list[str]
    text: list[str]


class MatchClause(NamedTuple):
    """A WHERE condition and an ORDER BY expression (best first), each with its parameters."""

    where: str
    order: str
    where_values: list[str]
    order_values: list[str]


class Dialect(ABC):
    """The SQL to replace and query one type of full-text table."""

    insert: ClassVar[str]

    def replace(self, rows: Sequence[IndexedText]) -> None:
        """Replace the rows of the same keys, inside the caller's transaction."""
        self.delete([row.number for row in rows])
        with connection.cursor() as cursor:
            cursor.executemany(self.insert, [self.values(row) for row in rows])

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows by their keys."""
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM sitesearch_text WHERE rowid = %s", [(number,) for number in numbers])

    @abstractmethod
    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return the parameters of `insert`."""

    @abstractmethod
    def match(self, terms: Sequence[Term]) -> MatchClause:
        """Return the clauses that match documents with all terms."""


class PlainText(Dialect):
    """A plain table, searched by a full scan: for a SQLite built without FTS5."""

    insert = "INSERT INTO sitesearch_text (rowid, title, text) VALUES (%s, %s, %s)"

    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return the words, each surrounded by spaces."""
        return row.number, f" {' '.join(row.title)} ", f" {' '.join(row.text)} "

    def match(self, terms: Sequence[Term]) -> MatchClause:
        """Match each term by LIKE; documents with the first term in their title come first."""
        patterns = [f"% {term.text}{'' if term.prefix else ' '}%" for term in terms]
        where = " AND ".join("sitesearch_text.title || sitesearch_text.text LIKE %s" for _ in terms)
        return MatchClause(where, "sitesearch_text.title NOT LIKE %s", patterns, patterns[:1])


class Fts5(Dialect):
    """SQLite's full-text index."""

    insert = PlainText.insert

    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return the words separated by spaces."""
        return row.number, " ".join(row.title), " ".join(row.text)

    def match(self, terms: Sequence[Term]) -> MatchClause:
        """Match each term as a quoted string."""
        expression = " ".join(f'"{term.text}"{"*" if term.prefix else ""}' for term in terms)
        return MatchClause(
            "sitesearch_text MATCH %s", f"bm25(sitesearch_text, {TITLE_WEIGHT}.0, 1.0)", [expression], []
        )


class Tsvector(Dialect):
    """PostgreSQL's full-text index, with our lexemes and positions instead of its parser and dictionaries."""

    insert = "INSERT INTO sitesearch_text (rowid, words) VALUES (%s, %s::tsvector)"

    def values(self, row: IndexedText) -> tuple[int | str, ...]:
        """Return the words as lexemes with positions, weight A for the title and D for the text."""
        weights = ["A"] * len(row.title) + ["D"] * len(row.text)
        positions = enumerate(zip([*row.title, *row.text], weights, strict=True), start=1)
        return row.number, " ".join(
            f"'{word}':{min(position, MAX_POSITION)}{weight}" for position, (word, weight) in positions
        )

    def match(self, terms: Sequence[Term]) -> MatchClause:
        """Match each term as a quoted lexeme; the weights are D, C, B, A."""
        expression = " & ".join(f"'{term.text}'{':*' if term.prefix else ''}" for term in terms)
        rank = f"ts_rank('{{{1 / TITLE_WEIGHT},0,0,1}}', sitesearch_text.words, %s::tsquery) DESC"
        return MatchClause("sitesearch_text.words @@ %s::tsquery", rank, [expression], [expression])


def current_dialect() -> Dialect:
    """Return the dialect of the table that the migration created."""
    if connection.vendor == "postgresql":
        return Tsvector()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'sitesearch_text'")
        return Fts5() if "fts5" in cursor.fetchone()[0].lower() else PlainText()


FTS5_TABLE = (
    "CREATE VIRTUAL TABLE sitesearch_text USING fts5"
    "(title, text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4')"
)
PLAIN_TABLE = "CREATE TABLE sitesearch_text (rowid INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL)"
POSTGRESQL_TABLE = (
    "CREATE TABLE sitesearch_text (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX sitesearch_text_words ON sitesearch_text USING GIN (words)",
)


def create_table(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the full-text table; called by the migration. SQLite without FTS5 gets a plain table."""
    if editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL_TABLE:
            editor.execute(statement)
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        fts5 = cursor.fetchone()[0]
    editor.execute(FTS5_TABLE if fts5 else PLAIN_TABLE)


def drop_table(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the full-text table."""
    editor.execute("DROP TABLE sitesearch_text")
