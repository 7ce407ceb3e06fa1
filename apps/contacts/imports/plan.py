"""Plans what a batch of rows does to a member's contacts, before anything is written. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.contacts import serialization
from apps.contacts.dedupe import blocking_key_hashes, fingerprint, may_be_same_person, merge_contacts
from apps.contacts.matching import ContactMatch
from apps.contacts.models import FINAL_CORRECTIONS, Contact, ContactKey, RowAssignment, Status
from apps.contacts.parsing import RawContact

NumberedRows = list[tuple[int, RawContact]]


@dataclass(slots=True, eq=False)
class PlannedContact:
    """Describe a contact that rows affect: an existing one or a new one."""

    contact: RawContact
    existing: Contact | None = None
    previous: RawContact | None = None
    rows: NumberedRows = field(default_factory=list)
    merged_ids: list[int] = field(default_factory=list)
    merged_into: "PlannedContact | None" = None
    match: ContactMatch | None = None

    @property
    def changed(self) -> bool:
        """Return whether the rows add anything new."""
        return self.contact != self.previous

    @property
    def never_merge(self) -> bool:
        """Return whether its owner split it from another contact."""
        return bool(self.existing and self.existing.never_merge)

    @property
    def needs_match(self) -> bool:
        """Return whether the roll must be queried."""
        if self.existing is None:
            return True
        if self.existing.correction in FINAL_CORRECTIONS:
            return False
        return self.changed or self.existing.status == Status.WAITING

    def survivor(self) -> "PlannedContact":
        """Return the entry that this one was merged into, or itself."""
        return self.merged_into.survivor() if self.merged_into else self


@dataclass
class ImportPlan:
    """Hold the planned contacts in order of their first row."""

    entries: list[PlannedContact]

    def __post_init__(self) -> None:
        self.new = [entry for entry in self.entries if entry.existing is None]
        self.existing = [entry for entry in self.entries if entry.existing is not None]


def plan_rows(owner_id: int, rows: NumberedRows) -> ImportPlan:
    """Return what these rows do to the owner's contacts."""
    keys = {number: blocking_key_hashes(owner_id, row) for number, row in rows}
    fingerprints = {number: fingerprint(owner_id, row) for number, row in rows}
    assignments = RowAssignment.objects.filter(owner_id=owner_id, row__in=list(fingerprints.values())).values_list(
        "row", "contact_id"
    )
    pinned = {bytes(row): contact_id for row, contact_id in assignments}
    contacts, entries_by_key = _existing_contacts(
        owner_id, {key for row_keys in keys.values() for key in row_keys}, pinned.values()
    )
    entries: dict[PlannedContact, None] = {}
    for number, row in rows:
        assigned = contacts.get(pinned.get(fingerprints[number], 0))
        entry = _merge_row(assigned.survivor(), row) if assigned else _entry_for(row, keys[number], entries_by_key)
        entry.rows.append((number, row))
        for key in keys[number]:
            entries_by_key.setdefault(key, []).append(entry)
        entries.setdefault(entry)
    return ImportPlan([entry for entry in entries if entry.merged_into is None])


def _entry_for(row: RawContact, keys: list[bytes], entries_by_key: dict[bytes, list[PlannedContact]]) -> PlannedContact:
    """Return the entry that a row joins, or a new one; merge entries that the row shows to be one person."""
    candidates = list(dict.fromkeys(entry.survivor() for key in keys for entry in entries_by_key.get(key, ())))
    candidates.sort(key=lambda entry: entry.existing is None)
    first: PlannedContact | None = None
    for entry in candidates:
        if first is None and may_be_same_person(entry.contact, row):
            first = _merge_row(entry, row)
        elif (
            first is not None
            and not (first.never_merge and entry.never_merge)
            and may_be_same_person(first.contact, entry.contact)
        ):
            _merge_entries(first, entry)
    return first or PlannedContact(row)


def _merge_row(entry: PlannedContact, row: RawContact) -> PlannedContact:
    entry.contact = merge_contacts(entry.contact, row)
    return entry


def _merge_entries(first: PlannedContact, other: PlannedContact) -> None:
    first.contact = merge_contacts(first.contact, other.contact)
    first.rows += other.rows
    first.merged_ids += other.merged_ids + ([other.existing.pk] if other.existing else [])
    other.merged_into = first


def _existing_contacts(
    owner_id: int, hashes: set[bytes], pinned: Iterable[int]
) -> tuple[dict[int, PlannedContact], dict[bytes, list[PlannedContact]]]:
    """Return existing contacts as entries, by contact id and by blocking key."""
    pairs = list(ContactKey.objects.filter(owner_id=owner_id, hash__in=hashes).values_list("hash", "contact_id"))
    contacts = Contact.objects.owned_by(owner_id).in_bulk({*pinned, *(contact_id for _hash, contact_id in pairs)})
    entries = {}
    for contact_id in sorted(contacts):
        data = serialization.load_contact(contacts[contact_id].data)
        entries[contact_id] = PlannedContact(data, contacts[contact_id], data)
    entries_by_key: dict[bytes, list[PlannedContact]] = {}
    for key, contact_id in pairs:
        if contact_id in entries:
            entries_by_key.setdefault(bytes(key), []).append(entries[contact_id])
    return entries, entries_by_key
