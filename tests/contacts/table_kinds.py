"""Tables of kinds that importers get wrong, with the people in them. All are made up."""
# ruff: noqa: E501 - headers of real programs are long

from tests.contacts.file_kinds import FileKind

_PHONES = {
    "7015550101": "+17015550101",
    "7015550101.0": "+17015550101",
    "17015550101.0": "+17015550101",
    "7.015550101E+9": "+17015550101",
    "1.70156E+10": "",
    '"=""7015550101"""': "+17015550101",
    "'7015550101": "+17015550101",
    "701-555-0101 / 701-555-0102": "+17015550101 +17015550102",
    '"701-555-0101, 701-555-0102"': "+17015550101 +17015550102",
    "701.555.0101 ext. 4": "+17015550101",
    '"701-555-0101, ext. 4"': "+17015550101",
    "1-800-FLOWERS": "+18003569377",
    "+1 (701) 555‑0101": "+17015550101",
    "tel:701-555-0101": "+17015550101",
    "5550101": "5550101",
    "001 701 555 0101": "+17015550101",
    "+44 20 7946 0958": "+442079460958",
    "011 44 20 7946 0958": "+442079460958",
    "00447911123456": "+447911123456",
    "7015550101;7015550102": "+17015550101 +17015550102",
    "(701)555-0101 home": "+17015550101",
    "n/a": "",
    "0000000000": "",
    "(999) 999-9999": "",
    "+1+17015550101": "+17015550101",
    "+1+1+17015550101": "+17015550101",
    "++17015550101": "+17015550101",
    "+1 1 701 555 0101": "+17015550101",
    "７０１５５５０１０１": "+17015550101",
    "701-555-0101 or 701-555-0102": "+17015550101 +17015550102",
    "701/555-0101": "+17015550101",
    "(701) 555-0101 (701) 555-0102": "+17015550101 +17015550102",
    "701-555-0101/0102": "+17015550101",
    '"cell: 701-555-0101; home: 701-555-0102"': "+17015550101 +17015550102",
    '"701-555-0101\n701-555-0102"': "+17015550101 +17015550102",
    "701–555–0101": "+17015550101",
    "call me": "",
}
_ZIPS = {
    "205": "00205",
    "00205.0": "00205",
    "205.0": "00205",
    "2050012": "00205-0012",
    "002050012": "00205-0012",
    "00205-0012": "00205-0012",
    '"=""00205"""': "00205",
    "'00205": "00205",
    "00205-": "00205",
    "00205 0012": "00205-0012",
    "00205-0000": "00205",
    "A1A 1A1": "A1A 1A1",
}
_HOME = "12 Elm St, Tarn, HD, 00205"

