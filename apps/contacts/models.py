"""Contacts that members brought, and the imports they came by. Readable by their owner only.

What a contact is called and where they are reached is encrypted; beside it stand keyed hashes, salted with the
owner, so that a dump shows neither a person nor that two members know the same one.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import EncryptedTextField

from .managers import ContactQuerySet, ImportQuerySet


class Status(models.TextChoices):
    """What an owner is told of a contact; the words are the look's."""

    WAITING = "waiting", _("Waiting")
    REGISTERED = "registered", _("Registered")
    LIKELY = "likely", _("Likely")
    UNCLEAR = "unclear", _("Add a detail")
    NOT_FOUND = "not_found", _("Not found")
    NO_ROLL = "no_roll", _("No roll here")


class ContactsVersion(models.Model):
    """A member's contacts as a whole: the lock that writers of one book take, and the number of its last change.

    Whoever plans a change reads the generation first and changes nothing if it moved on; id sets carry it in their
    key, so that a set of an older generation is never read.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    generation = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"book {self.pk}"


class Import(models.Model):
    """One way in, once: a file, a pasted list or a person typed, from its preview to its end."""

    class State(models.TextChoices):
        """Where an import stands. A draft is a preview; nothing of it is a contact yet."""

        FETCHING = "fetching", _("Fetching")
        DRAFT = "draft", _("Preview")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        UNDONE = "undone", _("Undone")

    class Kind(models.TextChoices):
        """Which way in."""

        CSV = "csv", _("Table")
        VCARD = "vcard", _("Cards")
        PASTE = "paste", _("Pasted list")
        ONE = "one", _("One person")
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    by_operator = models.BooleanField(default=False, help_text="By command: outside the member's daily budget.")
    file_name = EncryptedTextField(blank=True)
    total = models.PositiveIntegerField(default=0, help_text="Rows that go in.")
    bad = models.PositiveIntegerField(default=0, help_text="Rows that cannot be read.")
    parts = models.PositiveIntegerField(default=0)
    next_part = models.PositiveIntegerField(default=0, help_text="The checkpoint: parts before it are contacts.")
    done = models.PositiveIntegerField(default=0, help_text="Rows behind the checkpoint.")
    new = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0, help_text="People who asked not to be here.")
    counts = models.JSONField(default=dict, help_text="By status, when it ended; they stay when the contacts go.")
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
    """A stretch of an import until it ends, compressed and encrypted. In the database rather than in files: every
    worker of a fleet reads it, and it goes in the transaction that no longer needs it.
    """

    class Kind(models.TextChoices):
        """What a part holds: people, unreadable rows, what the preview says, a table as it came."""

        ROWS = "rows"
        BAD = "bad"
        FACTS = "facts"
        SOURCE = "source"
        FETCHED = "fetched"

    of = models.ForeignKey(Import, models.CASCADE, related_name="stretches")
    kind = models.CharField(max_length=7, choices=Kind)
    number = models.PositiveIntegerField(default=0)
    content = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "kind", "number"], name="contacts_part_once")]

    def __str__(self) -> str:
        return f"part {self.pk}"


class Grant(models.Model):
    """A member's permission to read their address book elsewhere, for one run: the code, then the token."""

    of = models.OneToOneField(Import, models.CASCADE, related_name="grant")
    secret = EncryptedTextField(help_text="JSON: code and verifier, then token and next page.")
    pages = models.PositiveIntegerField(default=0, help_text="The checkpoint: pages before it are kept.")
    people = models.PositiveIntegerField(default=0)
    waits = models.PositiveIntegerField(default=0, help_text="How often the provider asked us to wait.")

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Revocation(models.Model):
    """A token that is dropped here and still has to be taken back at its provider; it names no member."""

    provider = models.CharField(max_length=9)
    token = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"revocation {self.pk}"


