"""Reads the name of a contact, in parts or whole, with the one reading of names."""

from apps.matching.normalize.person_names import read_fields, read_name
from apps.matching.normalize.person_names.reading import PersonName

from .text import clean_text


def read_contact_name(first: str, middle: str, last: str, suffix: str = "", whole: str = "") -> PersonName:
    """Return a name from its parts; from the whole name if a part is missing, as phones store "Ann Lee" in one part."""
    first, middle, last, whole = clean_text(first), clean_text(middle), clean_text(last), clean_text(whole)
    if first and last:
        return read_fields(first, middle, last, suffix)
    half = first or last
    if "@" in whole:
        whole = ""  # an email address in place of a name
    if half and len(whole.split()) > len(half.split()) and half.casefold() in whole.casefold():
        half = whole
    if not half:
        name = read_name(whole)
    elif " " in half:
        name = read_name(half)
    else:
        return read_fields(first, middle, last, suffix)
    return name._replace(middle=name.middle or middle, suffix=name.suffix or read_fields("", "", "", suffix).suffix)
