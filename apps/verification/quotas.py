"""Limits of look-ups, letters and suppression requests, and the network of a request. Counting is core/quotas'.

Counters of a voter are keyed by the record on the roll, never by what was typed, so that spelling variants, other house
numbers and other accounts all count against the same five wrong doors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.core import quotas
from apps.core.log import get_logger
from apps.core.networks import client_network
from apps.core.quotas import Limit, QuotaExceeded, key_for

log = get_logger(__name__)

LOOKUPS_PER_ACCOUNT_AND_DAY: Final = 3
LOOKUPS_PER_NETWORK_AND_DAY: Final = 60
LOOKUPS_PER_INVITATION_AND_DAY: Final = 200
# docs/privacy.md, About you.
WRONG_DOORS_PER_VOTER: Final = 5
WRONG_DATES_PER_VOTER: Final = 2
WRONG_DATES_PER_VOTER_AND_YEAR: Final = 4
MONTH_DAYS: Final = 30
YEAR_DAYS: Final = 365
LETTERS_PER_ACCOUNT: Final = 3
LETTERS_PER_VOTER: Final = 3
LETTERS_PER_NETWORK_AND_DAY: Final = 5
CODES_PER_ACCOUNT: Final = 10
SUPPRESSIONS_PER_NETWORK_AND_DAY: Final = 10
ESTABLISHED_DAYS: Final = 7
INVITATION_SALT: Final = "lookup.invitation"
INVITATION_SESSION_KEY: Final = "lookup_invitation"
INVITATION_HOURS: Final = 12


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: its network and the id of the organizer's invitation in the session, if any."""

    network: str
    invitation: str = ""


@dataclass(frozen=True)
class Allowance:
    """How many look-ups an account has left today, and the day of the next one if it has none."""

    remaining: int
    free_on: date | None


@dataclass(frozen=True)
class VoterCounts:
    """The voters on the roll that one look-up concerns, as (state, voter id).

    `matched` agree in everything; `wrong_door` and `wrong_date` agree in the name and in all but that one.
    """

    matched: Sequence[tuple[str, str]] = ()
    wrong_door: Sequence[tuple[str, str]] = ()
    wrong_date: Sequence[tuple[str, str]] = ()


def sign_invitation(invitation_id: int) -> str:
    """Return a token that gives whoever holds it the look-ups of an invitation for 12 hours."""
    return signing.dumps(invitation_id, salt=INVITATION_SALT)


def accept_invitation(request: HttpRequest, token: str) -> bool:
    """Store an invitation in the session; return False, storing nothing, if it is forged or expired."""
    if not _invitation_id(token):
        return False
    request.session[INVITATION_SESSION_KEY] = token
    return True


def origin_of(request: HttpRequest) -> Origin:
    """Return where a request comes from. A forged or expired invitation counts as none."""
    return Origin(client_network(request), _invitation_id(str(request.session.get(INVITATION_SESSION_KEY, ""))))


def _invitation_id(token: str) -> str:
    """Return the id of a valid invitation, else an empty string."""
    try:
        age = timedelta(hours=INVITATION_HOURS)
        return str(signing.loads(token, salt=INVITATION_SALT, max_age=age)) if token else ""
    except signing.BadSignature:
        return ""


def account_limit(member: User) -> Limit:
    """Return the daily limit of look-ups of an account."""
    return Limit("lookup.account", key_for("account", member.pk), LOOKUPS_PER_ACCOUNT_AND_DAY)


def free_limit(member: User, snapshot_id: int) -> Limit:
    """Return the one free look-up that each new roll gives a linked member."""
    return Limit("lookup.free", key_for("free", member.pk, snapshot_id), 1, YEAR_DAYS)


def network_limit(network: str) -> Limit:
    """Return the daily limit of look-ups of a network."""
    return Limit("lookup.network", key_for("network", network), LOOKUPS_PER_NETWORK_AND_DAY)


def invitation_limit(invitation: str) -> Limit:
    """Return the extra daily look-ups of an invitation, for sixty people on the network of one phone bank."""
    return Limit("lookup.invitation", key_for("invitation", invitation), LOOKUPS_PER_INVITATION_AND_DAY)


def total_limit() -> Limit:
    """Return the daily limit of look-ups of the installation, LOOKUPS_PER_DAY."""
    return Limit("lookup.total", key_for("total"), settings.LOOKUPS_PER_DAY)


def allowance(member: User) -> Allowance:
    """Return a member's remaining look-ups."""
    limit = account_limit(member)
    remaining = quotas.left(limit)
    return Allowance(remaining, None if remaining else quotas.free_on(limit))


def has_room(origin: Origin) -> bool:
    """Return whether the network, or the invitation on it, has a look-up left; shown before the questions."""
    limits = [network_limit(origin.network)] + ([invitation_limit(origin.invitation)] if origin.invitation else [])
    return any(quotas.left(limit) for limit in limits)


def spend_lookup(*, member: User, origin: Origin, free_snapshot: int | None) -> bool:
    """Count one look-up in the caller's transaction; return whether the installation has just used half of its total.

    `free_snapshot` is the new roll that gives this member a free look-up, if any. Raises QuotaExceeded.
    """
    account = account_limit(member)
    if free_snapshot is not None and quotas.left(free_limit(member, free_snapshot)):
        account = free_limit(member, free_snapshot)
    try:
        quotas.spend(account, network_limit(origin.network))
    except QuotaExceeded as error:
        if error.limit.scope != "lookup.network" or not origin.invitation:
            raise
        quotas.spend(account, invitation_limit(origin.invitation))
    return _spend_total(member, origin)


