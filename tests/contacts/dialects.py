"""Contact files of fictional people in the dialects of programs."""

import csv
import io
import quopri
from collections.abc import Callable, Sequence
from typing import NamedTuple

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address"
).split(",")
GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,"
    "Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,"
    "Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,"
    "E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,"
    "Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,"
    "Organization 1 - Type,Organization 1 - Name"
).split(",")
OUTLOOK_COM = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,"
    "Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,"
    "IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,"
    "Company Yomi,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,"
    "Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other City,Other State,"
    "Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,"
    "Anniversary,Notes"
).split(",")
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,"
    "Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,"
    "Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,"
    "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region,Assistant's Phone,"
    "Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
    "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,"
    "Account,Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,"
    "Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,"
    "E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,"
    "Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
    "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,"
    "Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"
).split(",")


class Friend(NamedTuple):
    """A fictional person, the same in every dialect."""

    first: str
    middle: str
    last: str
    suffix: str
    emails: tuple[str, ...]
    phone: str
    street: str
    city: str
    zip: str
    born: str


FRIENDS = (
    Friend("José", "", "Muñoz", "", ("jo@example.org", "j@example.com"), "9195550101", "1 Elm St", "Tarn", "00417", ""),
    Friend("Ann", "Marie", "O'Brien", "", ("ann@example.org",), "9195550102", "", "Port Ansel", "", "1984-03-02"),
    Friend("Wim", "", "van der Berg", "Jr", (), "9195550103", "7 Quarry Rd", "Millrace", "00988", "1950-12-31"),
    Friend("Zoë", "Q", "Brandt-Osei", "", ("zoe@example.org",), "", "", "", "", ""),
)  # fmt: skip


def _csv(header: Sequence[str], rows: Sequence[dict[str, str]], delimiter: str = ",", quoting: int = 0) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="", delimiter=delimiter, quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


NOTE = 'met at the "Fair",\nowes me; a pie'


def google(friends: Sequence[Friend]) -> bytes:
    """Google's CSV since 2024; two email addresses of the first person joined in one cell."""
    rows = [
        {
            "First Name": f.first, "Middle Name": f.middle, "Last Name": f.last, "Name Suffix": f.suffix,
            "Birthday": f.born, "Notes": NOTE, "Labels": "* myContacts", "E-mail 1 - Label": "* Home",
            "E-mail 1 - Value": " ::: ".join(f.emails), "Phone 1 - Label": "Mobile",
            "Phone 1 - Value": f.phone and f"({f.phone[:3]}) {f.phone[3:6]}-{f.phone[6:]}",
            "Address 1 - Label": "Home", "Address 1 - Street": f.street, "Address 1 - City": f.city,
            "Address 1 - Region": "HD" if f.city else "", "Address 1 - Postal Code": f.zip,
            "Address 1 - Formatted": f.city and f"{f.street}\n{f.city}, HD {f.zip}", "Address 1 - Country": "US",
        }
        for f in friends
    ]  # fmt: skip
    return _csv(GOOGLE, rows).encode("utf-8-sig")


def google_old(friends: Sequence[Friend]) -> bytes:
    """Google's CSV until 2024, as UTF-16 with a byte order mark: the format of its "Outlook" export."""
    rows = [
        {
            "Name": f"{f.first} {f.last}", "Given Name": f.first, "Additional Name": f.middle, "Family Name": f.last,
            "Name Suffix": f.suffix, "Birthday": f.born, "Notes": NOTE, "Group Membership": "* myContacts",
            "E-mail 1 - Type": "* Home", "E-mail 1 - Value": f.emails[0] if f.emails else "",
            "E-mail 2 - Value": f.emails[1] if f.emails[1:] else "", "Phone 1 - Value": f.phone,
            "Address 1 - Street": f.street, "Address 1 - City": f.city, "Address 1 - Postal Code": f.zip,
            "Address 1 - Region": "HD" if f.city else "",
        }
        for f in friends
    ]  # fmt: skip
    return _csv(GOOGLE_OLD, rows).encode("utf-16")


def _outlook_rows(friends: Sequence[Friend]) -> list[dict[str, str]]:
    return [
        {
            "First Name": f.first, "Middle Name": f.middle, "Last Name": f.last, "Suffix": f.suffix,
            "E-mail Address": f.emails[0] if f.emails else "", "E-mail 2 Address": f.emails[1] if f.emails[1:] else "",
            "Mobile Phone": f.phone, "Home Street": f.street, "Home City": f.city,
            "Home State": "Halden" if f.city else "", "Home Postal Code": f.zip,
            "Birthday": f"{f.born[5:7]}/{f.born[8:]}/{f.born[:4]}" if f.born else "0/0/00", "Notes": NOTE,
        }
        for f in friends
    ]  # fmt: skip


def outlook_com(friends: Sequence[Friend]) -> bytes:
    """Outlook.com's CSV."""
    return _csv(OUTLOOK_COM, _outlook_rows(friends)).encode()


def outlook(friends: Sequence[Friend]) -> bytes:
    """Outlook's CSV of 92 columns in Windows-1252, everything quoted."""
    return _csv(OUTLOOK, _outlook_rows(friends), quoting=csv.QUOTE_ALL).encode("cp1252")


def _localised(header: Sequence[str], friends: Sequence[Friend], encoding: str, delimiter: str) -> bytes:
    rows = [
        dict(zip(header, [f.first, f.middle, f.last, f.suffix, f.emails[0] if f.emails else "",
                          f.emails[1] if f.emails[1:] else "", f.phone, f.street, f.city,
                          "HD" if f.city else "", f.zip, f"{f.born[8:]}.{f.born[5:7]}.{f.born[:4]}" if f.born else ""],
                 strict=True))
        for f in friends
    ]  # fmt: skip
    return _csv(header, rows, delimiter).encode(encoding)


