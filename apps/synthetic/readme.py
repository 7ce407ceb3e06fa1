"""The README of every generated state."""

README = """Halden, a fictional state

Every person, address, number and email address here is invented. Phone numbers are in the range 555-0100 to 555-0199,
email addresses end in example.org or example.com. ZIP codes begin with 001 to 004, which the Postal Service has not
assigned; the FIPS code 90 and the postal code HD are unassigned too. On the map Halden lies in the Atlantic, west of
longitude -44 and near latitude 35, so it never overlaps a real district.

manifest.json    seed, day, counts, and size and SHA-256 of every file
boundaries/      boundaries.json lists file, format, layer, vintage, valid_from, valid_to (the first day on which
                 the districts are no longer valid); copy_of marks the same districts in another format. Columns:
                 ocdid, name, geometry (WGS 84). Congress and Senate change districts six weeks after the day for
                 which the state is generated; the House changed four years before.
addresses/       addrfeat.parquet: address ranges in the columns of TIGER's ADDRFEAT, with LCITY and RCITY (the
                 postal city), which TIGER lacks. openaddresses.csv: address points of one county.
roll/            generic.csv (UTF-8) and ncvoter_HD.txt (67 columns, TAB, latin-1): the same people, except that the
                 second omits pre-registered people, for whom it has no status. Files with _next are a month later.
                 Status in the generic file: active, inactive, temporary, denied, removed, confidential,
                 pre-registered. precinct, cd, sldu, sldl are the numbers of the current districts; precinct
                 numbers repeat from county to county. Rolls of more than a million voters are .gz.
officials/       people.jsonl.gz (format of Open States), legislators.jsonl.gz (format of congress-legislators),
                 elections.csv and elections.json. House District 27 is vacant, House District 12 has two members.
                 lines_on is the day whose districts apply.
contacts/        address books in the formats that people upload
demo/people.csv  people to try: what they enter, and the expected results
"""
