"""vCards of kinds that importers get wrong, with the people in them. All are made up."""

from tests.contacts.file_kinds import FileKind


def _cards(*bodies: str, version: str = "3.0", end: str = "\r\n") -> bytes:
    cards = (f"BEGIN:VCARD\nVERSION:{version}\n{body.strip(chr(10))}\nEND:VCARD\n" for body in bodies)
    return "".join(cards).replace("\n", end).encode()


def _quoted(*bodies: str) -> bytes:
    return _cards(*bodies, version="2.1")


_QP = ";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"

CARDS = (
    FileKind(
        "quoted-printable with folds",
        _quoted(f"N{_QP}:=47=C3=\n =B3=6D=65=\n =7A;=41=6E=61;;;\nTEL;CELL:7015550102"),
        ("Ana||Gómez|||+17015550102",),
    ),
    FileKind("quoted-printable with tabs", _quoted(f"N{_QP}:=47=C3=\n\t=B3=6D=65=7A;=41=6E=61"), ("Ana||Gómez",)),
    FileKind("quoted-printable, plain", _quoted(f"N{_QP}:G=C3=B3=\nmez;Ana;;;"), ("Ana||Gómez",)),
    FileKind("quoted-printable, partly", _quoted(f"N{_QP}:Mu=C3=\n =B1oz;Jos=C3=A9"), ("José||Muñoz",)),
    FileKind(
        "quoted-printable in Latin-1",
        _quoted("N;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:G=F3mez;Jos=E9"),
        ("José||Gómez",),
    ),
    FileKind(
        "quoted-printable that says Latin-1 and is UTF-8",
        _quoted("N;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:G=C3=B3mez;Ana"),
        ("Ana||Gómez",),
    ),
    FileKind(
        "soft break in front of a property", _quoted(f"N{_QP}:Lee;Ann=\nTEL:7015550102"), ("Ann||Lee|||+17015550102",)
    ),
    FileKind(
        "address in quoted-printable",
        _quoted(f"N:Lee;Ann\nADR;HOME{_QP}:;;12 Elm St=0D=0AApt 3;Tarn;HD;205;"),
        ("Ann||Lee||||12 Elm St Apt 3, Tarn, HD, 00205",),
    ),
    FileKind("base64 text", _quoted("N;ENCODING=BASE64:TGVlO0Fubg=="), ("Ann||Lee",)),
    FileKind(
        "folds inside letters",
        b"BEGIN:VCARD\r\nN:Mu\xc3\r\n \xb1oz;Jos\xc3\r\n\t\xa9;;;\r\nFN:\xe6\r\n \x9d\r\n \x8e\r\nEND:VCARD",
        ("José||Muñoz",),
    ),
    FileKind(
        "folds inside letters of three bytes",
        b"BEGIN:VCARD\nFN:\xe6\n \x9d\n \x8e \xe5\xb0\x8f\nTEL:7015550101\nEND:VCARD\n",
        ("李||小|||+17015550101",),
    ),
    FileKind(
        "Mac Roman and lone carriage returns",
        _cards("N:Muñoz;José", end="\r").decode().encode("mac_roman"),
        ("José||Muñoz",),
    ),
    FileKind("UTF-16", _cards("N:Muñoz;José").decode().encode("utf-16"), ("José||Muñoz",)),
    FileKind(
        "joined files",
        b"\xef\xbb\xbfBEGIN:VCARD\r\nN:Lee;Ann\r\nEND:VCARD\r\n\xef\xbb\xbfBEGIN:VCARD\r\nN:Ray;Bob\r\nEND:VCARD"
        b"\xef\xbb\xbfBEGIN:VCARD\r\nN:Poe;Cy\r\nEND:VCARDBEGIN:VCARD\r\nN:Fox;Flo\r\nEND:VCARD",
        ("Ann||Lee", "Bob||Ray", "Cy||Poe", "Flo||Fox"),
    ),
    FileKind(
        "blanks around BEGIN",
        b"BEGIN: VCARD\nVERSION: 3.0\nN: Lee;Ann\nTEL: 7015550101\nEND: VCARD\n\n BEGIN:VCARD  \nN:Ray;Bob\nEND:VCARD "
        b"\nbegin:vcard\nn:Poe;Cy\nend:vcard\n",
        ("Ann||Lee|||+17015550101", "Bob||Ray", "Cy||Poe"),
    ),
    FileKind(
        "suffixes and degrees",
        _cards(
            "N:Stevenson;John;Philip,Paul;Dr.;Jr.,M.D.,A.C.P.",
            "N:García;José;Luis,Ángel;Dr.,Sr.;III,Ph.D.",
            "N:Hart;Lou;;;M.D.",
            "N:Silva Junior;Carlos;;;",
            "N:Lee\\, Jr.;Ann;;;",
            "FN:Lou Hart\\, M.D.",
            "N:Lee;❤️ Ann 😊;;;Esq.",
            "N:O;J;;;",
        ),
        (
            "John|Philip Paul|Stevenson|Jr",
            "José|Luis Ángel|García|III",
            "Lou||Hart",
            "Carlos||Silva|Jr",
            "Ann||Lee|Jr",
            "Lou||Hart",
            "Ann||Lee",
            "J||O",
        ),
    ),
    FileKind(
        "names in one part",
        _cards(
            "N:Kettering;;;;\nFN:Olive Kettering",
            "N:Ann Lee;;;;",
            "N:;;;;\nFN:ann@example.org\nEMAIL:ann@example.org",
            "N:;;;;\nNICKNAME:Bobby\nTEL:7015550101",
        ),
        ("Olive||Kettering", "Ann||Lee", "||||ann@example.org", "Bobby|||||+17015550101"),
    ),
    FileKind(
        "entries that are no people",
        _cards(
            "FN:Book Club\nN:Book Club;;;;\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1",
            "KIND:org\nFN:Acme\nTEL:7015550100",
            "KIND:location\nFN:Hall",
            "N:;;;;\nFN:Tarn Plumbing\nORG:Tarn Plumbing;\nX-ABShowAs:COMPANY",
            "N:;;;;\nFN:Zebra\nORG:Zebra;",
            "FN:Choir\nX-EVOLUTION-LIST:TRUE",
            "FN:The Doe Family",
            "KIND:individual\nFN:Ann Lee",
            "N:Church;Frank;;;\nORG:First Baptist Church",
        ),
        ("Ann||Lee", "Frank||Church"),
        ("group", "organization", "place", "organization", "organization", "group", "household"),
    ),
    FileKind(
        "an agent's card inside",
        _quoted("N:Friday;Fred\nAGENT:\nBEGIN:VCARD\nN:Secretary;Susan\nTEL:7015550217\nEND:VCARD\nTEL:7015550117"),
        ("Fred||Friday|||+17015550117",),
    ),
    FileKind(
        "agents in other spellings",
        _cards(
            "N:Friday;Fred\nAGENT:BEGIN:VCARD\nN:Secretary;Susan\nEND:VCARD\nTEL:7015550117",
            "N:Ray;Bob\nAGENT:BEGIN:VCARD\\nFN:Susan\\nEND:VCARD\\n\nTEL:7015550118",
            "N:Poe;Cy\nAGENT;VALUE=uri:CID:1\nTEL:7015550119",
            "AGENT:\n\nBEGIN:VCARD\nN:In;Ida\nAGENT:\nBEGIN:VCARD\nN:Deep;Di\nEND:VCARD\nEND:VCARD\nN:Out;Otto",
        ),
        ("Fred||Friday|||+17015550117", "Bob||Ray|||+17015550118", "Cy||Poe|||+17015550119", "Otto||Out"),
    ),
    FileKind(
        "birthdays",
        _cards(
            *(
                f"N:Day{number};Bea\nBDAY{text}"
                for number, text in enumerate(
                    (
                        ":1985-12-19",
                        ":19851219",
                        "::--1219",
                        ";VALUE=date:1985-12",
                        ":12/19/85",
                        ":1985-12-19T00:00:00Z",
                        ";VALUE=text:circa 1985",
                        ":19.12.1985",
                        ":19121985",
                        ":1604-12-19",
                        ":19 Dec 1985",
                        ":1985",
                        ":19851219T000000Z",
                        ":--12-19",
                        ":December 19, 1985",
                    )
                )
            )
        ),
        tuple(f"Bea||Day{number}|||||{'' if number in (2, 9, 13) else 1985}" for number in range(15)),
    ),
    FileKind(
        "phones",
        _cards(
            'N:Lee;Ann\nTEL;VALUE=uri;TYPE="voice,cell":tel:+1-701-555-0101;ext=4\n'
            "item1.TEL;type=pref:701-555-0102 / 701-555-0103\nTEL;FAX:7015559999\nTEL:7015550104.0\nTEL:0000000000"
        ),
        ("Ann||Lee|||+17015550101 +17015550102 +17015550103 +17015550104",),
    ),
    FileKind(
        "addresses",
        _cards(
            "N:Lee;Ann\nADR;TYPE=work:;;1 Work St;Tarn;HD;206;USA\nADR;type=HOME:;Apt 3;12 Elm St;Tarn;HD;205.0;USA",
            "N:Ray;Bob\nLABEL;HOME:12 Elm St\\nTarn\\, HD 00205",
            'N:Poe;Cy\nADR;LABEL="12 Elm St\\nTarn, HD 00205":;;;;;;',
            "N:Fox;Flo\nADR:14;;;Tarn;HD;00205;",
        ),
        (
            "Ann||Lee||||12 Elm St Apt 3, Tarn, HD, 00205",
            "Bob||Ray||||12 Elm St, Tarn, HD, 00205",
            "Cy||Poe||||12 Elm St, Tarn, HD, 00205",
            "Flo||Fox||||PO Box 14, Tarn, HD, 00205",
        ),
    ),
    FileKind(
        "quoted-printable that no property declares",
        _quoted("FN:Jos=C3=A9 Mu=C3=B1oz\nTEL:7015550101"),
        ("José||Muñoz|||+17015550101",),
    ),
    FileKind(
        "quoted-printable with several blanks", _quoted(f"N{_QP}:=4D=75=C3=\n    =B1=6F=7A;=41=6E=61"), ("Ana||Muñoz",)
    ),
)
