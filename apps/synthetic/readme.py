"""The README of every generated state."""

README = """Halden, a made-up state

Every person, address, number and mail here is invented. Phone numbers are of the range 555-0100 to 555-0199, mail
addresses of example.org and example.com. ZIP codes begin with 001 to 004, which no post office uses; the state's
FIPS code 90 and its postal code HD belong to nobody. On the map Halden lies in the Atlantic, west of longitude -44
and near latitude 35, so it never overlaps a real district.

manifest.json    seed, day, counts, and size and SHA-256 of every file
boundaries/      boundaries.json lists file, format, layer, vintage, valid_from, valid_to (the first day on which
                 the lines no longer hold); copy_of marks the same districts in another format. Columns: ocdid,
                 name, geometry (WGS 84). Congress and Senate change lines six weeks after the day the state is
                 made for; the House changed four years before.
addresses/       addrfeat.parquet: address ranges in the columns of TIGER's ADDRFEAT, with LCITY and RCITY (the
                 postal city), which TIGER lacks. openaddresses.csv: address points of one county.
roll/            generic.csv (UTF-8) and ncvoter_HD.txt (67 columns, TAB, latin-1): the same people, but that the
                 second cannot say "pre-registered" and leaves them out. Files with _next are of a month later.
                 Status in the generic file: active, inactive, temporary, denied, removed, confidential,
                 pre-registered. precinct, cd, sldu, sldl are the numbers of the districts of today; precinct
                 numbers repeat from county to county. Rolls of more than a million voters are .gz.
officials/       people.jsonl.gz (form of Open States), legislators.jsonl.gz (form of congress-legislators),
                 elections.csv and elections.json. House District 27 is vacant, House District 12 has two members.
                 lines_on is the day whose districts are voted in.
contacts/        address books in the dialects that people bring
demo/people.csv  people to try: what they type, and what they should be told
"""
