"""Load address files into a store, and return the single match of a result."""

from collections import Counter
from pathlib import Path

from apps.districts.addresses.files import read_rows
from apps.districts.addresses.lookup import AddressMatch, AddressResult
from apps.districts.addresses.store import replace_source


def load(store: Path, file: Path, kind: str | None = None) -> Counter[str]:
    skipped: Counter[str] = Counter()
    replace_source(store, file.name, kind or "", read_rows(file, kind, skipped))
    return skipped


def found(answer: AddressResult) -> AddressMatch:
    assert isinstance(answer, AddressMatch), answer
    return answer
