"""Models of offices, their holders, elections and corrections, all identified by OCD ids."""

import datetime
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from .managers import ElectionQuerySet, HoldingQuerySet

# Legislatures change every month; an older list is shown with a warning.
STALE_DAYS = 180


class Source(models.Model):
    """One load of one file of officials."""

    name = models.CharField(_("file"), max_length=200)
    kind = models.CharField(max_length=20, help_text="openstates or congress.")
    as_of = models.DateField(_("as of"))
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    people = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True, help_text="Invalidates the caches of other processes.")

    def __str__(self) -> str:
        return f"{self.name}, {self.as_of}"

    def is_stale(self, day: datetime.date) -> bool:
        """Return whether the list is outdated on a date."""
        return day - self.as_of > timedelta(days=STALE_DAYS)


class Scope(models.Model):
    """One body of one jurisdiction, such as a state's legislature, and its live load.

    A load writes its people first and then replaces the source of its scopes in one statement.
    """

    name = models.CharField(max_length=120, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="scopes")

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """An office of a division, such as the senate seat of a district or the governorship of a state."""

    division = models.CharField(_("OCD id"), max_length=200)
    role = models.CharField(_("role"), max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "role"], name="officials_office_once")]

    def __str__(self) -> str:
        return f"{self.role} of {self.division}"


class Official(models.Model):
    """A person who holds or held an office, as one file has them. Contains public data of public office only."""

    scope = models.ForeignKey(Scope, models.CASCADE, related_name="officials")
    source = models.ForeignKey(Source, models.CASCADE, related_name="officials")
    key = models.CharField(max_length=80, help_text="The file's own id.")
    name = models.CharField(_("name"), max_length=200)
    party = models.CharField(_("party"), max_length=80, blank=True)
    email = models.CharField(_("email"), max_length=254, blank=True)
    offices = models.JSONField(default=list, help_text="Addresses and phones of their offices.")
    links = models.JSONField(default=list)
    accounts = models.JSONField(default=dict, help_text="Accounts elsewhere, by service.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="officials_official_once")]
        indexes = [models.Index(fields=["key"], name="officials_official_key")]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """One person's term in one office; None means an open date."""

    official = models.ForeignKey(Official, models.CASCADE, related_name="holdings")
    office = models.ForeignKey(Office, models.CASCADE, related_name="holdings")
    start = models.DateField(null=True)
    end = models.DateField(null=True, help_text="The day on which the term is over.")

    objects = HoldingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.official} as {self.office}"

    def holds_on(self, day: datetime.date) -> bool:
        """Return whether the term includes a date; on its last day the successor is already in office."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


class Election(models.Model):
    """An election in a division and all divisions inside it."""

    key = models.CharField(max_length=120, unique=True, help_text="The file's own id.")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    date = models.DateField(_("day"))
    division = models.CharField(_("OCD id"), max_length=200)
    lines_on = models.DateField(
        _("lines of"), null=True, blank=True, help_text=_("The day whose districts are voted in; empty = election day.")
    )
    polls_open = models.TimeField(_("polls open"), null=True, blank=True)
    polls_close = models.TimeField(_("polls close"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked = models.DateField(_("checked"), null=True, blank=True)
    edited = models.BooleanField(_("edited here"), default=False, help_text=_("A load leaves it as it is."))

    objects = ElectionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "name"]
        indexes = [models.Index(fields=["division", "date"], name="officials_election_where")]

    def __str__(self) -> str:
        return f"{self.name}, {self.date}"

    @property
    def seats_from(self) -> datetime.date:
        """Return the date whose boundaries apply to this election."""
        return self.lines_on or self.date


class Deadline(models.Model):
    """A deadline or date of an election."""

    class Kind(models.TextChoices):
        """The type of deadline."""

        REGISTRATION = "registration_deadline", _("Register to vote")
        MAIL_REQUEST = "mail_request_deadline", _("Request a mail ballot")
        MAIL_RETURN = "mail_return_deadline", _("Send the mail ballot back")
        EARLY_FROM = "early_from", _("Early voting begins")
        EARLY_TO = "early_to", _("Early voting ends")

    election = models.ForeignKey(Election, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=30, choices=Kind)
    date = models.DateField(_("day"))

    class Meta:
        ordering = ["date", "kind"]
        constraints = [models.UniqueConstraint(fields=["election", "kind"], name="officials_deadline_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.date}"


class ElectionOffice(models.Model):
    """The public office that runs registration in a division: a county's election office, a state's own site."""

    division = models.CharField(_("OCD id"), max_length=200, unique=True)
    name = models.CharField(_("name"), max_length=200)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    url = models.URLField(_("site"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked = models.DateField(_("checked"), null=True, blank=True)

    class Meta:
        ordering = ["-division"]  # a county before its state

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """A steward's correction of public data, for the source of the error. Contains no member data."""

    class Kind(models.TextChoices):
        """The subject of a correction, which determines its export format."""

        DIVISION = "division", _("A division")
        PERSON = "person", _("Who holds an office")

    kind = models.CharField(max_length=10, choices=Kind)
    division = models.CharField(_("OCD id"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.division}"
