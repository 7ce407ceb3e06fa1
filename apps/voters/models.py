"""Models of roll snapshots, live rolls, suppression and refreshes. Voters are stored in each snapshot's own file."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .managers import SnapshotQuerySet


class Snapshot(models.Model):
    """One load of one state's roll. Its rows and its index are stored in `folder` under DATA_DIR/rolls."""

    class Status(models.TextChoices):
        """The state of a snapshot."""

        LOADING = "loading", _("Loading")
        WAITING = "waiting", _("Waits to be accepted")
        LIVE = "live", _("Live")
        RETIRED = "retired", _("Retired")
        FAILED = "failed", _("Stopped")

    state = models.CharField(max_length=3, blank=True)
    layout = models.CharField(max_length=40)
    source = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    as_of = models.DateField()
    status = models.CharField(max_length=8, choices=Status, default=Status.LOADING)
    columns = models.JSONField(default=list, help_text="The header of the file, to report changes at the next load.")
    counts = models.JSONField(default=dict)
    drift = models.JSONField(default=dict)
    hash = models.CharField(
        max_length=64, blank=True, help_text="Of the index; stored with each decision that used it."
    )
    folder = models.CharField(max_length=120, blank=True, help_text="Under DATA_DIR/rolls; empty when pruned.")
    accepted = models.CharField(max_length=200, blank=True, help_text="Why it went live despite its drift.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it stopped or waits.")
    created_at = models.DateTimeField(auto_now_add=True)
    live_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "status"], name="voters_snapshot_state")]

    def __str__(self) -> str:
        return f"snapshot {self.pk} of {self.state or 'no state'}"

    @property
    def path(self) -> Path:
        """Return the folder of the snapshot's files."""
        return Path(settings.DATA_DIR) / "rolls" / self.folder


class LiveRoll(models.Model):
    """The live snapshot of a state. A swap or a rollback is one UPDATE of one row."""

    state = models.CharField(max_length=3, primary_key=True)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="live_roll")
    generation = models.PositiveIntegerField(default=1, help_text="Number of swaps; makes each swap's job unique.")

    def __str__(self) -> str:
        return self.state or "no state"


class Suppression(models.Model):
    """A voter who must never be found: a keyed hash of (state, voter id), nothing else. Survives every load."""

    class By(models.TextChoices):
        """Who requested the suppression."""

        OPERATOR = "operator", _("Operator")
        PERSON = "person", _("The person")
        STAFF = "staff", _("Staff")

    key_hash = models.BinaryField(max_length=16, unique=True)
    by = models.CharField(max_length=10, choices=By)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"suppression {self.pk}"


class PermittedUse(models.Model):
    """An accepted text of a source's permitted use; the audit log records who accepted it."""

    layout = models.CharField(max_length=40)
    text_hash = models.CharField(max_length=64, help_text="Of the accepted text; a change needs a new acceptance.")
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layout", "text_hash"], name="voters_permitted_once")]

    def __str__(self) -> str:
        return f"terms of {self.layout}"


class Refresh(models.Model):
    """The outcome of one source in one refresh."""

    class Outcome(models.TextChoices):
        """The outcome of a refresh."""

        RUNNING = "running", _("Loading")
        LIVE = "live", _("Live")
        SAME = "same", _("Nothing new")
        WAITING = "waiting", _("Waits to be accepted")
        REFUSED = "refused", _("Refused")

    source = models.CharField(max_length=40, help_text="The folder in DATA_DIR/incoming.")
    files = models.CharField(max_length=200)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.RUNNING)
    message = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh of {self.source}"
