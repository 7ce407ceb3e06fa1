"""Convert rows of a Google CSV to the formats of both APIs."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ContactRow = Mapping[str, str]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a contact file of the fictional state."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def google_person(number: int, row: ContactRow) -> dict[str, Any]:
    """Return a row in the People API's format."""
    name = {
        "metadata": {"primary": True},
        "displayName": " ".join(filter(None, (row.get("First Name"), row.get("Last Name")))),
        "givenName": row.get("First Name", ""),
        "middleName": row.get("Middle Name", ""),
        "familyName": row.get("Last Name", ""),
        "honorificSuffix": row.get("Name Suffix", ""),
    }
    mails = [row[key] for key in ("E-mail 1 - Value", "E-mail 2 - Value") if row.get(key)]
    phones = [row[key] for key in ("Phone 1 - Value", "Phone 2 - Value") if row.get(key)]
    person: dict[str, Any] = {
        "resourceName": f"people/c{number}",
        "etag": "%Eg",
        "names": [{key: value for key, value in name.items() if value}],
        "emailAddresses": [{"value": text} for mail in mails for text in mail.split(" ::: ")],
        "phoneNumbers": [{"value": text, "type": "mobile"} for phone in phones for text in phone.split(" ::: ")],
        "photos": [{"url": "http://169.254.169.254/photo.jpg"}],
    }
    if row.get("Address 1 - City"):
        person["addresses"] = [{"type": "home", **_place(row, "streetAddress", "city", "region", "postalCode")}]
    if born := row.get("Birthday"):
        year, month, day = born.split("-")
        date = {"month": int(month), "day": int(day)} | ({"year": int(year)} if int(year) > 1900 else {})
        person["birthdays"] = [{"date": date}]
    return person


def _place(row: ContactRow, *names: str) -> dict[str, str]:
    columns = ("Street", "City", "Region", "Postal Code")
    return {name: row.get(f"Address 1 - {column}", "") for name, column in zip(names, columns, strict=True)}


def graph_contact(number: int, row: ContactRow) -> dict[str, Any]:
    """Return a row in Microsoft Graph's format; missing values are null."""
    mails = [row[key] for key in ("E-mail 1 - Value", "E-mail 2 - Value") if row.get(key)]
    born = row.get("Birthday", "")
    return {
        "id": f"AAMk{number}",
        "displayName": " ".join(filter(None, (row.get("First Name"), row.get("Last Name")))),
        "givenName": row.get("First Name") or None,
        "middleName": row.get("Middle Name") or None,
        "surname": row.get("Last Name") or None,
        "generation": row.get("Name Suffix") or None,
        "emailAddresses": [{"name": "", "address": text} for mail in mails for text in mail.split(" ::: ")],
        "mobilePhone": row.get("Phone 1 - Value", "").split(" ::: ")[0] or None,
        "homePhones": [row["Phone 2 - Value"]] if row.get("Phone 2 - Value") else [],
        "businessPhones": [],
        "homeAddress": _place(row, "street", "city", "state", "postalCode") if row.get("Address 1 - City") else {},
        "birthday": f"{born}T00:00:00Z" if born else None,
    }
