"""Define the files of a voter index and their contents. Each snapshot and state has one folder.

All files are plain little-endian arrays without headers; manifest.json states their lengths and checksums.
"""

from typing import Any

import numpy as np

FORMAT = 4  # changes with the normal forms, the keys or the files; an index of another format must be rebuilt

# One voter in one cache line: comparing a candidate costs one memory miss.
VOTER = np.dtype(
    [
        ("first", "<u4"),
        ("middle", "<u4"),
        ("last", "<u4"),
        ("street", "<u4"),
        ("city", "<u4"),
        ("house", "<u4"),
        ("unit", "<u4"),
        ("zip", "<u4"),
        ("phone", "<u8"),
        ("email", "<u8"),
        ("year", "<u2"),
        ("month", "u1"),
        ("day", "u1"),
        ("suffix", "u1"),
        ("sex", "u1"),
        ("status", "u1"),
        ("letter", "u1"),  # of the house number
        ("course", "u1"),  # directions of the street
        ("kind", "u1"),  # type of the street, or system of the road
        ("spare", "u1", (6,)),
    ]
)
# How many voters have a name as first word of the first name, in its nickname group, as full surname.
NAME_COUNTS = np.dtype([("first", "<u4"), ("group", "<u4"), ("last", "<u4")])
PLACE_COUNTS = np.dtype("<u4")

MANIFEST = "manifest.json"
ROWS = "voters.bin"
IDS, IDS_AT = "ids.txt", "ids_at.bin"
ZIPS, ZIP_COUNTS = "zips.bin", "zip_counts.bin"
# How many voters of a surname live in a ZIP or city: the surname's code in the upper 32 bits, the place in the lower.
BY_ZIP, BY_CITY = "surname_zip", "surname_city"
KEYS, STARTS, BLOCKS = "keys.bin", "starts.bin", "blocks.bin"
VOCABULARIES = ("names", "streets", "cities")

U4, U8 = np.dtype("<u4"), np.dtype("<u8")
FILES: dict[str, np.dtype[Any]] = {
    ROWS: VOTER,
    IDS: np.dtype("u1"),
    IDS_AT: U8,
    ZIPS: U4,
    ZIP_COUNTS: U4,
    KEYS: U8,
    STARTS: U4,
    BLOCKS: U4,
    "names_counts.bin": NAME_COUNTS,
    "streets_counts.bin": PLACE_COUNTS,
    "cities_counts.bin": PLACE_COUNTS,
    **{f"{v}.bin": U8 for v in (BY_ZIP, BY_CITY)},
    **{f"{v}_counts.bin": U4 for v in (BY_ZIP, BY_CITY)},
    **{f"{v}.txt": np.dtype("u1") for v in VOCABULARIES},
    **{f"{v}_at.bin": U4 for v in VOCABULARIES},
    **{f"{v}_hash.bin": U8 for v in VOCABULARIES},
    **{f"{v}_code.bin": U4 for v in VOCABULARIES},
}
