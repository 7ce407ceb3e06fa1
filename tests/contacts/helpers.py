"""Helpers of the contacts tests: imports, a synthetic roll and contacts, uploads, the OAuth consent page."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import locking, quotas, segments, serialization
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import
from apps.contacts.parsing import ParsedSource, RawContact, TableChoices, read_file
from apps.core import quotas as core_quotas
from apps.core.id_sets.base import id_sets

HD = "ocd-division/country:us/state:hd"
CD1, CD2, ISEL = f"{HD}/cd:1", f"{HD}/cd:2", f"{HD}/county:isel"
MEGABYTE = 1024 * 1024
PROVIDER_NAMES = ("google", "microsoft")
FIRST = ("Abena", "Wim", "Ida", "Kofi", "Luis", "Jo", "Nora", "Sam", "Petra", "Odo")
LAST = ("Thorsby", "Castellane", "Brandtosei", "Marchetti", "Sandoval", "Quockham", "Ferrow", "Millrace", "Ansel")
ROLL_HEADER = (
    *("voter_id", "first_name", "middle_name", "last_name", "birth_year", "address", "city", "state", "zip", "phone"),
    *("status", "county", "precinct", "ward", "cd", "sldu", "sldl"),
)
WIM = "Wim,Thorsby,919-555-0101,101 Elm St,Port Ansel,HD,00411,1941\n"
# Ann and her mother Ann share a landline.
ONE_PHONE_TWO_PEOPLE = b"""Name,Email,Phone,Zip
Ann Lee,ann@example.org,919-555-0101,
Ann Lee,,919-555-0101,00417
Ann Lee,,919-555-0101,00417
"""


def roll_rows() -> Iterator[list[str]]:
    """Yield 91 voters, one per house, two of them namesakes in one city."""
    for number in range(90):
        first, last = FIRST[number % 10], LAST[number // 10]
        yield [
            *(f"V{number:04d}", first, "", last, str(1940 + number % 60), f"{100 + number} Elm St"),
            *("Port Ansel" if number % 2 else "Tarn", "HD", f"004{10 + number % 7}", f"91955501{number:02d}", "active"),
            *("Isel", "12", "3", "4", "11", "27"),
        ]
    yield ["V0090", "Abena", "", "Thorsby", "1999", "7 Oak Rd", "Tarn", "HD", "00410", "", "active",
           "Isel", "12", "3", "4", "11", "28"]  # fmt: skip


def contact_table(count: int, start: int = 0) -> bytes:
    """Return a CSV of synthetic people."""
    rows = [f"Ann{n},Lee{n},ann{n}@example.org,919-555-01{n % 100:02d}" for n in range(start, start + count)]
    return "\n".join(["First Name,Last Name,E-mail,Phone", *rows]).encode()


def import_file(owner: User, data: bytes, run_jobs: Callable[[], int] | None = None) -> Import:
    """Return a confirmed import of a file, finished if `run_jobs` is given."""
    draft = previews.start_file(owner=owner, stream=BytesIO(data), file_name="f.csv")
    confirmed = previews.confirm(draft=draft)
    if run_jobs:
        run_jobs()
    return confirmed


def import_people(owner: User, rows: str, run_jobs: Callable[[], int]) -> list[Contact]:
    """Import rows with the columns of `WIM`; return the owner's contacts in order."""
    data = "First Name,Last Name,Phone,Street,City,State,Zip,Birth year\n" + rows
    import_file(owner, data.encode(), run_jobs)
    return list(Contact.objects.owned_by(owner).order_by("pk"))


def contact_names(owner: User) -> list[str]:
    """Return the sorted names of a member's contacts."""
    return sorted(serialization.load_contact(contact.data).name for contact in Contact.objects.owned_by(owner))


def add_contact(owner: User, number: int, status: str = "registered", state: str = "HD", **districts: str) -> int:
    """Save one contact as an import leaves it; return its id."""
    person = RawContact(first=f"Ann{number}", last="Lee")
    contact = Contact.objects.create(
        owner=owner,
        fingerprint=number.to_bytes(16, "big"),
        data=serialization.dump_contact(person),
        status=status,
        state=state,
        districts=districts,
        expires_at=timezone.now() + timedelta(days=30),
    )
    locking.bump_generation(owner.pk)
    return int(contact.pk)


def stored_ids(owner: User, generation: int) -> set[int] | None:
    """Return the stored segment of all contacts of a member."""
    return id_sets().get(f"contacts:{owner.pk}:{generation}:{segments.ALL}")


def lookups_today(owner: User) -> int:
    """Return how many look-ups the member has spent, those of a first import included."""
    return sum(core_quotas.used(quotas.lookups(owner.pk, first_import=first)) for first in (True, False))


def read_bytes(data: bytes, mapping: dict[int, str] | None = None) -> ParsedSource:
    """Parse a contact file in memory."""
    return read_file(BytesIO(data), TableChoices(mapping or {}))


def run_command(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    """Return the JSON report of a command."""
    call_command(*args, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return report


def upload(browser: Client, data: bytes, name: str = "contacts.csv") -> Any:
    """Upload a contact file and follow the redirect."""
    return browser.post(reverse("contacts:bring"), {"file": SimpleUploadedFile(name, data)}, follow=True)


def page_text(response: Any) -> str:
    """Return the text of a page without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def authorization_query(browser: Client, name: str) -> dict[str, str]:
    """Press the provider's button; return the query of the authorization URL."""
    response = browser.post(reverse("contacts:elsewhere", args=[name]))
    assert response.status_code == 302
    return {key: values[0] for key, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def answer_consent(provider_url: str, query: dict[str, str], choice: str = "allow") -> str:
    """Open the provider's consent page, press a button, and return the path it redirects to."""
    parts = urlsplit(provider_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", f"/o/oauth2/v2/auth?{urlencode(query)}")
    page = connection.getresponse().read().decode()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) | {"answer": choice}
    connection.request("POST", "/consent", urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
    location = connection.getresponse().headers["Location"]
    connection.close()
    target = urlsplit(location)
    return f"{target.path}?{target.query}"


def connect_provider(browser: Client, name: str, settings: LazySettings) -> Import:
    """Allow access at the provider and return the started import."""
    callback = answer_consent(settings.CONTACT_PROVIDERS_URL, authorization_query(browser, name))
    assert browser.get(callback).status_code == 302
    return Import.objects.latest("pk")
