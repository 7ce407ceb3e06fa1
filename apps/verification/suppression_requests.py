"""Suppression requests ("Do not find me"), open to everyone without an account; the response never depends on a roll.

A request needs the details of a lookup: name, registered address and birth date. It hides the voter from everyone
else after a random 2 to 24 hours, so that no change of a contact confirms a guess; the voter's own lookup and link
stay. The query is stored, encrypted, until a roll lists the person, for a year at most.
"""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import metrics
from apps.core import quotas as core_quotas
from apps.core.errors import Refused
from apps.core.quotas import QuotaExceeded
from apps.jobs import jobs, task_names
from apps.notifications import services as notifications
from apps.voters import suppression
from apps.voters.models import Suppression

from . import candidates, claims, disclosure, quotas, suppression_bursts
from .models import Claim, SuppressionRequest
from .query import VoterQuery
from .services import counts_of, current_claim

TASK: Final = task_names.SUPPRESS
MAX_AGE_DAYS: Final = 365
SHORTEST_DELAY: Final = 2 * 3600  # seconds
LONGEST_DELAY: Final = 24 * 3600
BATCH: Final = 200


def request_suppression(*, query: VoterQuery, network: str) -> None:
    """Accept a request of the public form; raise Refused beyond the network's daily limit."""
    try:
        with transaction.atomic():
            core_quotas.spend(quotas.suppression_limit(network))
            save_request(query=query, by=Suppression.By.PERSON)
    except QuotaExceeded as error:
        raise Refused(_("Too many people asked from this network today. Ask again tomorrow.")) from error


def save_request(*, query: VoterQuery, by: str) -> SuppressionRequest:
    """Store a request and queue it: an operator's ahead of all other work, a person's after a random delay."""
    delay = 0 if by != Suppression.By.PERSON else _delay()
    with transaction.atomic():
        request = SuppressionRequest.objects.create(query=query.to_text(), by=by)
        args = {"after": request.pk - 1, "upto": request.pk}
        jobs.enqueue(TASK, key=str(request.pk), args=args, priority=0, delay=delay)
    return request


def _delay() -> int:
    """Return a random delay in seconds, between 2 and 24 hours."""
    return SHORTEST_DELAY + secrets.randbelow(LONGEST_DELAY - SHORTEST_DELAY)


def process_requests(after: int, upto: int) -> None:
    """Suppress the people of a batch of requests whom a roll lists; called by the worker, safe to run twice."""
    requests = list(SuppressionRequest.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")[:BATCH])
    for request in requests:
        _process(request)
    if len(requests) == BATCH:
        with transaction.atomic():
            _enqueue("more", requests[-1].pk, upto)


def _process(request: SuppressionRequest) -> None:
    query = VoterQuery.from_text(request.query)
    rows = candidates.candidate_rows(query)
    with transaction.atomic():
        if request.by == Suppression.By.OPERATOR:
            # An operator's list is trusted: the address may be missing, or chooses among namesakes.
            evidence = disclosure.weigh(query, rows)
            complete = disclosure.decide(query, evidence, has_room=True, followed_up=True)
            row = complete.row or disclosure.recipient(query, rows)
        else:
            evidence = disclosure.weigh(query, rows)
            has_room = quotas.spend_suppression(counts_of(evidence), decoy=str(request.pk))
            row = disclosure.decide(query, evidence, has_room=has_room, followed_up=True).row
        if row is None:
            return
        suppression.suppress(state=row.state, voter_id=row.record.voter_id, by=request.by)
        if request.by == Suppression.By.PERSON:
            metrics.add("verification_suppressions")
            suppression_bursts.flag_burst()
            _notify_members(row.state, row.record.voter_id, request.pk)
        request.delete()


def _notify_members(state: str, voter_id: str, request_id: int) -> None:
    """Notify the members who are linked to the record: they may undo the suppression."""
    for claim in Claim.objects.on_voter(claims.voter_key(state, voter_id)).select_related("member"):
        notifications.notify(member=claim.member, kind="suppressed", key=str(request_id))


def is_hidden(member: User) -> bool:
    """Return whether a linked member's record is hidden at the person's own request."""
    claim = current_claim(member)
    return claim is not None and suppression.is_own(claim.roll_state, claim.voter_id)


def undo_suppression(*, member: User) -> bool:
    """End the suppression of a linked member's record; return whether there was one."""
    claim = current_claim(member)
    return claim is not None and suppression.end_own(state=claim.roll_state, voter_id=claim.voter_id)


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue all requests of people who are on no roll yet."""
    del state
    newest = SuppressionRequest.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest:
        with transaction.atomic():
            _enqueue(f"roll{snapshot_id}", 0, newest, delay=_delay())


def _enqueue(occasion: str, after: int, upto: int, delay: int = 0) -> None:
    args = {"after": after, "upto": upto}
    jobs.enqueue(TASK, key=f"{occasion}:{after}:{upto}", args=args, priority=0, delay=delay)


def purge_requests(before: datetime) -> int:
    """Delete requests older than `before`; return the number."""
    return SuppressionRequest.objects.filter(created_at__lt=before).delete()[0]
