"""Suppression requests ("Do not find me"), open to everyone without an account; the response never depends on a roll.

The query is stored, encrypted, until a roll lists the person: then only a keyed hash on the suppression list remains,
which applies to every later load. Requests of unlisted people are tried against each new roll for a year.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.crypto import keyed_hash
from apps.core.errors import Refused
from apps.jobs import jobs, task_names
from apps.voters import suppression
from apps.voters.models import Suppression
from apps.voters.search.base import voter_index

from .models import QuotaUse, SuppressionRequest
from .query import VoterQuery

TASK: Final = task_names.SUPPRESS
MAX_AGE_DAYS: Final = 365
REQUESTS_PER_NETWORK_AND_DAY: Final = 10
BATCH: Final = 200


def request_suppression(*, query: VoterQuery, network: str) -> None:
    """Accept a request of the public form; raise Refused beyond the network's daily limit."""
    key = keyed_hash(settings.LOOKUP_KEY, "hide network", network)
    with transaction.atomic():
        today = QuotaUse.objects.filter(
            kind=QuotaUse.Kind.NETWORK, key=key, used_at__gt=timezone.now() - timedelta(days=1)
        )
        if today.count() >= REQUESTS_PER_NETWORK_AND_DAY:
            raise Refused(_("Too many people asked from this network today. Ask again tomorrow."))
        QuotaUse.objects.create(kind=QuotaUse.Kind.NETWORK, key=key)
        save_request(query=query, by=Suppression.By.PERSON)


def save_request(*, query: VoterQuery, by: str) -> SuppressionRequest:
    """Store a request and queue its processing ahead of all other work."""
    with transaction.atomic():
        request = SuppressionRequest.objects.create(query=query.to_text(), by=by)
        jobs.enqueue(TASK, key=str(request.pk), args={"after": request.pk - 1, "upto": request.pk}, priority=0)
    return request


def process_requests(after: int, upto: int) -> None:
    """Match a batch of requests and suppress the people found; called by the worker."""
    requests = list(SuppressionRequest.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")[:BATCH])
    results = voter_index().match_many([VoterQuery.from_text(request.query).person for request in requests], "form")
    for request, result in zip(requests, results, strict=True):
        if result.status == "verified":
            with transaction.atomic():
                suppression.suppress(state=result.state, voter_id=result.voter_id, by=request.by)
                request.delete()
    if len(requests) == BATCH:
        with transaction.atomic():
            _enqueue("more", requests[-1].pk, upto)


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue all requests of people who are on no roll yet."""
    del state
    newest = SuppressionRequest.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest:
        with transaction.atomic():
            _enqueue(f"roll{snapshot_id}", 0, newest)


def _enqueue(occasion: str, after: int, upto: int) -> None:
    jobs.enqueue(TASK, key=f"{occasion}:{after}:{upto}", args={"after": after, "upto": upto}, priority=0)


def purge_requests(before: datetime) -> int:
    """Delete requests older than `before`; return the number."""
    return SuppressionRequest.objects.filter(created_at__lt=before).delete()[0]
