"""Normalize cities, ZIP codes and states."""

from functools import lru_cache

from apps.matching.normalize.text import fold, hash64, words

NO_ZIP = 0
_FOREIGN = 1 << 31  # marks a postal code that is not a number
_CITY_WORDS = {
    "FT": "FORT", "ST": "SAINT", "STE": "SAINTE", "MT": "MOUNT", "MTN": "MOUNTAIN", "HTS": "HEIGHTS",
    "N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST", "SPGS": "SPRINGS", "SPG": "SPRING",
    "JCT": "JUNCTION",
    "BCH": "BEACH", "VLG": "VILLAGE", "PT": "POINT", "LK": "LAKE", "CTR": "CENTER", "TWP": "", "TOWNSHIP": "",
    "IS": "ISLAND", "PK": "PARK", "VLY": "VALLEY", "CY": "CITY",
}  # fmt: skip
STATES = {
    "ALABAMA": "AL", "ALASKA": "AK", "ARIZONA": "AZ", "ARKANSAS": "AR", "CALIFORNIA": "CA", "COLORADO": "CO",
    "CONNECTICUT": "CT", "DELAWARE": "DE", "DISTRICT OF COLUMBIA": "DC", "FLORIDA": "FL", "GEORGIA": "GA",
    "HAWAII": "HI", "IDAHO": "ID", "ILLINOIS": "IL", "INDIANA": "IN", "IOWA": "IA", "KANSAS": "KS",
    "KENTUCKY": "KY", "LOUISIANA": "LA", "MAINE": "ME", "MARYLAND": "MD", "MASSACHUSETTS": "MA",
    "MICHIGAN": "MI",
    "MINNESOTA": "MN", "MISSISSIPPI": "MS", "MISSOURI": "MO", "MONTANA": "MT", "NEBRASKA": "NE",
    "NEVADA": "NV",
    "NEW HAMPSHIRE": "NH", "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW YORK": "NY", "NORTH CAROLINA": "NC",
    "NORTH DAKOTA": "ND", "OHIO": "OH", "OKLAHOMA": "OK", "OREGON": "OR", "PENNSYLVANIA": "PA",
    "RHODE ISLAND": "RI", "SOUTH CAROLINA": "SC", "SOUTH DAKOTA": "SD", "TENNESSEE": "TN", "TEXAS": "TX",
    "UTAH": "UT", "VERMONT": "VT", "VIRGINIA": "VA", "WASHINGTON": "WA", "WEST VIRGINIA": "WV",
    "WISCONSIN": "WI",
    "WYOMING": "WY", "PUERTO RICO": "PR", "GUAM": "GU", "AMERICAN SAMOA": "AS", "US VIRGIN ISLANDS": "VI",
}  # fmt: skip


@lru_cache(50_000)
def city(text: str) -> str:
    """Return a city's letters without spaces: `Ft. Wayne` FORTWAYNE, `city of St Paul` SAINTPAUL."""
    parts = words(text)
    if parts[:2] in (["CITY", "OF"], ["TOWN", "OF"]):
        parts = parts[2:]
    return "".join(_CITY_WORDS.get(p, p) for p in parts)


@lru_cache(100_000)
def zip_code(text: str) -> int:
    """Return a ZIP code as a number, which restores a lost leading zero; 00000 and missing codes are 0.

    Postal codes with letters become other numbers, above every ZIP code.
    """
    cleaned = "".join(words(text))
    if not cleaned:
        return NO_ZIP
    if not cleaned.isdigit():
        return _FOREIGN | (hash64(cleaned) & 0x7FFFFFFF)
    # ZIP+4 without its hyphen has eight digits if the leading zero is lost.
    digits = cleaned.zfill(9)[:5] if len(cleaned) in (8, 9) else cleaned[:5]
    return int(digits)


@lru_cache(1_000)
def state(text: str) -> str:
    """Return a state's code as rolls write it: `North Carolina` and `n.c.` are NC; unknown text stays, folded."""
    name = " ".join(fold(text).replace(".", "").split())
    return STATES.get(name, name)
