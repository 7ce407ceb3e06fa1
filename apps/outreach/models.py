"""Models of campaigns, asks, picked friends and members' own plans."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.contacts.models import Contact
from apps.core.crypto import EncryptedTextField
from apps.officials.models import Election

from .managers import FriendAskQuerySet, PledgeQuerySet


class Campaign(models.Model):
    """Store a campaign for one election, written by organizers."""

    class State(models.TextChoices):
        """Name whether members see a campaign."""

        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Open")
        ENDED = "ended", _("Ended")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    text = models.TextField(_("what it is about"), max_length=1000, blank=True)
    supports = models.CharField(max_length=120, blank=True, help_text="Person or measure; unused in nonpartisan mode.")
    election = models.ForeignKey(Election, models.PROTECT, related_name="+")
    state = models.CharField(max_length=5, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class Ask(models.Model):
    """Store what a campaign asks of which contacts, its period and its messages."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="asks")
    title = models.CharField(_("title"), max_length=120)
    divisions = models.JSONField(default=list, help_text="OCD ids; matches contacts in one of them.")
    statuses = models.JSONField(default=list, help_text="Matches contacts with one of these statuses.")
    opens = models.DateField()
    closes = models.DateField()
    messages = models.JSONField(default=dict, help_text="Messages by language, with placeholders.")

    class Meta:
        ordering = ["opens", "pk"]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class FriendAsk(models.Model):
    """Store a friend whom a member picked for an ask. The contact expires; the row remains for the counts."""

    class Channel(models.TextChoices):
        """Name how the member sent the message."""

        SMS = "sms", _("Text message")
        EMAIL = "email", _("Email")
        SHARE = "share", _("Another app")
        COPY = "copy", _("Copied")
        TALK = "talk", _("In person")

    class Outcome(models.TextChoices):
        """Name what the friend said, as the member reports it."""

        WILL_VOTE = "will_vote", _("Will vote")
        VOTED = "voted", _("Has voted")
        NEEDS_HELP = "needs_help", _("Needs help")
        NOT_NOW = "not_now", _("Not this time")
        NO_ANSWER = "no_answer", _("No answer")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ask = models.ForeignKey(Ask, models.CASCADE, related_name="friend_asks")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    picked_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)

    objects = FriendAskQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ask", "contact"], name="outreach_friend_ask_once")]
        indexes = [models.Index(fields=["owner", "ask"], name="outreach_friend_ask_owner")]

    def __str__(self) -> str:
        return f"friend ask {self.pk}"


PLEDGED_OUTCOMES = (FriendAsk.Outcome.WILL_VOTE, FriendAsk.Outcome.VOTED)


class Pledge(models.Model):
    """Store a member's own plan for an election: when, where, how."""

    class Method(models.TextChoices):
        """Name a method of voting."""

        DAY = "day", _("At the polls on election day")
        EARLY = "early", _("Early, in person")
        MAIL = "mail", pgettext_lazy("voting method", "By mail")

    class Travel(models.TextChoices):
        """Name a means of travel."""

        WALK = "walk", _("On foot")
        BIKE = "bike", _("By bicycle")
        CAR = "car", _("By car")
        BUS = "bus", _("By bus or train")
        RIDE = "ride", _("Someone drives me")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    election = models.ForeignKey(Election, models.CASCADE, related_name="+")
    method = models.CharField(max_length=5, choices=Method)
    on_day = models.DateField(null=True)
    time = models.CharField(max_length=20, blank=True)
    place = EncryptedTextField(blank=True, owner="member_id", row=("election_id",))
    travel = models.CharField(max_length=4, choices=Travel, blank=True)
    remind = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "election"], name="outreach_pledge_once")]

    def __str__(self) -> str:
        return f"pledge {self.pk}"
