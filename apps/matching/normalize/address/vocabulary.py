"""Words of US addresses with one abbreviation each, as in Publication 28 of the Postal Service."""

from typing import Final

# The first word of each line is the abbreviation.
_TYPE_LINES: Final = (
    "ST STREET STR STRT", "AVE AVENUE AV AVEN AVENU AVN AVNUE AVENIDA AVDA", "RD ROAD", "DR DRIVE DRV DRIV",
    "LN LANE LA", "CT COURT CRT", "PL PLACE", "WAY WY", "CIR CIRCLE CIRC CRCL", "TER TERRACE TERR",
    "TRL TRAIL TR TRAILS",     "CALLE CLL",
    "PKWY PARKWAY PKY PKWAY PARKWY", "BLVD BOULEVARD BLV BOUL BOULV BULEVAR", "HWY HIGHWAY HIWAY HIGHWY HWAY",
    "SQ SQUARE SQR", "ALY ALLEY ALLY", "LOOP", "RUN", "PATH", "PASS", "XING CROSSING CRSSNG", "CV COVE", "PT POINT",
    "RDG RIDGE", "ROW", "TPKE TURNPIKE TRNPK", "EXT EXTENSION EXTN", "EXPY EXPRESSWAY EXPWY", "FWY FREEWAY FRWY",
    "HOLW HOLLOW", "BND BEND", "PLZ PLAZA", "GLN GLEN", "MNR MANOR", "VW VIEW", "HTS HEIGHTS", "LNDG LANDING",
    "CRES CRESCENT", "GRV GROVE", "SPUR", "WALK", "MALL", "CMNS COMMONS", "CHASE", "TRCE TRACE", "BR BRANCH",
    "BYP BYPASS",
    "CRK CREEK", "HL HILL", "JCT JUNCTION", "MDW MEADOW", "MTN MOUNTAIN", "PIKE", "RTE ROUTE RT", "STA STATION",
    "VLY VALLEY", "VLG VILLAGE", "CSWY CAUSEWAY", "LK LAKE", "PARK",
)  # fmt: skip
TYPES: Final = {word: line.split()[0] for line in _TYPE_LINES for word in line.split()}
# Types that nearly always end a street's name. Text after one on a line without commas is a city.
STRONG_TYPES: Final = frozenset(
    "ST AVE RD DR LN CT PL WAY CIR TER TRL PKWY BLVD HWY SQ ALY LOOP TPKE EXPY FWY XING CV".split()
)
# Types that precede the name: Calle Luna, Avenida Ponce de Leon.
FRONT_TYPES: Final = frozenset({"CALLE", "AVE", "BLVD"})
DIRECTIONS: Final = {
    **dict.fromkeys(("N", "NORTH", "NO", "NORTE"), "N"), **dict.fromkeys(("S", "SOUTH", "SO", "SUR"), "S"),
    **dict.fromkeys(("E", "EAST", "ESTE"), "E"), **dict.fromkeys(("W", "WEST", "OESTE"), "W"),
    **dict.fromkeys(("NE", "NORTHEAST"), "NE"), **dict.fromkeys(("NW", "NORTHWEST"), "NW"),
    **dict.fromkeys(("SE", "SOUTHEAST"), "SE"), **dict.fromkeys(("SW", "SOUTHWEST"), "SW"),
}  # fmt: skip
# Other words with abbreviations within a name.
SHORT: Final = {
    "SAINT": "ST", "SAINTE": "STE", "MOUNT": "MT", "FORT": "FT", "DOCTOR": "DR", "JUNIOR": "JR", "SENIOR": "SR",
    "CENTER": "CTR", "CENTRE": "CTR", "MEMORIAL": "MEM", "MOUNTAINS": "MTNS", "GENERAL": "GEN", "CAPTAIN": "CAPT",
    "PRESIDENT": "PRES", "COLONEL": "COL", "HARBOUR": "HARBOR", "GREY": "GRAY",
}  # fmt: skip
# Common variants of a road's name. Matched on the words of a name, longest first.
ALIASES: Final = (
    ("MARTIN LUTHER KING", "MLK"), ("MARTIN L KING", "MLK"), ("M L KING", "MLK"), ("ML KING", "MLK"), ("M L K", "MLK"),
    ("JOHN F KENNEDY", "JFK"), ("J F KENNEDY", "JFK"), ("J F K", "JFK"),
    ("FRANKLIN D ROOSEVELT", "FDR"), ("FRANKLIN DELANO ROOSEVELT", "FDR"), ("CESAR E CHAVEZ", "CESAR CHAVEZ"),
)  # fmt: skip
STATE_CODES: Final = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP".split()
)
STATE_NAMES: Final = {
    "NORTH CAROLINA": "NC", "SOUTH CAROLINA": "SC", "NORTH DAKOTA": "ND", "SOUTH DAKOTA": "SD", "NEW YORK": "NY",
    "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW HAMPSHIRE": "NH", "WEST VIRGINIA": "WV", "RHODE ISLAND": "RI",
    "PUERTO RICO": "PR", "DISTRICT OF COLUMBIA": "DC", "ALABAMA": "AL", "ALASKA": "AK", "ARIZONA": "AZ",
    "ARKANSAS": "AR",
    "CALIFORNIA": "CA", "COLORADO": "CO", "CONNECTICUT": "CT", "DELAWARE": "DE", "FLORIDA": "FL", "GEORGIA": "GA",
    "HAWAII": "HI", "IDAHO": "ID", "ILLINOIS": "IL", "INDIANA": "IN", "IOWA": "IA", "KANSAS": "KS", "KENTUCKY": "KY",
    "LOUISIANA": "LA", "MAINE": "ME", "MARYLAND": "MD", "MASSACHUSETTS": "MA", "MICHIGAN": "MI", "MINNESOTA": "MN",
    "MISSISSIPPI": "MS", "MISSOURI": "MO", "MONTANA": "MT", "NEBRASKA": "NE", "NEVADA": "NV", "OHIO": "OH",
    "OKLAHOMA": "OK", "OREGON": "OR", "PENNSYLVANIA": "PA", "TENNESSEE": "TN", "TEXAS": "TX", "UTAH": "UT",
    "VERMONT": "VT", "VIRGINIA": "VA", "WASHINGTON": "WA", "WISCONSIN": "WI", "WYOMING": "WY",
}  # fmt: skip
