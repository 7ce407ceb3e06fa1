"""Entries of Google People and Microsoft Graph."""

from apps.contacts.parsing import ParsedSource
from apps.contacts.parsing.people_api import read_entries, read_google, read_microsoft
from apps.contacts.parsing.types import RowCollector


def test_a_google_person_is_read_with_the_home_address_first() -> None:
    entry = {
        "names": [{"givenName": "Ann", "familyName": "Lee", "honorificSuffix": "jr"}],
        "emailAddresses": [{"value": "Ann@Example.org"}],
        "phoneNumbers": [{"value": "x", "type": "homeFax"}, {"canonicalForm": "+19195550101"}],
        "addresses": [{"type": "work", "city": "Tarn"}, {"type": "home", "streetAddress": "1 Elm St", "city": "Port"}],
        "birthdays": [{"date": {"month": 3}}, {"date": {"year": 1984}}],
    }
    person = read_google(4, entry)
    assert (person.line, person.name, person.birth_year) == (4, "Ann Lee Jr", "1984")
    assert (person.emails, person.phones) == (("ann@example.org",), ("+19195550101",))
    assert [place.city for place in person.places] == ["Port", "Tarn"]


def test_a_microsoft_contact_falls_back_to_the_display_name() -> None:
    person = read_microsoft(1, {"displayName": "Lee, Ann", "mobilePhone": "919-555-0101", "homeAddress": None})
    assert (person.first, person.last, person.phones, person.places) == ("Ann", "Lee", ("+19195550101",), ())


def test_a_malformed_entry_is_a_bad_row() -> None:
    parsed = ParsedSource("google")
    read_entries(
        RowCollector(parsed), [{"names": "Ann"}, {"names": [{"displayName": "Bob Ray"}]}, None], 1, read_google
    )
    assert [row.line for row in parsed.bad] == [1, 3]
    assert [person.line for person in parsed.contacts] == [2]


def test_companies_and_lists_are_skipped() -> None:
    google, microsoft = ParsedSource("google"), ParsedSource("microsoft")
    company = {"organizations": [{"name": "Acme"}], "phoneNumbers": [{"value": "919-555-0101"}]}
    read_entries(RowCollector(google), [company, {"names": [{"displayName": "Book Club"}]}], 1, read_google)
    read_entries(RowCollector(microsoft), [{"displayName": "Acme", "companyName": "Acme"}], 1, read_microsoft)
    assert google.skipped_by_kind == {"organization": 1, "group": 1}
    assert microsoft.skipped_by_kind == {"organization": 1}
    assert not google.contacts + microsoft.contacts
