"""The one parser of names, for matching, forms, contacts and lists. Imports neither Django nor a voter roll."""

from apps.matching.normalize.person_names.entries import EntryKind, kind_of_entry, kind_of_label
from apps.matching.normalize.person_names.reading import PersonName, clean_name, read_fields, read_name, read_suffix

__all__ = [
    "EntryKind",
    "PersonName",
    "clean_name",
    "kind_of_entry",
    "kind_of_label",
    "read_fields",
    "read_name",
    "read_suffix",
]