def _spend_total(member: User, origin: Origin) -> bool:
    """Count against the total. It alarms at half and closes only for new accounts that nobody invited."""
    limit = total_limit()
    if not quotas.reserve(limit) and not origin.invitation and not is_established(member):
        raise QuotaExceeded(limit, quotas.free_on(limit))
    half = quotas.used(limit) == limit.maximum // 2
    if half:
        log.warning("lookup.total_half", count=limit.maximum // 2)
    return half


def is_established(member: User) -> bool:
    """Return whether an account is older than 7 days."""
    return bool(member.joined_at < timezone.now() - timedelta(days=ESTABLISHED_DAYS))


def spend_voters(counts: VoterCounts, decoy: str) -> bool:
    """Count wrong details against the voters concerned; return whether every matched voter's counters have room.

    Runs the same statements whatever it counts: `decoy`, an id of the look-up, is counted too, so that one row is
    always written. Counters of matched voters are locked and read, and count nothing.
    """
    wrong, matched = _wrong("lookup", counts), _room("lookup", counts)
    always = [[Limit("lookup.decoy", key_for("decoy", decoy), 1_000)]]
    granted = quotas.spend_each([*wrong, *matched, *always])
    return all(granted[len(wrong) :])


def spend_list(rows: Sequence[VoterCounts]) -> list[bool]:
    """Count the wrong details of a partner's list; return for each row whether its matched voters' counters have room.

    Doors have a counter of all partners together, apart from look-ups'; dates share look-ups'. Earlier rows count
    against later ones.
    """
    requests: list[list[Limit]] = []
    spans = []
    for counts in rows:
        wrong, matched = _wrong("list", counts), _room("list", counts)
        start = len(requests) + len(wrong)
        spans.append(slice(start, start + len(matched)))
        requests += [*wrong, *matched]
    granted = quotas.spend_each(requests)
    return [all(granted[span]) for span in spans]


def _wrong(scope: str, counts: VoterCounts) -> list[list[Limit]]:
    return [*_wrong_doors(scope, counts.wrong_door), *_wrong_dates(counts.wrong_date)]


def _room(scope: str, counts: VoterCounts) -> list[list[Limit]]:
    """Return limits that count nothing and are granted while one more wrong detail would be."""
    limits = (*_wrong_doors(scope, counts.matched), *_wrong_dates(counts.matched))
    return [[limit.uncounted() for limit in each] for each in limits]


def _wrong_doors(scope: str, voters: Iterable[tuple[str, str]]) -> list[list[Limit]]:
    return [[Limit(f"{scope}.door", key_for("voter", *voter), WRONG_DOORS_PER_VOTER, MONTH_DAYS)] for voter in voters]


def _wrong_dates(voters: Iterable[tuple[str, str]]) -> list[list[Limit]]:
    """Return the limits of wrong birth dates. Lookups, lists and suppressions share them: a roll may have only years,
    and two guesses in each channel would be worth three times two guesses.
    """
    return [
        [
            Limit("voter.date", key, WRONG_DATES_PER_VOTER, MONTH_DAYS),
            # The same counter over a longer time: it is counted once.
            Limit("voter.date", key, WRONG_DATES_PER_VOTER_AND_YEAR, YEAR_DAYS).uncounted(),
        ]
        for key in (key_for("voter", *voter) for voter in voters)
    ]


def letter_limits(member: User, network: str) -> tuple[Limit, Limit]:
    """Return the limits of requests for a letter."""
    return (
        Limit("letter.account", key_for("letter", member.pk), LETTERS_PER_ACCOUNT, MONTH_DAYS),
        Limit("letter.network", key_for("letter network", network), LETTERS_PER_NETWORK_AND_DAY),
    )


def letter_recipient_limit(voter: tuple[str, str]) -> Limit:
    """Return the limit of letters to one registered address, whoever requests them."""
    return Limit("letter.voter", key_for("letter voter", *voter), LETTERS_PER_VOTER, YEAR_DAYS)


def code_limit(member: User) -> Limit:
    """Return the limit of codes that an account may type, right or wrong."""
    return Limit("letter.code", key_for("code", member.pk), CODES_PER_ACCOUNT, MONTH_DAYS)


def suppression_limit(network: str) -> Limit:
    """Return the daily limit of suppression requests of a network."""
    return Limit("suppression.network", key_for("suppression", network), SUPPRESSIONS_PER_NETWORK_AND_DAY)


def spend_suppression(counts: VoterCounts, decoy: str) -> bool:
    """Count a suppression request against voters; its counter of doors is its own, that of dates is look-ups'.

    A suppression shows in the requester's own contacts, so that a birth date may be tried no more often than there.
    """
    wrong, matched = _wrong("suppression", counts), _room("suppression", counts)
    granted = quotas.spend_each([*wrong, *matched, [Limit("suppression.decoy", key_for("decoy", decoy), 1_000)]])
    return all(granted[len(wrong) :])
