"""Fixtures of the contacts tests: a table-driven voter index, the real embedded one, and a fake OAuth provider."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.demo.provider import FakeProvider
from apps.matching.person import TypedPerson
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load

from .helpers import ONE_PHONE_TWO_PEOPLE, PROVIDER_NAMES, ROLL_HEADER, import_file, roll_rows


class TableIndex:
    """Return matches from a table by first name; without entries no state has a roll."""

    answers: ClassVar[dict[str, Any]] = {}
    queries: ClassVar[list[TypedPerson]] = []

    def __init__(self, url: str) -> None:
        self.url = url

    def states(self) -> list[str]:
        """Return the states with a live roll."""
        return ["HD"] if self.answers else []

    def match_many(self, people: list[TypedPerson], kind: str) -> list[Any]:
        """Return the match of each first name, or that of `nobody`."""
        assert kind == "contact"
        self.queries.extend(people)
        return [self.answers.get(person.first_name, self.answers["nobody"]) for person in people]


@pytest.fixture(autouse=True)
def index() -> Iterator[type[TableIndex]]:
    """Replace the voter index by the table."""
    TableIndex.answers, TableIndex.queries = {}, []
    backends = {**django_settings.BACKENDS, "VOTER_SEARCH_URL": {"table": "tests.contacts.conftest.TableIndex"}}
    with override_settings(VOTER_SEARCH_URL="table:", BACKENDS=backends):
        yield TableIndex


@pytest.fixture
def embedded_index(index: type[TableIndex], settings: Any) -> None:
    """Use the embedded voter index instead of the table."""
    embedded = {"files": "apps.voters.search.embedded.EmbeddedVoterIndex"}
    settings.BACKENDS = {**settings.BACKENDS, "VOTER_SEARCH_URL": embedded}
    settings.VOTER_SEARCH_URL = f"files://{django_settings.DATA_DIR / 'rolls'}"


@pytest.fixture
def load_roll(embedded_index: None, tmp_path: Path) -> Callable[..., None]:
    """Return a function that loads rows as the live roll."""

    def run(rows: list[list[str]] | None = None) -> None:
        path = tmp_path / "roll.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([ROLL_HEADER, *(roll_rows() if rows is None else rows)])
        load(LoadRequest(path=path, layout=load_layout("generic"), accept="test"))

    return run


def google_row(number: int) -> dict[str, str]:
    """Return a synthetic person with the columns of Google's CSV."""
    return {
        "First Name": f"Ann{number}",
        "Last Name": f"Lee{number}",
        "E-mail 1 - Value": f"ann{number}@example.org",
        "Phone 1 - Value": f"919-555-01{number % 100:02d}",
        "Address 1 - Street": f"{number} Elm St",
        "Address 1 - City": "Tarn",
        "Address 1 - Region": "HD",
        "Address 1 - Postal Code": "00417",
        "Birthday": "1984-03-02",
    }


@pytest.fixture
def fake_provider(settings: Any) -> Iterator[FakeProvider]:
    """Serve 250 people as both providers and enable them."""
    provider = FakeProvider([google_row(number) for number in range(1, 251)], largest=100)
    server = provider.serve()
    settings.CONTACT_PROVIDERS_URL = f"http://127.0.0.1:{server.server_port}"
    settings.CONTACT_PROVIDERS = {name: {"id": "client-id", "secret": "client-secret"} for name in PROVIDER_NAMES}
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def nora(member: User, client_of: Callable[[User], Client]) -> Client:
    """Return the member's browser."""
    return client_of(member)


@pytest.fixture
def contacts_file(tmp_path: Path) -> Path:
    """Return a CSV with three people, a duplicate and a bad row."""
    path = tmp_path / "contacts.csv"
    path.write_text(
        "Name,Email,Phone\nAnn Lee,ann@example.org,919-555-0101\nAnn Lee,ann@example.org,\n"
        "Bob, Ray,bob@example.org,\n=Cy Poe,cy@example.org,555-0134\nDee Ash,,+19195550102\n"
    )
    return path


@pytest.fixture
def merged_contact(member: User, run_jobs: Callable[[], int]) -> Contact:
    """Return one contact merged from two people who share a landline."""
    import_file(member, ONE_PHONE_TWO_PEOPLE, run_jobs)
    return Contact.objects.get()
