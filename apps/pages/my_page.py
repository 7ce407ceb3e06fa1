"""Builds the home page of a signed-in member: their own registration, districts, next election, plan and friends.

Reads only what belongs to the member, and public facts about their place. Never cached.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.districts import lookup
from apps.notifications.models import Notice
from apps.outreach import selectors
from apps.outreach.models import Ask, FriendAsk, Pledge
from apps.verification import services as verification

from . import registration_context
from .district_report import DistrictReport, SeatRow, report_at
from .elections import NextElection

# Rows of the list of officials: the page of districts has them all.
MAX_SEATS = 7


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, and where."""

    title: str
    text: str
    url: str
    label: str


@dataclass(frozen=True)
class Task:
    """One line of a new account's checklist."""

    label: str
    url: str
    is_done: bool


@dataclass(frozen=True)
class FriendsProgress:
    """How far a member is with the open ask: friends they can still pick, picked ones, and their answers."""

    ask: Ask
    eligible: int
    progress: selectors.Progress

    @property
    def waiting(self) -> int:
        """Return how many picked friends are not asked yet."""
        return self.progress.picked - self.progress.sent


@dataclass(frozen=True)
class MyPage:
    """Hold everything on the page. `place` is empty if the registered address is not on the map."""

    registration: verification.Registration | None
    place: str = ""
    seats: list[SeatRow] = field(default_factory=list)
    has_changes: bool = False
    election: NextElection | None = None
    plan: Pledge | None = None
    has_contacts: bool = False
    friends: FriendsProgress | None = None
    unread: int = 0

    @property
    def tasks(self) -> list[Task]:
        """Return the checklist of a new account; empty once everything on it is done."""
        tasks = [
            Task(_("Check your registration"), reverse("verification:home"), self.registration is not None),
            Task(_("Bring your contacts"), reverse("contacts:bring"), self.has_contacts),
            Task(_("Ask a friend to vote"), reverse("outreach:home"), self._has_asked),
        ]
        return [] if all(task.is_done for task in tasks) else tasks

    @property
    def _has_asked(self) -> bool:
        return bool(self.friends and self.friends.progress.sent)

    @property
    def next_step(self) -> Step | None:
        """Return the one thing to do next, or None."""
        return self._registration_step() or self._plan_step() or self._contacts_step() or self._friends_step()

    def _registration_step(self) -> Step | None:
        url = reverse("verification:find")
        if self.registration is None:
            text = _("It takes a minute. You need your name, birth date and the address you are registered at.")
            return Step(_("Are you registered to vote?"), text, url, _("Check my registration"))
        if not self.registration.registered:
            text = _("Register again or update your registration before the last day.")
            return Step(_("Your registration needs you"), text, reverse("verification:home"), _("See what to do"))
        if self.registration.is_dated:
            text = _("A new voter roll is here. One check against it is free.")
            return Step(_("Check your registration again"), text, url, _("Check my registration"))
        return None

    def _plan_step(self) -> Step | None:
        if self.election is None or self.plan is not None:
            return None
        text = _("People who make a plan are more likely to vote.")
        url = reverse("outreach:plan", args=[self.election.pk])
        return Step(_("When and how will you vote?"), text, url, _("Make a plan"))

    def _contacts_step(self) -> Step | None:
        if self.has_contacts:
            return None
        text = _("See which friends are registered. Only you can read your contacts.")
        return Step(_("Who of your friends can vote?"), text, reverse("contacts:bring"), _("Bring your contacts"))

    def _friends_step(self) -> Step | None:
        if self.friends is None:
            return None
        ask = self.friends.ask
        if self.friends.waiting:
            text = _("You picked friends whom you have not asked yet.")
            return Step(ask.title, text, reverse("outreach:friends", args=[ask.pk]), _("Write to the next friend"))
        if self.friends.eligible:
            text = _("A message from a friend moves more people than any ad.")
            return Step(ask.title, text, reverse("outreach:choose", args=[ask.pk]), _("Choose friends"))
        return None


def page_of(member: User) -> MyPage:
    """Return the page of a member."""
    registration = verification.current_registration(member)
    report, place = _districts(registration)
    election = report.election if report else None
    return MyPage(
        registration=registration,
        place=place,
        seats=[row for row in report.rows if row.seats and row.hit][:MAX_SEATS] if report else [],
        has_changes=bool(report and report.changes),
        election=election,
        plan=Pledge.objects.owned_by(member).filter(election=election.pk).first() if election else None,
        has_contacts=Contact.objects.owned_by(member).exists(),
        friends=_friends(member),
        unread=Notice.objects.of(member).unread().count(),
    )


def _districts(registration: verification.Registration | None) -> tuple[DistrictReport | None, str]:
    """Return the report of the registered address and its label; the districts decide which election is the next."""
    registered = registration_context.place_of(registration) if registration else None
    match = lookup.find_address(registered.address) if registered else None
    if registered is None or not isinstance(match, lookup.AddressMatch):
        return None, ""
    return report_at(match.lon, match.lat, roll_divisions=registered.listed(), with_maps=False), match.label


def _friends(member: User) -> FriendsProgress | None:
    ask = selectors.open_asks().order_by("campaign__election__date", "pk").first()
    if ask is None:
        return None
    progress = selectors.count_progress(FriendAsk.objects.owned_by(member).filter(ask=ask))
    return FriendsProgress(ask, len(selectors.eligible_contacts(member, ask)), progress)