class Contact(models.Model):
    """A person whom a member brought, folded from every row that spoke of them."""

    class Correction(models.TextChoices):
        """What the owner knows better; it survives a new look-up."""

        NONE = "", ""
        NOT_THIS_PERSON = "not_person", _("Not this person")
        CANNOT_FIND = "cannot_find", _("Can’t find them")
        IS_ME = "is_me", _("This is me")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fingerprint = models.BinaryField(max_length=16)
    data = EncryptedTextField(help_text="A RawContact as JSON.")
    details = EncryptedTextField(blank=True, help_text="What the owner added later; beats the rows.")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    state = models.CharField(max_length=2, blank=True)
    districts = models.JSONField(default=dict, help_text="Layer to OCD id, only for a place the owner supplied.")
    why = models.JSONField(default=list, help_text="Names of the fields that agreed.")
    correction = models.CharField(max_length=11, choices=Correction, blank=True, default="")
    refused = models.JSONField(default=list, help_text="Keyed hashes of voters the owner said it is not.")
    answered = models.CharField(max_length=32, blank=True, help_text="Keyed hash of the voter of the last answer.")
    snapshot_id = models.BigIntegerField(null=True)
    model_version = models.CharField(max_length=40, blank=True, help_text="Of the matcher, with that snapshot.")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    apart = models.BooleanField(default=False, help_text="Its owner took it apart: never joined to another again.")

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "fingerprint"], name="contacts_contact_once")]
        indexes = [
            models.Index(fields=["owner", "status", "id"], name="contacts_by_status"),
            models.Index(fields=["expires_at"], name="contacts_by_expiry"),
            models.Index(fields=["answered"], name="contacts_by_answer"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


# What the owner decided stays decided: no roll and no import changes the answer.
FINAL_CORRECTIONS = (Contact.Correction.CANNOT_FIND, Contact.Correction.IS_ME)


class ContactKey(models.Model):
    """A keyed hash under which a contact is found again: a mail, a phone, a name and address, a word of the name."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="keys")
    owner_id = models.BigIntegerField()
    hash = models.BinaryField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["owner_id", "hash"], name="contacts_key_hash")]

    def __str__(self) -> str:
        return f"key {self.pk}"


class ImportedRow(models.Model):
    """A row of an import and the contact it became part of: what undoing an import takes away again."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="sightings")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="sightings")
    row = models.PositiveIntegerField()
    data = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "row"], name="contacts_row_once")]

    def __str__(self) -> str:
        return f"sighting {self.pk}"


class RowAssignment(models.Model):
    """A row that belongs to one contact and no other, since its owner took two people apart."""

    owner_id = models.BigIntegerField()
    row = models.BinaryField(max_length=16, help_text="The row's keyed hash.")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="pins")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_id", "row"], name="contacts_pin_once")]

    def __str__(self) -> str:
        return f"pin {self.pk}"


class LookupQuota(models.Model):
    """What a member may still ask of the roll; spent before the answer, and a failing database answers nothing."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    target = models.BinaryField(max_length=16, default=b"", help_text="Empty: the account's own day.")
    day = models.DateField()
    spent = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "target", "day"], name="contacts_budget_once")]

    def __str__(self) -> str:
        return f"budget {self.pk}"


class ColumnMapping(models.Model):
    """What a member said the columns of a table mean, remembered for the next file with the same header."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    header = models.BinaryField(max_length=16)
    fields = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "header"], name="contacts_mapping_once")]

    def __str__(self) -> str:
        return f"mapping {self.pk}"


class OptOut(models.Model):
    """A mail address or phone whose owner wants to be in nobody's contacts here: a keyed hash, nothing else."""

    hash = models.BinaryField(max_length=16, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"opt-out {self.pk}"


class OptOutRequest(models.Model):
    """A wish to be in nobody's contacts here, until the link that was mailed is opened, or two days."""

    token = models.BinaryField(max_length=16, unique=True, help_text="A keyed hash; the link has the token itself.")
    mail = EncryptedTextField()
    hash = models.BinaryField(max_length=16, help_text="Of the address: one mail a day.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"opt-out request {self.pk}"


class ErasureCount(models.Model):
    """How many contacts went on a day; the number is public, nothing else of them is left."""

    day = models.DateField(primary_key=True)
    contacts = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"erased {self.day}"