TABLES = (
    FileKind(
        "Action Network",
        b"first_name,last_name,email,zip_code,can2_user_city,can2_state_abbreviated,can2_county,can2_phone,"
        b"can2_user_address,uuid,can2_subscription_status\n"
        b"Ann,Lee,ann@example.org,205,Tarn,HD,Marrick,17015550101,12 Elm St,u-1,subscribed\n",
        (f"Ann||Lee||ann@example.org|+17015550101|{_HOME}",),
    ),
    FileKind(
        "LinkedIn",
        b'Notes:\n"When exporting,\nyou may notice\nthat email addresses, names\nare missing."\n\nFirst Name,Last Name,URL,'
        b'Email Address,Company,Position,Connected On\nAnn,Lee,https://x,ann@example.org,Acme,"VP, Sales",27 Aug 2026\n',
        ("Ann||Lee||ann@example.org",),
    ),
    FileKind(
        "a preamble of 600 lines",
        b'Notes:\n"'
        + b"\n".join(b"line %d, with commas, and a name" % n for n in range(600))
        + b'"\n\nFirst Name,Last Name,Email Address\nAnn,"Lee, MBA",ann@example.org\n',
        ("Ann||Lee||ann@example.org",),
    ),
    FileKind(
        "NationBuilder",
        b"nationbuilder_id,prefix,first_name,middle_name,last_name,suffix,email,email1,phone_number,mobile_number,"
        b"work_phone_number,primary_address1,primary_address2,primary_city,primary_state,primary_zip,"
        b"primary_country_code,born_at,registered_address1,registered_city,registered_zip\n1,,Ann,Q,Lee,Jr,"
        b"ann@example.org,a2@example.org,701-555-0101,701-555-0102,,12 Elm St,Apt 3,Tarn,HD,00205,US,1980-03-04,"
        b"14 Elm St,Tarn,00205\n",
        (
            "Ann|Q|Lee|Jr|ann@example.org a2@example.org|+17015550101 +17015550102|12 Elm St Apt 3, Tarn, HD, 00205|1980",
        ),
    ),
    FileKind(
        "NationBuilder with organizations",
        b"nationbuilder_id,signup_type,full_name,first_name,last_name,email1,mailing_address1,mailing_city,home_address1,"
        b"home_city,home_state,home_zip,born_at\n1,0,Ann Lee,Ann,Lee,ann@example.org,PO Box 3,Tarn,12 Elm St,Tarn,HD,205,"
        b"1980-03-04 00:00:00 UTC\n2,1,Acme,,,info@example.org,,,,,,,\n",
        (f"Ann||Lee||ann@example.org||{_HOME}|1980",),
        ("organization",),
    ),
    FileKind(
        "VAN",
        b"Voter File VANID\tLastName\tFirstName\tMiddleName\tSuffix\tmAddress\tmCity\tmState\tmZip5\tmZip4\tAddress\tCity\t"
        b"State\tZip5\tZip4\tHomePhone\tCellPhone\tDOB\tPreferredEmail\n12\tLee\tAnn\tQ\tJr\tPO Box 4\tTarn\tHD\t205\t\t"
        b"12 Elm St\tTarn\tHD\t205\t12\t7015550101\t(701) 555-0102\t3/4/1980 12:00:00 AM\tann@example.org\n",
        ("Ann|Q|Lee|Jr|ann@example.org|+17015550101 +17015550102|12 Elm St, Tarn, HD, 00205-0012|1980",),
    ),
    FileKind(
        "VAN with a street in parts",
        b"VANID,Last,First,Mid,Suf,StreetNo,StreetNoHalf,StreetPrefix,StreetName,StreetType,StreetSuffix,AptType,AptNo,"
        b"City,State,Zip5,Zip4,Preferred Phone,Age,Date of Birth\n"
        b"12,Lee,Ann,,III,12,,N,Elm,St,,Apt,3,Tarn,HD,00205,,7015550101,46,03/04/1980\n",
        ("Ann||Lee|III||+17015550101|12 N Elm St Apt 3, Tarn, HD, 00205|1980",),
    ),
    FileKind(
        "EveryAction",
        b"VANID,Contact Name,First Name,Last Name,Preferred Email,Home Phone,Mobile Phone,Address Line 1,Address Line 2,"
        b"City,State/Province,Zip/Postal,Country/Region,Contact Type,Date of Birth\n"
        b'1,"Lee, Ann",Ann,Lee,ann@example.org,701-555-0101,701-555-0102,12 Elm St,Apt 3,Tarn,HD,00205,United States,'
        b"Individual,1980-03-04\n2,Acme,,,info@example.org,701-555-0109,,1 Work St,,Tarn,HD,00205,,Organization,\n",
        ("Ann||Lee||ann@example.org|+17015550101 +17015550102|12 Elm St Apt 3, Tarn, HD, 00205|1980",),
        ("organization",),
    ),
    FileKind(
        "CiviCRM",
        b'"Internal Contact ID","Contact Type","Sort Name","Display Name","First Name","Last Name","Individual Suffix",'
        b'"Birth Date","Household Name","Organization Name","Street Address","Supplemental Address 1","City",'
        b'"Postal Code Suffix","Postal Code","State","Phone","Email"\n1,Individual,"Lee, Ann","Ms. Ann Lee Jr.",Ann,Lee,'
        b'Jr.,1980-03-04,,,"12 Elm St","Apt 3",Tarn,1234,00205,Halden,701-555-0101,ann@example.org\n'
        b"2,Organization,Acme,Acme,,,,,,Acme,1 Work St,,Tarn,,00206,Halden,701-555-0102,info@example.org\n"
        b"3,Household,Lee home,Lee home,,,,,Lee home,,12 Elm St,,Tarn,,00205,Halden,,\n",
        ("Ann||Lee|Jr|ann@example.org|+17015550101|12 Elm St Apt 3, Tarn, HD, 00205-1234|1980",),
        ("organization", "household"),
    ),
    FileKind(
        "CiviCRM by location",
        b"Contact ID,First Name,Last Name,Home-Street Address,Home-City,Home-State,Home-Postal Code,Home-Phone-Phone,"
        b"Home-Phone-Mobile,Home-Email,Work-Phone-Phone\n"
        b"1,Ann,Lee,12 Elm St,Tarn,HD,00205,701-555-0101,701-555-0102,ann@example.org,701-555-0103\n",
        (f"Ann||Lee||ann@example.org|+17015550101 +17015550102 +17015550103|{_HOME}",),
    ),
    FileKind(
        "Yahoo",
        b'"First","Middle","Last","Email","Messenger ID","Home","Work","Pager","Fax","Mobile","Other","Yahoo! Phone",'
        b'"Primary","Alternate Email 1","Home Address","Home City","Home State","Home ZIP","Birthday","Anniversary"\n'
        b'"Ann","","Lee","ann@example.org","","701-555-0106","701-555-0206","","","701-555-0306","","","",'
        b'"a2@example.org","12 Elm St","Tarn","HD","00205","3/4/1980",""\n',
        (f"Ann||Lee||ann@example.org a2@example.org|+17015550106 +17015550206 +17015550306|{_HOME}|1980",),
    ),
    FileKind(
        "WhatsApp",
        b"Saved Name,Public Display Name,Phone Number,Country Code\nAnn Lee,,7015550101,1\n,Bob Ray,7911123456,44\n"
        b"Cy Poe,,(701) 555-0102,+1\n",
        ("Ann||Lee|||+17015550101", "Bob||Ray|||+447911123456", "Cy||Poe|||+17015550102"),
    ),
    FileKind(
        "Thunderbird",
        b"First Name,Last Name,Display Name,Primary Email,Secondary Email,Home Phone,Fax Number,Mobile Number,Home Address,"
        b"Home Address 2,Home City,Home State,Home ZipCode,Birth Year,Birth Month,Birth Day\nAnn,Lee,Ann Lee,"
        b"ann@example.org,a2@example.org,701-555-0101,,701-555-0102,12 Elm St,Apt 3,Tarn,HD,00205,1980,3,4\n",
        ("Ann||Lee||ann@example.org a2@example.org|+17015550101 +17015550102|12 Elm St Apt 3, Tarn, HD, 00205|1980",),
    ),
    FileKind(
        "Votekin's own export",
        "\ufefffirst_name,middle_name,last_name,suffix,emails,phones,address,city,state,zip,status,districts\n"
        "Ann,,Lee,Jr,ann@example.org|a2@example.org,+17015550101|+17015550102,12 Elm St,Tarn,HD,00205,no_roll,\n".encode(),
        (f"Ann||Lee|Jr|ann@example.org a2@example.org|+17015550101 +17015550102|{_HOME}",),
    ),
    FileKind(
        "joined tables",
        b"\xef\xbb\xbfName,Email\r\nAnn Lee,ann@example.org\r\n\xef\xbb\xbfName,Email\r\nBob Ray,bob@example.org\r\n",
        ("Ann||Lee||ann@example.org", "Bob||Ray||bob@example.org"),
    ),
    FileKind(
        "Mac Roman",
        "First Name,Last Name\nJosé,Peña\nMaría,Núñez\nZoë,O’Brien\nJoão,Conceição\nMUÑOZ,PEÑA\n".encode("mac_roman"),
        ("José||Peña", "María||Núñez", "Zoë||O'Brien", "João||Conceição", "MUÑOZ||PEÑA"),
    ),
    FileKind("Mac Roman, one name", "Nombre;Apellidos\rAndrés;Ibáñez\r".encode("mac_roman"), ("Andrés||Ibáñez",)),
    FileKind(
        "Windows-1252",
        "First Name,Last Name\nJosé,Peña\nMaría,Núñez\nZoë,O’Brien\nMUÑOZ,PEÑA\nAna,Brandt–Osei\n".encode("cp1252"),
        ("José||Peña", "María||Núñez", "Zoë||O'Brien", "MUÑOZ||PEÑA", "Ana||Brandt-Osei"),
    ),
    FileKind("DOS code page", "Name\nMaría Núñez\nJosé Peña\n".encode("cp850"), ("María||Núñez", "José||Peña")),
    FileKind(
        "without a header",
        b"Ann,Lee,ann@example.org,701-555-0101\nBob,Miller,bob@example.org,701-555-0102\n",
        ("Ann||Lee||ann@example.org|+17015550101", "Bob||Miller||bob@example.org|+17015550102"),
    ),
    FileKind(
        "without a header, whole names",
        b"Ann Lee,701-555-0101\nBob Miller,7015550102\n",
        ("Ann||Lee|||+17015550101", "Bob||Miller|||+17015550102"),
    ),
    FileKind(
        "without a header, with an address",
        b"ann@example.org;Miller;Ann;12 Elm St;Tarn;HD;00205;1980-03-04\n",
        (f"Ann||Miller||ann@example.org||{_HOME}|1980",),
    ),
    FileKind("without a header, one person", b"Ann,Q,Lee,ann@example.org\n", ("Ann|Q|Lee||ann@example.org",)),
    FileKind(
        "phones",
        ("Name,Phone\n" + "".join(f"P{n} X,{text}\n" for n, text in enumerate(_PHONES))).encode(),
        tuple(f"P{n}||X|||{phones}" for n, phones in enumerate(_PHONES.values())),
    ),
    FileKind(
        "ZIP codes",
        ("Name,City,Zip\n" + "".join(f"P{n} X,Tarn,{text}\n" for n, text in enumerate(_ZIPS))).encode(),
        tuple(f"P{n}||X||||, Tarn, , {text}" for n, text in enumerate(_ZIPS.values())),
    ),
    FileKind(
        "entries that are no people",
        b"Name,Phone,Type\nAcme Inc.,7015550101,\nThe Smith Family,7015550102,\nBook Club,,\nAnn Lee,7015550103,Family\n"
        b"Bob Fox,7015550104,Organization\nConference Room B,7015550105,\nJohn & Mary Smith,,\n",
        ("Ann||Lee|||+17015550103",),
        ("organization", "household", "group", "organization", "place", "household"),
    ),
    FileKind(
        "Google with a company and marks",
        "First Name,Last Name,Name Suffix,Organization Name,Labels,File As,Phone 1 - Value\n,,,Tarn Plumbing,,,7015550101\n"
        'Ann,Lee,"Jr., M.D.",Acme,,,\nDr. Bob 😊,Ray MD,,,,,\n'.encode(),
        ("Ann||Lee|Jr", "Bob||Ray"),
        ("organization",),
    ),
    FileKind(
        "notes of many lines",
        b"First Name,Last Name,E-mail Address,Home Street,Home City,Home State,Home Postal Code,Birthday,Notes\nAnn,Lee,,"
        b'"12 Elm St\nApt 3",Tarn,HD,205,0/0/00,"note\nwith ""lines""\n\nand blanks"\nBob,Ray,bob@example.org,,,,,3/4/1980,\n',
        ("Ann||Lee||||12 Elm St Apt 3, Tarn, HD, 00205", "Bob||Ray||bob@example.org|||1980"),
    ),
    FileKind("day first", b"Name,Birthday\nA Bo,31/12/80\nC Do,05/06/81\n", ("A||Bo|||||1980", "C||Do|||||1981")),
    FileKind("serial numbers", b"Name,DOB\nA Bo,29284\nC Do,30000\n", ("A||Bo|||||1980", "C||Do|||||1982")),
    FileKind(
        "a list of names", "Name\nLee, Ann\nO’Brien–Smith, Dr. Bob\n".encode(), ("Ann||Lee", "Bob||O'Brien-Smith")
    ),
    FileKind(
        "a type by columns of yes and no",
        b"Name,Is Organization,Email\nAnn Lee,No,ann@example.org\nZebra,Yes,z@example.org\n",
        ("Ann||Lee||ann@example.org",),
        ("organization",),
    ),
    FileKind(
        "headers without blanks",
        b"FirstName,MiddleName,LastName,StreetAddress,City,State,ZipCode,CellPhone,EmailAddress,DateOfBirth\n"
        b"Ann,Q,Lee,12 Elm St,Tarn,HD,205,7015550101,ann@example.org,19800304\n",
        (f"Ann|Q|Lee||ann@example.org|+17015550101|{_HOME}|1980",),
    ),
    FileKind(
        "without a header, the first row without values",
        b"Ann,Lee,,\nBob,Miller,bob@example.org,701-555-0102\n",
        ("Ann||Lee", "Bob||Miller||bob@example.org|+17015550102"),
    ),
)
