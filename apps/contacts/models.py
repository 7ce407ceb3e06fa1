"""Models of imports and contacts, readable by their owner only.

Names and contact data are encrypted; keyed hashes beside them are salted with the owner, so that a database dump shows
neither a person nor that two members know the same one.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import ContactQuerySet, ImportQuerySet


class Status(models.TextChoices):
    """Name what an owner learns about a contact."""

    WAITING = "waiting", _("Waiting")
    REGISTERED = "registered", _("Registered")
    LIKELY = "likely", _("Likely")
    UNCLEAR = "unclear", _("Add a detail")
    NOT_FOUND = "not_found", _("Not found")
    NO_ROLL = "no_roll", _("No roll here")


class ContactsVersion(models.Model):
    """Store the generation of a member's contacts: the optimistic lock of its writers.

    A writer reads the generation before planning and writes only if it is unchanged; segments carry it in their key, so
    that an outdated set is never read.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    generation = models.PositiveBigIntegerField(default=0)
    rechecked_on = models.DateField(null=True, help_text="Day of the owner's last re-check of all contacts.")

    def __str__(self) -> str:
        return f"version of {self.pk}"


class Import(models.Model):
    """Store one import from preview to end: a file, a pasted list, an address book or one person."""

    class State(models.TextChoices):
        """Name the state of an import. A draft is a preview; it has no contacts yet."""

        FETCHING = "fetching", _("Fetching")
        DRAFT = "draft", _("Preview")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        UNDONE = "undone", _("Undone")

    class Kind(models.TextChoices):
        """Name the source of an import."""

        CSV = "csv", _("Table")
        VCARD = "vcard", _("Cards")
        PASTE = "paste", _("Pasted list")
        MANUAL = "manual", _("One person")
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    by_operator = models.BooleanField(default=False, help_text="Imported by command: exempt from daily quotas.")
    file_name = EncryptedTextField(blank=True, owner="owner_id")
    total = models.PositiveIntegerField(default=0, help_text="Readable rows.")
    bad = models.PositiveIntegerField(default=0, help_text="Unreadable rows.")
    parts = models.PositiveIntegerField(default=0)
    next_part = models.PositiveIntegerField(default=0, help_text="Checkpoint: earlier parts are imported.")
    done = models.PositiveIntegerField(default=0, help_text="Rows before the checkpoint.")
    new = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="Contacts per status at the end; outlive the contacts.")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="contacts_import_owner"),
            models.Index(fields=["state"], name="contacts_import_state"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportPart(models.Model):
    """Store a batch of an import's rows until the import ends, compressed and encrypted.

    In the database rather than in files: every worker can read it, and the transaction that consumes it deletes it.
    """

    class Kind(models.TextChoices):
        """Name the content of a part: people, unreadable rows, the preview's summary, the source table, an API page."""

        ROWS = "rows"
        BAD = "bad"
        SUMMARY = "summary"
        SOURCE = "source"
        FETCHED = "fetched"

    contact_import = models.ForeignKey(Import, models.CASCADE, related_name="stored_parts")
    kind = models.CharField(max_length=7, choices=Kind)
    number = models.PositiveIntegerField(default=0)
    content = EncryptedTextField(owner="contact_import.owner_id", row=("contact_import_id", "kind", "number"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact_import", "kind", "number"], name="contacts_part_once")]

    def __str__(self) -> str:
        return f"part {self.pk}"


class Grant(models.Model):
    """Store a member's permission to read an address book, for one run: first the code, then the token."""

    contact_import = models.OneToOneField(Import, models.CASCADE, related_name="grant")
    secret = EncryptedTextField(help_text="JSON: code and verifier, then token and next page.")
    pages = models.PositiveIntegerField(default=0, help_text="Checkpoint: pages read and stored.")
    people = models.PositiveIntegerField(default=0)
    waits = models.PositiveIntegerField(default=0, help_text="Number of times the provider throttled us.")

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Revocation(models.Model):
    """Store a token that still has to be revoked at its provider; it names no member."""

    provider = models.CharField(max_length=9)
    token = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"revocation {self.pk}"


class Contact(models.Model):
    """Store one person of a member's contacts, merged from every row about them."""

    class Correction(models.TextChoices):
        """Name what the owner knows better than the roll; a new match never overwrites it."""

        NONE = "", ""
        NOT_THIS_PERSON = "not_person", _("Not this person")
        CANNOT_FIND = "cannot_find", _("Can’t find them")
        IS_ME = "is_me", _("This is me")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fingerprint = models.BinaryField(max_length=16)
    data = EncryptedTextField(help_text="A RawContact as JSON.", owner="owner_id", row=("fingerprint",))
    details = EncryptedTextField(
        blank=True,
        help_text="Details that the owner added; win over imported values.",
        owner="owner_id",
        row=("fingerprint",),
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    state = models.CharField(max_length=2, blank=True)
    districts = models.JSONField(default=dict, help_text="Layer to OCD id, only for a place that the owner supplied.")
    correction = models.CharField(max_length=11, choices=Correction, blank=True, default="")
    rejected_voters = models.JSONField(default=list, help_text="Keyed hashes of voters that the owner ruled out.")
    matched_voter = models.CharField(max_length=32, blank=True, help_text="Keyed hash of the last matched voter.")
    model_version = models.CharField(max_length=40, blank=True, help_text="Version of the matching model.")
    matched_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    never_merge = models.BooleanField(default=False, help_text="Split by its owner: never merged again.")

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "fingerprint"], name="contacts_contact_once")]
        indexes = [
            models.Index(fields=["owner", "status", "id"], name="contacts_by_status"),
            models.Index(fields=["expires_at"], name="contacts_by_expiry"),
            models.Index(fields=["matched_voter"], name="contacts_by_voter"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


# Corrections that exclude a contact from matching for good.
FINAL_CORRECTIONS = (Contact.Correction.CANNOT_FIND, Contact.Correction.IS_ME)


class ContactKey(models.Model):
    """Store a keyed hash that finds a contact: an email address, a phone, name and address, a word of the name."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="keys")
    owner_id = models.BigIntegerField()
    hash = models.BinaryField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["owner_id", "hash"], name="contacts_key_hash")]

    def __str__(self) -> str:
        return f"key {self.pk}"


class ImportedRow(models.Model):
    """Store a row of an import and the contact it was merged into, so that undoing the import removes it."""

    contact_import = models.ForeignKey(Import, models.CASCADE, related_name="imported_rows")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="imported_rows")
    row = models.PositiveIntegerField()
    data = EncryptedTextField(owner="contact_import.owner_id", row=("contact_import_id", "row"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact_import", "row"], name="contacts_row_once")]

    def __str__(self) -> str:
        return f"imported row {self.pk}"


class RowAssignment(models.Model):
    """Assign a row to one contact for good, after its owner split two people."""

    owner_id = models.BigIntegerField()
    row = models.BinaryField(max_length=16, help_text="The row's keyed hash.")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="row_assignments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_id", "row"], name="contacts_pin_once")]

    def __str__(self) -> str:
        return f"row assignment {self.pk}"


class ColumnMapping(models.Model):
    """Remember a member's column mapping for the next file with the same header."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    header = models.BinaryField(max_length=16)
    fields = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "header"], name="contacts_mapping_once")]

    def __str__(self) -> str:
        return f"mapping {self.pk}"


class OptOut(models.Model):
    """Store the keyed hash of an email address or phone number that stays out of all contacts."""

    hash = models.BinaryField(max_length=16, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"opt-out {self.pk}"


class OptOutRequest(models.Model):
    """Store an opt-out until its emailed link is opened or two days pass."""

    token = models.BinaryField(max_length=16, unique=True, help_text="Keyed hash; the link carries the token itself.")
    email = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"opt-out request {self.pk}"


class ErasureCount(models.Model):
    """Count the contacts that expired on a day; the public number is all that remains of them."""

    day = models.DateField(primary_key=True)
    contacts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"erasures of {self.day}"
