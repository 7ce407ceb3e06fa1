"""Write vCards as phones export them, and a list as people paste it."""

import base64
import quopri
from collections.abc import Sequence

from apps.synthetic.contacts.mix import Clerk
from apps.synthetic.sample import SampledVoter

_WIDTH = 75  # octets a line before it is folded
_APPLE = "-//Apple Inc.//iCloud Web Address Book 2638B30//EN"


def apple(book: Sequence[SampledVoter], clerk: Clerk) -> str:
    """iCloud's vCard 3.0: grouped items with labels, folded base64 photos, some cards without FN."""
    cards = []
    for number, person in enumerate(book):
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"PRODID:{_APPLE}", f"N:{_structured(person)}"]
        lines.append("FN:" if number % 16 == 5 else f"FN:{_escaped(person.name)}")
        lines += [f"item{i + 1}.EMAIL;type=INTERNET;type=pref:{mail}" for i, mail in enumerate(person.emails)]
        lines += [f"item{i + 1}.X-ABLabel:_$!<Home>!$_" for i, _ in enumerate(person.emails)]
        lines += [f"TEL;type=CELL;type=VOICE;type=pref:{phone}" for phone in person.phones]
        lines += [f"item9.ADR;type=HOME;type=pref:{_address(person)}", "item9.X-ABADR:us"] * bool(person.city)
        lines += [f"BDAY;value=date:{person.born.isoformat()}"] if person.born else []
        lines += [f"NOTE:{_escaped(person.note)}"] * bool(person.note)
        lines += [f"PHOTO;ENCODING=b;TYPE=JPEG:{_photo(clerk)}"] * (number % 4 == 1)
        cards += [*lines, "END:VCARD"]
    return "".join(_folded(line) for line in cards)


def google(book: Sequence[SampledVoter]) -> str:
    """Google's vCard 3.0: short, with types in capitals and a category."""
    cards = []
    for person in book:
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(person.name)}", f"N:{_structured(person)}"]
        lines += [f"EMAIL;TYPE=INTERNET;TYPE=HOME:{mail}" for mail in person.emails]
        lines += [f"TEL;TYPE=CELL:{phone}" for phone in person.phones]
        lines += [f"ADR;TYPE=HOME:{_address(person)}"] * bool(person.city)
        lines += [f"BDAY:{person.born:%Y%m%d}"] if person.born else []
        cards += [*lines, "CATEGORIES:myContacts", "END:VCARD"]
    return "".join(_folded(line) for line in cards)


def android(book: Sequence[SampledVoter]) -> str:
    """Android's vCard 2.1: bare types, quoted-printable where a name has an accent; one card breaks off."""
    cards = []
    for number, person in enumerate(book):
        cards += ["BEGIN:VCARD", "VERSION:2.1", _quoted("N", _structured(person)), _quoted("FN", person.name)]
        cards += [f"TEL;{'CELL' if i == 0 else 'HOME'}:{phone}" for i, phone in enumerate(person.phones)]
        if number == len(book) // 2:
            continue  # no END: the phone ran out of space here
        cards += [f"EMAIL;HOME:{mail}" for mail in person.emails]
        cards += [_quoted("ADR;HOME", _address(person))] * bool(person.city)
        cards += [_quoted("NOTE", person.note)] * bool(person.note)
        cards.append("END:VCARD")
    return "".join(f"{line}\r\n" for line in cards)


def pasted(book: Sequence[SampledVoter]) -> str:
    """A list as people type or paste it, one contact a line in many shapes, with blank lines and a heading."""
    lines = ["My people", ""]
    for number, person in enumerate(book):
        phone, mail = (*person.phones, "")[0], (*person.emails, "")[0]
        shapes = (
            ", ".join(part for part in (person.name, person.city, phone) if part),
            f"{person.name} <{mail}>" if mail else person.name,
            f"- {person.name} {phone}".rstrip(),
            f"{person.last}, {person.first}; {phone}; {mail}" if person.last else person.name,
            f"{person.name}\t{person.city}\t{mail}",
            f"{number + 1}. {person.name} ({person.city})" if person.city else person.name,
        )
        lines += [shapes[number % len(shapes)]] + [""] * (number % 11 == 10)
    return "\n".join(lines) + "\n"


def _structured(person: SampledVoter) -> str:
    return ";".join(_escaped(part) for part in (person.last, person.first, person.middle, "", person.suffix))


def _address(person: SampledVoter) -> str:
    place = (person.street, person.city, person.state, person.zip, "United States")
    return ";;" + ";".join(_escaped(part) for part in place)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 octets, never inside a letter; what follows begins with a blank."""
    out, size = [], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _WIDTH:
            out.append("\r\n ")
            size = 1
        out.append(letter)
        size += width
    return "".join(out) + "\r\n"


def _quoted(name: str, value: str) -> str:
    """Return a 2.1 property, quoted-printable where plain ASCII on one line does not do."""
    if value.isascii() and "\n" not in value:
        return f"{name}:{value}"
    parts = [quopri.encodestring(part.encode()).decode().replace("\n", "\r\n") for part in value.split("\n")]
    text = "=0D=0A=\r\n".join(parts)
    return f"{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{text}"


def _photo(clerk: Clerk) -> str:
    """Return some kilobytes that begin like a JPEG."""
    return base64.b64encode(b"\xff\xd8\xff\xe0" + clerk.rng.bytes(3000)).decode()
