"""Write one contact as a row of each CSV dialect, without the cells that a program leaves empty."""

from apps.synthetic.sample import SampledVoter

CsvRow = dict[str, str]


def google_new(person: SampledVoter) -> CsvRow:
    """Return a row of Google's current CSV: numbered groups, labels that start with a star, line breaks in cells."""
    phones, emails = (*person.phones, "", ""), (*person.emails, "", "")
    return {
        "First Name": person.first,
        "Middle Name": person.middle,
        "Last Name": person.last,
        "Name Suffix": person.suffix,
        "Nickname": person.nickname,
        "Organization Name": person.company,
        "Birthday": person.born.isoformat() if person.born else "",
        "Notes": person.note,
        "Labels": "* myContacts",
        "E-mail 1 - Label": "* " if emails[0] else "",
        "E-mail 1 - Value": emails[0],
        "E-mail 2 - Label": "Work" if emails[1] else "",
        "E-mail 2 - Value": emails[1],
        "Phone 1 - Label": "Mobile" if phones[0] else "",
        "Phone 1 - Value": " ::: ".join(person.phones) if len(person.phones) > 2 else phones[0],
        "Phone 2 - Label": "Home" if phones[1] else "",
        "Phone 2 - Value": phones[1] if len(person.phones) == 2 else "",
        **_google_address(person, "Label"),
    }


def google_old(person: SampledVoter) -> CsvRow:
    """Return a row of Google's CSV until about 2024: the full name first, several values in a cell joined by colons."""
    return {
        "Name": person.name,
        "Given Name": person.first,
        "Additional Name": person.middle,
        "Family Name": person.last,
        "Name Suffix": person.suffix,
        "Birthday": person.born.isoformat() if person.born else "",
        "Notes": person.note,
        "Group Membership": "* myContacts",
        "E-mail 1 - Type": "* Home" if person.emails else "",
        "E-mail 1 - Value": " ::: ".join(person.emails),
        "Phone 1 - Type": "Mobile" if person.phones else "",
        "Phone 1 - Value": " ::: ".join(person.phones),
        "Organization 1 - Name": person.company,
        **_google_address(person, "Type"),
    }


def _google_address(person: SampledVoter, label: str) -> CsvRow:
    place = ", ".join(part for part in (person.city, f"{person.state} {person.zip}".strip()) if part)
    if not place:
        return {}
    return {
        f"Address 1 - {label}": "Home",
        "Address 1 - Formatted": "\n".join(part for part in (person.street, place) if part),
        "Address 1 - Street": person.street,
        "Address 1 - City": person.city,
        "Address 1 - Region": person.state,
        "Address 1 - Postal Code": person.zip,
        "Address 1 - Country": "US",
    }


def outlook_com(person: SampledVoter) -> CsvRow:
    """Return a row of Outlook on the web."""
    phones, emails = (*person.phones, "", ""), (*person.emails, "", "")
    return {
        "First Name": person.first,
        "Middle Name": person.middle,
        "Last Name": person.last,
        "Suffix": person.suffix,
        "Nickname": person.nickname,
        "E-mail Address": emails[0],
        "E-mail 2 Address": emails[1],
        "Mobile Phone": phones[0],
        "Home Phone": phones[1],
        "Company": person.company,
        "Home Street": person.street,
        "Home City": person.city,
        "Home State": person.state,
        "Home Postal Code": person.zip,
        "Birthday": _american(person),
        "Notes": person.note,
    }


def outlook_desktop(person: SampledVoter) -> CsvRow:
    """Return a row of Outlook on Windows: 92 columns, and 0/0/00 for a missing date."""
    row = outlook_com(person)
    row.pop("Nickname")
    mail = row["E-mail Address"]
    return {
        **row,
        "E-mail Type": "SMTP" if mail else "",
        "E-mail Display Name": f"{person.name} ({mail})" if mail else "",
        "Birthday": _american(person) or "0/0/00",
        "Anniversary": "0/0/00",
        "Gender": "Unspecified",
        "Priority": "Normal",
        "Private": "False",
        "Sensitivity": "Normal",
        "Home Country/Region": "United States of America" if person.city else "",
    }


def spanish(person: SampledVoter) -> CsvRow:
    """Return a row of Outlook in Spanish."""
    phones, emails = (*person.phones, "", ""), (*person.emails, "")
    return {
        "Nombre": person.first,
        "Segundo nombre": person.middle,
        "Apellidos": person.last,
        "Sufijo": person.suffix,
        "Organización": person.company,
        "Calle del domicilio particular": person.street,
        "Ciudad de residencia": person.city,
        "Provincia o estado de residencia": person.state,
        "Código postal de residencia": person.zip,
        "Teléfono móvil": phones[0],
        "Teléfono particular": phones[1],
        "Dirección de correo electrónico": emails[0],
        "Cumpleaños": f"{person.born:%d/%m/%Y}" if person.born else "",
        "Notas": person.note,
    }


def plain(person: SampledVoter) -> CsvRow:
    """Return a row of a manual spreadsheet: one column for the name, ZIP codes that lost their zeros."""
    return {
        "Full name": f"{person.last}, {person.first}" if len(person.name) % 5 == 0 and person.last else person.name,
        "Cell": (*person.phones, "")[0],
        "E-Mail": (*person.emails, "")[0],
        "Address": person.street,
        "Town": person.city,
        "State": person.state,
        "Zip": person.zip.lstrip("0"),
        "Born": str(person.born.year) if person.born else "",
    }


def _american(person: SampledVoter) -> str:
    return f"{person.born.month}/{person.born.day}/{person.born.year}" if person.born else ""
