"""A voter index that answers from a table, for tests of what is done with answers; real rolls have their own tests."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import override_settings

from apps.matching.person import TypedPerson


class TableIndex:
    """Knows no state until a test gives it answers by first name."""

    answers: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[TypedPerson]] = []

    def __init__(self, url: str) -> None:
        self.url = url

    def states(self) -> list[str]:
        """Return the states with a live roll."""
        return ["HD"] if self.answers else []

    def match_many(self, people: list[TypedPerson], kind: str) -> list[Any]:
        """Answer by first name; `nobody` for the rest."""
        assert kind == "contact"
        self.asked.extend(people)
        return [self.answers.get(person.first_name, self.answers["nobody"]) for person in people]


@pytest.fixture(autouse=True)
def index() -> Iterator[type[TableIndex]]:
    """Put the table in the place of the voter index."""
    TableIndex.answers, TableIndex.asked = {}, []
    stores = {**settings.BACKENDS, "VOTER_SEARCH_URL": {"table": "tests.contacts.conftest.TableIndex"}}
    with override_settings(VOTER_SEARCH_URL="table:", BACKENDS=stores):
        yield TableIndex