def german(friends: Sequence[Friend]) -> bytes:
    """A German Outlook: semicolons, Windows-1252."""
    header = ["Vorname", "Weitere Vornamen", "Nachname", "Suffix", "E-Mail-Adresse", "E-Mail 2: Adresse",
              "Mobiltelefon", "Straße privat", "Ort privat", "Bundesland/Kanton privat", "Postleitzahl privat",
              "Geburtstag"]  # fmt: skip
    return _localised(header, friends, "cp1252", ";")


def french(friends: Sequence[Friend]) -> bytes:
    """A French Outlook."""
    header = ["Prénom", "Deuxième prénom", "Nom", "Suffixe", "Adresse de messagerie", "Adresse de messagerie 2",
              "Tél. mobile", "Rue (dom.)", "Ville (dom.)", "Dép/Région (dom.)", "Code postal (dom.)",
              "Anniversaire"]  # fmt: skip
    return _localised(header, friends, "latin-1", ";")


def spanish(friends: Sequence[Friend]) -> bytes:
    """A Spanish Outlook, saved again by a spreadsheet as tab-separated UTF-16."""
    header = ["Nombre", "Segundo nombre", "Apellidos", "Sufijo", "Dirección de correo electrónico",
              "Dirección de correo electrónico 2", "Teléfono móvil", "Calle del domicilio", "Ciudad de domicilio",
              "Provincia o estado de domicilio", "Código postal del domicilio", "Cumpleaños"]  # fmt: skip
    return _localised(header, friends, "utf-16", "\t")


def _fold(line: str) -> str:
    return "\r\n ".join(line[start : start + 70] for start in range(0, len(line), 70))


def icloud(friends: Sequence[Friend]) -> bytes:
    """iCloud's vCard 3.0: items, folded photos."""
    cards = []
    for f in friends:
        lines = ["BEGIN:VCARD", "VERSION:3.0", "PRODID:-//Apple Inc.//iCloud Web Address Book 2638B30//EN"]
        lines += [f"N:{f.last};{f.first};{f.middle};;{f.suffix}", f"FN:{f.first} {f.last}", r"NOTE:a\, b\nc\;d"]
        lines += [f"item{n}.EMAIL;type=INTERNET;type=pref:{mail}" for n, mail in enumerate(f.emails)]
        lines += ["item1.X-ABLabel:_$!<HomePage>!$_", "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 200]
        if f.phone:
            lines.append(f"TEL;type=CELL;type=VOICE;type=pref:{f.phone}")
        if f.city:
            lines.append(f"item2.ADR;type=HOME;type=pref:;;{f.street};{f.city};HD;{f.zip};USA")
        lines.append(f"BDAY:{f.born}" if f.born else "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-06")
        cards.append("\r\n".join(map(_fold, [*lines, "END:VCARD"])))
    return "\r\n".join(cards).encode()


def android(friends: Sequence[Friend]) -> bytes:
    """Android's vCard 2.1 in quoted-printable with soft line ends."""

    def quoted(text: str) -> str:
        return quopri.encodestring(text.encode(), quotetabs=True).decode().replace("\n", "\r\n").replace("_", "=5F")

    cards = []
    for f in friends:
        kind = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
        lines = ["BEGIN:VCARD", "VERSION:2.1"]
        lines.append(f"N;{kind}:{quoted(f'{f.last};{f.first};{f.middle};;{f.suffix}')}")
        lines += [f"EMAIL;HOME:{mail}" for mail in f.emails]
        if f.phone:
            lines.append(f"TEL;CELL:{f.phone}")
        if f.city:
            lines.append(f"ADR;HOME;{kind}:{quoted(f';;{f.street};{f.city};HD;{f.zip};United States')}")
        lines.append(f"NOTE;{kind}:{quoted(NOTE * 3)}")
        if f.born:
            lines.append(f"BDAY:{f.born}")
        cards.append("\r\n".join([*lines, "PHOTO;ENCODING=BASE64;JPEG:QUJDREVG\r\n QUJDREVG\r\n", "END:VCARD"]))
    return "\r\n".join(cards).encode()


def card_four(friends: Sequence[Friend]) -> bytes:
    """vCard 4.0 with parameters in quotes and values as URIs."""
    cards = []
    for f in friends:
        lines = ["BEGIN:VCARD", "VERSION:4.0", f"N:{f.last};{f.first};{f.middle};;{f.suffix}", f"FN:{f.first} {f.last}"]
        lines += [f"EMAIL;PREF={n + 1}:{mail}" for n, mail in enumerate(f.emails)]
        if f.phone:
            lines.append(f'TEL;VALUE=uri;TYPE="voice,cell":tel:+1-{f.phone[:3]}-{f.phone[3:6]}-{f.phone[6:]}')
        if f.city:
            lines.append(f'ADR;LABEL="x: y; z";TYPE=home:;;{f.street};{f.city};HD;{f.zip};')
        lines += [f"BDAY:{f.born.replace('-', '')}" if f.born else "BDAY:--0506", "PHOTO:data:image/jpeg;base64,QUJD"]
        cards.append("\n".join([*lines, "END:VCARD"]))
    return "\n".join(cards).encode()


DIALECTS: dict[str, Callable[[Sequence[Friend]], bytes]] = {
    made.__name__: made
    for made in (google, google_old, outlook_com, outlook, german, french, spanish, icloud, android, card_four)
}
