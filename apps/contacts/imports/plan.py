"""What a stretch of rows does to a member's contacts, worked out before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.contacts import serialization
from apps.contacts.dedupe import blocking_key_hashes, fingerprint, may_be_same_person, merge_contacts, opt_out_hash
from apps.contacts.matching import ContactMatch
from apps.contacts.models import FINAL_CORRECTIONS, Contact, ContactKey, OptOut, RowAssignment, Status
from apps.contacts.parsing import RawContact

NumberedRows = list[tuple[int, RawContact]]


@dataclass(slots=True, eq=False)
class PlannedContact:
    """A contact that the rows are about: one there is, or one to be made."""

    contact: RawContact
    known: Contact | None = None
    before: RawContact | None = None
    rows: NumberedRows = field(default_factory=list)
    absorbed: list[int] = field(default_factory=list)
    into: "PlannedContact | None" = None
    found: ContactMatch | None = None

    @property
    def changed(self) -> bool:
        """Return whether the rows say anything that was not known."""
        return self.contact != self.before

    @property
    def apart(self) -> bool:
        """Return whether its owner took it apart from another one."""
        return bool(self.known and self.known.apart)

    @property
    def wants_answer(self) -> bool:
        """Return whether the roll has to be asked."""
        if self.known is None:
            return True
        if self.known.correction in FINAL_CORRECTIONS:
            return False
        return self.changed or self.known.status == Status.WAITING

    def last(self) -> "PlannedContact":
        """Return the entry that this one became part of."""
        return self.into.last() if self.into else self


@dataclass
class ImportPlan:
    """Entries by their first row, and how many rows stay out at the wish of the person."""

    entries: list[PlannedContact]
    left_out: int

    def __post_init__(self) -> None:
        self.new = [entry for entry in self.entries if entry.known is None]
        self.there = [entry for entry in self.entries if entry.known is not None]


def plan_rows(owner_id: int, rows: NumberedRows) -> ImportPlan:
    """Return what the rows do; reads only."""
    staying = _without_opt_outs(rows)
    keys = {number: blocking_key_hashes(owner_id, row) for number, row in staying}
    prints = {number: fingerprint(owner_id, row) for number, row in staying}
    pins = RowAssignment.objects.filter(owner_id=owner_id, row__in=list(prints.values())).values_list(
        "row", "contact_id"
    )
    pinned = {bytes(row): contact_id for row, contact_id in pins}
    known, met = _existing_contacts(owner_id, {key for found in keys.values() for key in found}, pinned.values())
    entries: dict[PlannedContact, None] = {}
    for number, row in staying:
        own = known.get(pinned.get(prints[number], 0))
        entry = _merge_row(own.last(), row) if own else _entry_for(row, keys[number], met)
        entry.rows.append((number, row))
        for key in keys[number]:
            met.setdefault(key, []).append(entry)
        entries.setdefault(entry)
    return ImportPlan([entry for entry in entries if entry.into is None], len(rows) - len(staying))


def _entry_for(row: RawContact, keys: list[bytes], met: dict[bytes, list[PlannedContact]]) -> PlannedContact:
    """Return the entry that a row joins, a new one where none fits; entries that it shows to be one are joined."""
    hits = list(dict.fromkeys(entry.last() for key in keys for entry in met.get(key, ())))
    hits.sort(key=lambda entry: entry.known is None)
    first: PlannedContact | None = None
    for entry in hits:
        if first is None and may_be_same_person(entry.contact, row):
            first = _merge_row(entry, row)
        elif (
            first is not None and not (first.apart and entry.apart) and may_be_same_person(first.contact, entry.contact)
        ):
            _merge_entries(first, entry)
    return first or PlannedContact(row)


def _merge_row(entry: PlannedContact, row: RawContact) -> PlannedContact:
    entry.contact = merge_contacts(entry.contact, row)
    return entry


def _merge_entries(first: PlannedContact, other: PlannedContact) -> None:
    first.contact = merge_contacts(first.contact, other.contact)
    first.rows += other.rows
    first.absorbed += other.absorbed + ([other.known.pk] if other.known else [])
    other.into = first


def _existing_contacts(
    owner_id: int, hashes: set[bytes], pinned: Iterable[int]
) -> tuple[dict[int, PlannedContact], dict[bytes, list[PlannedContact]]]:
    """Return the entries of contacts that are already there, by their number and by the keys that meet them."""
    pairs = list(ContactKey.objects.filter(owner_id=owner_id, hash__in=hashes).values_list("hash", "contact_id"))
    there = Contact.objects.of(owner_id).in_bulk({*pinned, *(contact_id for _hash, contact_id in pairs)})
    entries = {}
    for contact_id in sorted(there):
        before = serialization.load_contact(there[contact_id].data)
        entries[contact_id] = PlannedContact(before, there[contact_id], before)
    met: dict[bytes, list[PlannedContact]] = {}
    for key, contact_id in pairs:
        if contact_id in entries:
            met.setdefault(bytes(key), []).append(entries[contact_id])
    return entries, met


def _without_opt_outs(rows: NumberedRows) -> NumberedRows:
    hashes = {
        number: {opt_out_hash("mail", mail) for mail in row.emails} | {opt_out_hash("phone", p) for p in row.phones}
        for number, row in rows
    }
    asked = {one for group in hashes.values() for one in group}
    out = {bytes(one) for one in OptOut.objects.filter(hash__in=asked).values_list("hash", flat=True)}
    return [(number, row) for number, row in rows if not hashes[number] & out]
