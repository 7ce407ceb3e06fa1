"""Google's CSV, the form of today and the one until about 2024."""

from collections.abc import Sequence

from apps.madeup.sample import Person

NEW_COLUMNS = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,"
    "Website 1 - Label,Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
).split(",")


def new_rows(book: Sequence[Person]) -> list[dict[str, str]]:
    """Return contacts in the form of today: numbered groups, labels that start with a star, lines inside cells."""
    return [_new_row(person) for person in book]


def _new_row(person: Person) -> dict[str, str]:
    phones, emails = (*person.phones, "", ""), (*person.emails, "", "")
    place = ", ".join(part for part in (person.city, f"{person.state} {person.zip}".strip()) if part)
    return {
        "First Name": person.first, "Middle Name": person.middle, "Last Name": person.last,
        "Name Suffix": person.suffix, "Nickname": person.nickname, "Organization Name": person.company,
        "Birthday": person.born.isoformat() if person.born else "", "Notes": person.note, "Labels": "* myContacts",
        "E-mail 1 - Label": "* " if emails[0] else "", "E-mail 1 - Value": " ::: ".join(emails[:1]),
        "E-mail 2 - Label": "Work" if emails[1] else "", "E-mail 2 - Value": emails[1],
        "Phone 1 - Label": "Mobile" if phones[0] else "", "Phone 1 - Value": phones[0],
        "Phone 2 - Label": "Home" if phones[1] else "", "Phone 2 - Value": phones[1],
        "Address 1 - Label": "Home" if place else "",
        "Address 1 - Formatted": "\n".join(part for part in (person.street, place) if part),
        "Address 1 - Street": person.street, "Address 1 - City": person.city, "Address 1 - Region": person.state,
        "Address 1 - Postal Code": person.zip, "Address 1 - Country": "US" if place else "",
    }  # fmt: skip
